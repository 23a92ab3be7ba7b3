"""Where a mail ends, however its bytes are cut into pieces."""

from itertools import product

import pytest

from mailgate.smtp.dots import MailReader

MAILS = {
    "empty": (b".\r\n", b""),
    "a line": (b"a\r\n.\r\n", b"a\r\n"),
    "dots": (b"..\r\n..a\r\n.b\r\n\r\n...\r\n.\r\n", b".\r\n.a\r\nb\r\n\r\n..\r\n"),
    "lone line feeds": (b"a\n.\nb\n.\r\nc\r.\rd\r\n.\r\n", b"a\n.\nb\n.\r\nc\r.\rd\r\n"),
    "nearly the end": (b"\r\n.\rx\r\r\n\r\n.\r\n", b"\r\n\rx\r\r\n\r\n"),
}


@pytest.mark.parametrize("name", MAILS)
def test_every_way_of_cutting_gives_the_same_mail_and_the_rest(name: str) -> None:
    sent, wanted = MAILS[name]
    data = sent + b"QUIT\r\n"
    cuts = range(len(data) + 1)
    for first, second in product(cuts, cuts):
        reader, text = MailReader(), b""
        for piece in (data[:first], data[first : max(first, second)], data[max(first, second) :]):
            if reader.is_complete:
                reader.rest += piece
            else:
                text += reader.feed(piece)
        assert (text, reader.rest, reader.is_complete) == (wanted, b"QUIT\r\n", True)
