"""Real traps, one a mail: each `.eml` of tests/mail has what must come out of it beside it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mailgate.parse import Address, ParsedMail, parse_mail
from richtext.clean import clean_html
from tests.mailgate.parse.storable import assert_storable
from tickets.letters.subjects import find_number

MAILS = Path(__file__).parents[2] / "mail"
NAMES = sorted(path.stem for path in MAILS.glob("*.eml"))


def shown(address: Address | None) -> str | None:
    return None if address is None else str(address)


def files(mail: ParsedMail, expected: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The attachments, with a content-id where one is expected."""
    found: list[dict[str, Any]] = [
        {"name": file.name, "size": len(file.data), "type": file.content_type, "inline": file.inline}
        for file in mail.attachments
    ]
    for one, file, wanted in zip(found, mail.attachments, expected, strict=False):
        if "content_id" in wanted:
            one["content_id"] = file.content_id
    return found


FIELDS: dict[str, Callable[[ParsedMail], object]] = {
    "from": lambda mail: shown(mail.from_),
    "sender": lambda mail: shown(mail.sender),
    "to": lambda mail: [str(address) for address in mail.to],
    "cc": lambda mail: [str(address) for address in mail.cc],
    "reply_to": lambda mail: [str(address) for address in mail.reply_to],
    "date": lambda mail: mail.date and mail.date.isoformat(),
    "number": lambda mail: find_number(mail.subject),
    "attachments_count": lambda mail: len(mail.attachments),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_is_read_as_it_was_meant(name: str) -> None:
    expected = json.loads((MAILS / f"{name}.json").read_text())
    mail = parse_mail((MAILS / f"{name}.eml").read_bytes())
    assert_storable(mail)
    for key, wanted in expected.items():
        if key == "attachments":
            assert files(mail, wanted) == wanted
        elif key == "attachment_contains":
            assert wanted.encode() in mail.attachments[0].data
        elif key == "html_contains":
            assert mail.html is not None
            assert [piece for piece in wanted if piece not in mail.html] == []
        elif key == "clean_contains":
            assert [piece for piece in wanted if piece not in clean_html(mail.html or "")] == []
        elif key == "clean_lacks":
            assert [piece for piece in wanted if piece in clean_html(mail.html or "")] == []
        elif key == "text_starts":
            assert mail.text.startswith(wanted)
        elif key == "text_ends":
            assert mail.text.endswith(wanted)
        else:
            found = FIELDS[key](mail) if key in FIELDS else getattr(mail, key)
            assert (list(found) if isinstance(found, tuple) else found) == wanted, key


def test_every_mail_has_its_expected_outcome() -> None:
    assert len(NAMES) >= 150
    assert sorted(path.stem for path in MAILS.glob("*.json")) == NAMES
