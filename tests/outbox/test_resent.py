"""A mail that goes on as it came: new headers above it, and not a byte of it another."""

from email import message_from_bytes

import pytest

from outbox.resent import NoHeadError, resent
from tests.factories import NOW

MAIL = b"From: Karin <karin@post.example>\r\nSubject: Vraag\r\n\r\nHoi\r\n.\r\n..\r\nFrom hier tot daar\r\n"
HEAD = (
    b"Resent-Date: Tue, 24 Nov 2026 10:00:00 +0000\r\nResent-From: Spel <spel@kvv.example>\r\n"
    b"Resent-To: bram@elders.example\r\nResent-Message-ID: <nieuw@kvv.example>\r\n"
)


def sent_on(*parts: bytes, to: str = "bram@elders.example", from_header: str = "") -> bytes:
    mail = resent(
        parts=parts,
        from_header=from_header or "Spel <spel@kvv.example>",
        to=[to],
        message_id="nieuw@kvv.example",
        date=NOW,
    )
    return mail[:]


@pytest.mark.parametrize(
    "mail",
    [
        MAIL,
        b"Resent-To: vals@elders.example\r\nResent-From: vals@elders.example\r\n" + MAIL,
        b"Subject: " + b"a" * 400_000 + b"\r\n folded\r\n\r\nHoi\r\n",
        "Subject: één\r\nFrom: Zoë <karin@post.example>\r\n\r\né\r\n".encode("latin-1"),
        b"Subject: x\r\n\r\n\x00\xff\xfe\r binary \r\n",
        b"Subject: no body",
        b"Return-Path: <karin@post.example>\r\nReceived: from a by b\r\n" + MAIL,
    ],
)
def test_all_of_it_stands_below_the_new_headers_as_it_came(mail: bytes) -> None:
    assert sent_on(mail) == HEAD + mail
    pieces = [mail[start : start + 7] for start in range(10_000, len(mail), 7)]
    assert sent_on(mail[:10_000], *pieces) == HEAD + mail


@pytest.mark.parametrize(
    "above",
    [
        b"From karin@post.example Tue Nov 24 10:00:00 2026\r\n",
        b">From karin@post.example Tue Nov 24 10:00:00 2026\n",
        b"\r\n\r\n",
        b"\0\r\nFrom - Tue Nov 24 10:00:00 2026\r\n\r\n",
    ],
)
def test_what_is_no_part_of_the_mail_is_taken_off(above: bytes) -> None:
    assert sent_on(above + MAIL) == HEAD + MAIL


@pytest.mark.parametrize(
    "mail",
    [
        b" Bcc: all@elders.example\r\n" + MAIL,
        b"\tmore\r\n" + MAIL,
        b"no header here\r\n\r\nHoi\r\n",
        b"",
        b": x",
    ],
)
def test_what_would_become_a_part_of_the_new_headers_is_refused(mail: bytes) -> None:
    with pytest.raises(NoHeadError):
        sent_on(mail)


def test_lines_that_end_by_a_line_feed_end_as_mail_servers_want_it_wherever_a_piece_ends() -> None:
    bare = MAIL.replace(b"\r\n", b"\n")
    assert sent_on(bare) == HEAD + MAIL
    assert sent_on(*(bare[place : place + 1] for place in range(60, 60)), bare[:60], bare[60:]) == HEAD + MAIL
    for place in range(12, len(MAIL)):
        assert sent_on(MAIL[:place], b"", MAIL[place:]) == HEAD + MAIL


@pytest.mark.parametrize(
    ("to", "from_header"),
    [
        ("bram@elders.example\r\nBcc: all@elders.example", "Spel <spel@kvv.example>"),
        ("bram@elders.example", "Spel\r\nBcc: all@elders.example\r\n\r\n <spel@kvv.example>"),
        ('"Bram\nBcc: x" <bram@elders.example>', "=?utf-8?q?a=0D=0ABcc:_x?= <spel@kvv.example>"),
    ],
)
def test_nobody_puts_a_header_into_the_new_ones(to: str, from_header: str) -> None:
    mail = sent_on(MAIL, to=to, from_header=from_header)
    assert mail.endswith(b"\r\n" + MAIL)
    names = message_from_bytes(mail).keys()
    assert names == ["Resent-Date", "Resent-From", "Resent-To", "Resent-Message-ID", "From", "Subject"]
