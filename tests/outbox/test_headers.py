"""Headers that are written without the library's parser: byte for byte what the library would write."""

from datetime import UTC, datetime
from email.headerregistry import Address, HeaderRegistry
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outbox.addresses import write_address
from outbox.headers import ASCII_POLICY, LINE_MOST, PLAIN_MAILBOX, STRUCTURED, PlainHeader

FREE = ("Subject", "References", "In-Reply-To", "Auto-Submitted", "X-Loop", "Content-ID")
WHO = ("From", "To", "Cc", "Reply-To")
ANY_TEXT = st.text(alphabet="aB1 =?<>@,;:.\"\\()'[]_-/+&%*\té", min_size=1, max_size=90)
NAME = st.lists(st.text(alphabet="aB1-+&'", min_size=1, max_size=8), max_size=3).map(" ".join)
ATOMS = st.lists(st.text(alphabet="aB1_-+", min_size=1, max_size=8), min_size=1, max_size=3).map(".".join)
ADDRESS = st.builds("{}@{}".format, ATOMS, ATOMS)


def ours(name: str, value: object) -> bytes:
    return ASCII_POLICY.fold_binary(*ASCII_POLICY.header_store_parse(name, value))


def the_librarys(name: str, value: object) -> bytes:
    return SMTP.fold_binary(name, HeaderRegistry()(name, value))


def is_plain(name: str, value: object) -> bool:
    return isinstance(ASCII_POLICY.header_store_parse(name, value)[1], PlainHeader)


@given(name=st.sampled_from(FREE), value=ANY_TEXT)
@example(name="Subject", value="=?utf-8?q?a?= b")
@example(name="Subject", value="a  b")
@example(name="Subject", value="x" * (LINE_MOST - len("Subject: ")))
@example(name="Subject", value="x" * (LINE_MOST - len("Subject: ") + 1))
@example(name="References", value=" ".join(["<abc@post.example>"] * 20))
def test_a_line_of_words_is_what_the_library_writes(name: str, value: str) -> None:
    assert ours(name, value) == the_librarys(name, value)


@pytest.mark.parametrize("name", ["message-id", "mime-version", "content-type", "content-transfer-encoding"])
@given(data=st.data())
def test_what_has_a_grammar_is_what_the_library_writes(name: str, data: st.DataObject) -> None:
    value = data.draw(st.from_regex(STRUCTURED[name], fullmatch=True))
    assert ours(name, value) == the_librarys(name, value)


@given(header=st.sampled_from(WHO), pairs=st.lists(st.tuples(NAME, ADDRESS), min_size=1, max_size=3))
@example(header="To", pairs=[("", "a@post.example"), ("Karin Klant", "karin.klant+x@post.example")])
def test_plain_addresses_are_what_the_library_writes_of_them(
    header: str, pairs: list[tuple[str, str]]
) -> None:
    written = [write_address(*pair) for pair in pairs]
    parsed = [Address(display_name=name, addr_spec=address) for name, address in pairs]
    assert all(PLAIN_MAILBOX.fullmatch(each) for each in written)
    assert ours(header, ", ".join(written)) == the_librarys(header, parsed)


@given(at=st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  (hypothesis wants it bare)
def test_a_date_is_what_the_library_writes(at: datetime) -> None:
    assert is_plain("Date", format_datetime(at))
    assert ours("Date", format_datetime(at)) == the_librarys("Date", format_datetime(at))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain"),
        ("Content-Type", 'text/html; charset="utf-8"'),
        ("Content-Type", 'multipart/alternative; boundary="=_0123456789abcdef01234567"'),
        ("Content-Transfer-Encoding", "7bit"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ],
)
def test_what_every_mail_has_needs_no_parser(name: str, value: str) -> None:
    assert is_plain(name, value)
    assert ours(name, value) == the_librarys(name, value)


@pytest.mark.parametrize("value", ["Eén vraag", "a\tb", " a", "=?utf-8?q?a?=", "x" * 100, ""])
def test_what_is_not_plain_is_the_librarys(value: Any) -> None:
    assert not is_plain("Subject", value)
