"""Composing mails: what leaves is what was meant, and nothing slips in."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from outbox.addresses import write_address
from outbox.mime import Mail, OutgoingFile, build_mime

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def parsed(**changes: Any) -> EmailMessage:
    values: dict[str, Any] = {
        "from_header": "Kennisnetwerk Spel <spel@kvv.example>",
        "to": ("Zoë <zoe@post.example>",),
        "subject": "Re: [Ticket#2013070410000731] Één vraag",
        "text": "Beste Zoë,\n\ntot ziens\n",
        "message_id": "abc@kvv.example",
        "date": NOW,
    }
    mime = build_mime(Mail(**(values | changes)))
    return message_from_bytes(mime, policy=default)


def structure(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def test_plain_text_alone_is_a_single_part() -> None:
    message = parsed()
    assert structure(message) == ["text/plain"]
    assert message.get_content().splitlines() == ["Beste Zoë,", "", "tot ziens"]
    assert message["Subject"] == "Re: [Ticket#2013070410000731] Één vraag"
    assert str(message["To"]) == "Zoë <zoe@post.example>"


def test_html_inline_image_and_attachment_are_nested_as_mail_programs_expect() -> None:
    message = parsed(
        html='<p>Dag <img src="cid:logo@kvv"></p>',
        files=(
            OutgoingFile("logo.png", "image/png", PNG, content_id="logo@kvv", is_inline=True),
            OutgoingFile("pölis.pdf", "application/pdf", b"%PDF"),
        ),
    )
    assert structure(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    parts = list(message.walk())
    assert parts[5]["Content-ID"] == "<logo@kvv>"
    assert parts[5].get_content() == PNG
    assert parts[6].get_filename() == "pölis.pdf"


def test_bcc_is_for_the_envelope_only() -> None:
    assert b"geheim" not in build_mime(
        Mail(
            from_header="a@kvv.example",
            to=("b@post.example",),
            bcc=("geheim@post.example",),
            subject="x",
            text="x",
            message_id="x@kvv",
            date=NOW,
        )
    )


def test_a_newline_in_a_value_begins_no_other_header() -> None:
    message = parsed(subject="x\r\nBcc: spy@evil.example", to=("a\r\nX-Evil: 1 <a@post.example>",))
    assert message["Bcc"] is None
    assert message["X-Evil"] is None


@pytest.mark.parametrize(
    "odd", ["é =?utf-8?q?=FF?=", "é, =?utf-8?q?_e=40v.example?=", "=?utf-8?q?=22?=", "a\u2028b"]
)
def test_what_a_stranger_wrote_is_not_parsed_again(odd: str) -> None:
    """The standard library would decode the word in it: a second address, or an error instead of a mail."""
    message = parsed(
        subject=odd,
        to=(write_address(odd, "karin@post.example"),),
        in_reply_to=f"<{odd}@post.example>",
        references=f"<{odd}@post.example> <a@post.example>",
    )
    assert [address.addr_spec for address in message["To"].addresses] == ["karin@post.example"]
    assert message["Subject"] == odd.replace("\u2028", " ")
    assert "<a@post.example>" in message["References"]


def test_threading_headers_keep_their_brackets_and_are_folded() -> None:
    references = " ".join(f"<{number:060d}@kvv.example>" for number in range(20))
    message = parsed(in_reply_to="<last@post.example>", references=references)
    assert message["In-Reply-To"] == "<last@post.example>"
    assert message["References"].split() == references.split()


def test_no_line_is_longer_than_smtp_allows() -> None:
    mime = build_mime(
        Mail(
            from_header="a@kvv.example",
            to=("b@post.example",),
            subject="s" * 300,
            text="x" * 5000,
            html="<p>" + "y" * 5000 + "</p>",
            message_id="x@kvv",
            date=NOW,
        )
    )
    assert max(len(line) for line in mime.split(b"\r\n")) <= 998


def test_what_no_person_wrote_says_so() -> None:
    assert parsed(automatic=True)["Auto-Submitted"] == "auto-generated"
    assert parsed()["Auto-Submitted"] is None


def test_an_attached_mail_is_sent_as_plain_bytes() -> None:
    message = parsed(files=(OutgoingFile("vraag.eml", "message/rfc822", b"Subject: x\r\n\r\ny"),))
    assert structure(message) == ["multipart/mixed", "text/plain", "application/octet-stream"]
