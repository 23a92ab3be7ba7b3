"""Text whose last character was cut in two, by a form or a relay that counts bytes."""

from base64 import b64encode
from collections.abc import Callable
from urllib.parse import quote_from_bytes

import pytest

from mailgate.parse import parse_mail


def body(head: str) -> Callable[[bytes], str]:
    """Reads the bytes as the text of a mail with these headers."""
    return lambda data: parse_mail(f"From: a@demo.example\n{head}\n".encode() + data + b"\n").text


def file(head: str) -> Callable[[bytes], str]:
    """Reads the bytes as a file's name, written as codes for the `%s` in this header."""
    return lambda data: (
        parse_mail(f"Content-Disposition: {head % quote_from_bytes(data)}\n\nx".encode()).attachments[0].name
    )


def subject(before: str, after: str, code: Callable[[bytes], bytes]) -> Callable[[bytes], str]:
    """Reads the bytes as a subject, coded, between these."""
    return lambda data: (
        parse_mail(b"Subject: " + before.encode() + code(data) + after.encode() + b"\n\nx").subject
    )


def as_codes(data: bytes) -> bytes:
    return b"".join(b"=%02X" % byte for byte in data)


PLACES = {
    "a word in Q": subject("=?utf-8?Q?", "?=", as_codes),
    "a word in B": subject("=?utf-8?B?", "?=", b64encode),
    "a word of no charset": subject("=?x-none?B?", "?=", b64encode),
    "a raw subject": subject("", "", bytes),
    "a file's name": file("attachment; filename*=utf-8''%s"),
    "a name in pieces": file("attachment; filename*0*=utf-8''%s"),
    "a text in UTF-8": body("Content-Type: text/plain; charset=utf-8\n"),
    "a text of no charset": body(""),
    "a text of an unknown charset": body("Content-Type: text/plain; charset=x-none\n"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Coördinatie van de Zeeë", 1),
        ("café", 1),
        ("Eén café", 1),
        ("Ponykamp 5 €", 1),
        ("Ponykamp 5 €", 2),
        ("Tot dan 🙂", 1),
        ("Tot dan 🙂", 3),
        ("Привет всем", 1),
    ],
)
def test_a_character_that_was_cut_in_two_spoils_no_other(place: str, text: str, cut: int) -> None:
    assert PLACES[place](text.encode()[:-cut]) == text[:-1] + "\ufffd"


@pytest.mark.parametrize("place", [place for place in PLACES if "file" not in place])
@pytest.mark.parametrize("text", ["Hoi Zoë", "Twee cafés", "Groß", "«Zoë»", "Zoë…", "AMANHÃ", "CAFÉ", "à"])
def test_what_is_windows_1252_stays_so_whatever_its_last_letter(place: str, text: str) -> None:
    assert PLACES[place](text.encode("cp1252")) == text


POLISH = "Zażółć gęślą jaźń"
NAMED = b"Content-Type: text/plain; charset=iso-8859-2\n"
LATIN_2 = POLISH.encode("iso8859-2")


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("utf-8", b"Content-Type: text/plain; charset=iso-8859-2\n"),
        ("iso-8859-1", b"Content-Type: text/plain; charset=iso-8859-2\n"),
        ("utf-8", b"Content-Type: multipart/mixed; boundary=in\n\n--in\n" + NAMED),
        ("iso-8859-2", b""),
    ],
)
def test_an_attached_mail_is_called_by_its_subject_in_its_own_charset(outer: str, inner: bytes) -> None:
    mail = parse_mail(
        b"Content-Type: multipart/mixed; boundary=uit\n\n--uit\n"
        b"Content-Type: text/plain; charset=" + outer.encode() + b"\n\nZie onder\n"
        b"--uit\nContent-Type: message/rfc822\n\nSubject: " + LATIN_2 + b"\n" + inner + b"\nHoi\n--uit--\n"
    )
    assert [attached.name for attached in mail.attachments] == [f"{POLISH}.eml"]


@pytest.mark.parametrize(
    "name",
    [
        b"filename*=iso-8859-1''Caf\xea.pdf",
        b"filename*=\"iso-8859-1''Caf\xea.pdf\"",
        b"filename*0*=iso-8859-1''Ca; filename*1*=f\xea.pdf",
        b"filename*=iso-8859-1'nl'Caf\xc3\xaa.pdf",
    ],
)
@pytest.mark.parametrize("charset", [b"iso-8859-2", b"utf-8", b"koi8-r"])
def test_raw_bytes_of_a_name_are_in_the_charset_that_it_names(name: bytes, charset: bytes) -> None:
    mail = parse_mail(
        b"Content-Type: multipart/mixed; boundary=g\n\n--g\nContent-Type: text/plain; charset="
        + charset
        + b"\n\n"
        b"Hoi\n--g\nContent-Type: application/pdf; charset=" + charset + b"\n"
        b"Content-Disposition: attachment; " + name + b"\n\nx\n--g--\n"
    )
    assert [attached.name for attached in mail.attachments] == ["Cafê.pdf"]


@pytest.mark.parametrize("head", [b"", b"Content-Type: multipart/mixed; boundary=g\n\n--g\n"])
def test_headers_are_read_by_the_charset_that_only_the_html_names(head: bytes) -> None:
    mail = parse_mail(
        b"Subject: " + LATIN_2 + b"\n" + head + b"Content-Type: text/html\n\n"
        b"<meta charset=iso-8859-2><p>" + LATIN_2 + b"</p>"
    )
    assert (mail.subject, mail.text) == (POLISH, POLISH)
