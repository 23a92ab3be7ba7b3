"""Big mails: what they need beside their own bytes is bounded, and nothing that is kept gets lost by that."""

import base64
import binascii
import tracemalloc
from collections.abc import Callable

import pytest

from mailgate.parse import parse_mail
from mailgate.parse.transfer import decode_base64

HEAD = b"From: a@visitor.example\r\nMIME-Version: 1.0\r\n"
SIZE = 20_000_000
LINE = "0123456789 \u20ac abcdef\r\n"
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"


def attached(data: bytes) -> bytes:
    head = b"Content-Type: application/pdf; name=x.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return HEAD + head + base64.encodebytes(data)


def uuencoded(data: bytes) -> str:
    lines = (binascii.b2a_uu(data[start : start + 45]).decode() for start in range(0, len(data), 45))
    return f"begin 644 photo.jpg\n{''.join(lines)}`\nend\n"


BIG: dict[str, Callable[[], bytes]] = {
    "text": lambda: HEAD + PLAIN + LINE.encode() * (SIZE // 21),
    "html": lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<p>0123456789</p>\r\n" * (SIZE // 19),
    "file": lambda: attached(b"\xff" * (SIZE // 4 * 3)),
    "file with padding": lambda: attached(b"\xff" * (SIZE // 4 * 3 + 1)),
}


@pytest.mark.parametrize(
    ("kind", "copies"), [("text", 4.3), ("html", 3.3), ("file", 3.3), ("file with padding", 3.3)]
)
def test_it_is_read_in_memory_for_a_few_copies(kind: str, copies: float) -> None:
    raw = BIG[kind]()
    tracemalloc.start()
    try:
        parse_mail(raw)
        assert tracemalloc.get_traced_memory()[1] / len(raw) < copies
    finally:
        tracemalloc.stop()


def test_of_a_text_that_is_too_long_the_beginning_is_kept() -> None:
    mail = parse_mail(HEAD + PLAIN + LINE.encode() * 200_000)
    assert mail.text == (LINE.replace("\r", "") * 100_000)[:1_000_000]
    assert (mail.truncated, mail.notes) == (True, ("body-cut",))


def test_a_file_behind_a_very_long_text_is_kept_whole() -> None:
    data = bytes(range(256)) * 40
    mail = parse_mail(HEAD + PLAIN + LINE.encode() * 200_000 + uuencoded(data).encode())
    assert [(file.name, file.data) for file in mail.attachments] == [("photo.jpg", data)]
    assert (len(mail.text), mail.truncated) == (1_000_000, True)


@pytest.mark.parametrize("size", range(9))
@pytest.mark.parametrize("padding", ["as it should be", "missing", "too much"])
def test_base64_comes_back_whatever_its_padding(size: int, padding: str) -> None:
    data = bytes(range(250, 250 - size, -1))
    encoded = base64.b64encode(data)
    given = {"missing": encoded.rstrip(b"="), "too much": encoded + b"===="}.get(padding, encoded)
    assert decode_base64(given + b"\r\n")[0] == data
