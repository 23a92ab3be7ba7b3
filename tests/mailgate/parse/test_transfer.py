"""Base64 that other lines stand around, as lists and scanners leave it."""

import base64

import pytest

from mailgate.parse import parse_mail
from mailgate.parse.transfer import decode_base64

SAID = "Bedankt voor alles op het kamp, groetjes van Zoë en André! Tot volgend jaar, dan zijn wij er bij. "
FOOTERS = [
    "Dit bericht is gecontroleerd op virussen.",
    "Scanned by Avast",
    "Gescand door VirusVrij",
    "VirusVrij heeft dit gelezen",
    "Verzonden\nmet mijn telefoon",
    "McAfee VirusScan\nheeft dit gelezen",
    "Scanned-by: een demo",
    "-- \nKamplijst van de demogroep",
    "__________\nKamplijst van de demogroep",
    "www.demo.example\nDit bericht komt van de kamplijst. " + "Wie er niet meer op wil, zegt dat. " * 12,
]


def encoded(data: bytes, *, is_padded: bool, width: int = 76) -> bytes:
    """Base64 in lines of this width."""
    signs = base64.b64encode(data)
    signs = signs if is_padded else signs.rstrip(b"=")
    return b"\n".join(signs[start : start + width] for start in range(0, len(signs), width))


@pytest.mark.parametrize("footer", FOOTERS)
@pytest.mark.parametrize("is_padded", [True, False])
def test_words_below_base64_are_no_part_of_it_however_long_it_is(footer: str, *, is_padded: bool) -> None:
    wrong = [
        (length, width, between)
        for length in range(2, len(SAID))
        for width in (60, 76)
        for between in (b"\n", b"\n \n", b"\r\n\r\n")
        if decode_base64(
            encoded(SAID[:length].encode(), is_padded=is_padded, width=width) + between + footer.encode()
        )[0]
        != SAID[:length].encode()
    ]
    assert wrong == []


@pytest.mark.parametrize("size", [1, 44, 45, 46, 57, 58, 59, 60, 400])
@pytest.mark.parametrize("between", [b"\n", b"\n\n"])
@pytest.mark.parametrize("is_padded", [True, False])
def test_a_file_keeps_each_byte_above_a_footer(size: int, between: bytes, *, is_padded: bool) -> None:
    data = b"%PDF-1.4\x00\xff" * 30 + bytes(range(200, 200 + size % 50)) * (size // 50 + 1)
    written = encoded(data, is_padded=is_padded).replace(b"\n", between)
    assert decode_base64(written + b"\n\nScanned by Avast")[0] == data


@pytest.mark.parametrize("is_padded", [True, False])
def test_a_single_word_below_an_empty_line_is_no_base64(*, is_padded: bool) -> None:
    for length in range(8, len(SAID)):
        data = SAID[:length].encode()
        written = encoded(data, is_padded=is_padded)
        assert decode_base64(written + b"\n\nVerzonden\n")[0] == data, length


@pytest.mark.parametrize(
    "text",
    ["Hoi\n\nWij komen.", "Code\nA1b2C3d4e5\nis goed.", "iPhone\n\nVerzonden vanaf iets anders"],
)
def test_words_that_were_never_encoded_stay_as_they_are(text: str) -> None:
    head = b"From: a@demo.example\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
    assert parse_mail(head + text.encode()).text == text
