"""Where the words begin of a mail, or a part, whose empty line below the headers is missing."""

import base64

import pytest

from mailgate.parse import ParsedMail, parse_mail

HEAD = "From: Karin <karin@post.example>\nMIME-Version: 1.0\n"
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 2
LONG = "Vraag van de leiding over het kamp van volgend jaar in de zomer"


def in_parts(part: str) -> ParsedMail:
    """A mail with this part, below one with words."""
    head = f"{HEAD}Content-Type: multipart/mixed; boundary=grens\n\n--grens\n\nZie onder\n--grens\n"
    return parse_mail(f"{head}{part}\n--grens--\n".encode())


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: application/pdf; name=plan.pdf\nContent-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: base64\nContent-Type: application/pdf; name=plan.pdf",
        "Content-Transfer-Encoding: base64\nContent-Disposition: attachment;\nfilename=plan.pdf",
        "Content-Type: application/pdf; name=plan.pdf;\nContent-Transfer-Encoding: base64;",
        "Content-Type: application/pdf; name=plan.pdf\nContent-Transfer-Encoding: base64\nX-Attachment-Id: f",
    ],
)
@pytest.mark.parametrize("below", ["", "\n\nGroet"])
def test_no_line_of_base64_is_taken_for_a_header(head: str, below: str) -> None:
    mail = in_parts(f"{head}\n{base64.encodebytes(PDF).decode()}{below}")
    assert [(file.name, file.data) for file in mail.attachments] == [("plan.pdf", PDF)]
    assert "headers-broken" in mail.notes


@pytest.mark.parametrize("below", ["", "\n\nGroet, Lid"])
@pytest.mark.parametrize(
    "first", ["Wanneer is het kamp?", "www.demo.example/kamp-in-2026/erbij", "<b>Hoi</b>"]
)
@pytest.mark.parametrize(
    "last",
    [
        "Content-Type: text/plain; charset=utf-8;",
        "Content-Type: text/plain;",
        "Content-Type: text/plain;\ncharset=utf-8",
        "Content-Transfer-Encoding: 8bit;",
        "MIME-Version: 1.0;",
        "X-Mailer: webform;",
        "To: info@kvv.example,",
        "To: info@kvv.example,\nKees <kees@kvv.example>,",
        "Cc: info@kvv.example;",
        "Reply-To: Kennisnetwerk Spel van de hele vereniging <spel@kvv.example>",
        "Subject: Vraag,",
    ],
)
def test_words_right_below_a_header_are_all_there(last: str, first: str, below: str) -> None:
    mail = parse_mail(f"{HEAD}{last}\n{first}{below}".encode())
    assert mail.text == first + below
    assert "headers-broken" in mail.notes


@pytest.mark.parametrize(
    "last", [f"Subject: {LONG}", "Subject:", "X-Loop: a;", "X-Id: " + "abc123" * 20, "Comments: " + LONG]
)
def test_words_that_might_go_on_with_a_header_are_words_where_none_would_be_left(last: str) -> None:
    mail = parse_mail(f"{HEAD}{last}\nWanneer is het kamp?\nGroet".encode())
    assert mail.text == "Wanneer is het kamp?\nGroet"


@pytest.mark.parametrize("head", ["Content-Type: text/plain", "Content-Type: text/plain; charset=utf-8;"])
def test_fields_of_a_form_in_a_part_are_words(head: str) -> None:
    fields = "Naam: Jos\nE-mail: jos@post.example\nVraag: wanneer?\n\nMet groet"
    mail = in_parts(f"{head}\n{fields}")
    assert mail.text == f"Zie onder\n\n{fields}"
    assert "headers-broken" in mail.notes


def test_fields_of_a_form_below_the_head_are_words() -> None:
    mail = parse_mail(f"{HEAD}Naam: Jos\nVraag: wanneer?\n\nMet groet".encode())
    assert mail.text == "Naam: Jos\nVraag: wanneer?\n\nMet groet"


@pytest.mark.parametrize(
    "head",
    [
        "X-Attachment-Id: f_1\nContent-Type: text/plain\nMIME-Version: 1.0",
        'Content-Type: text/plain;\nformat=flowed\nContent-Disposition: inline;\ncreation-date="x"',
    ],
)
def test_headers_of_a_part_are_no_words(head: str) -> None:
    assert in_parts(f"{head}\n\nHallo").text == "Zie onder\n\nHallo"


@pytest.mark.parametrize(
    "last",
    [
        "Received: from a.example by b.example with ESMTP id 1;\nTue, 24 Nov 2026 10:00:00 +0100",
        "DKIM-Signature: v=1; a=rsa-sha256;\nd=demo.example; s=a;\nb=" + "aB3/" * 16 + "\n" + "cD4+" * 16,
        "Content-Transfer-Encoding: 8bit\nDKIM-Signature: v=1;\nb=" + "aB3/" * 16 + "\n" + "cD4+" * 16,
        "To: Info <info@kvv.example>,\nKees Vos <kees@kvv.example>, jan@kvv.example",
        "X-Id: " + "abc123" * 12 + "\n" + "def456" * 10,
        "Mailer: eigen",
    ],
)
def test_what_goes_on_with_a_header_is_no_words_though_its_indentation_is_lost(last: str) -> None:
    assert parse_mail(f"{HEAD}{last}\n\nHallo".encode()).text == "Hallo"
