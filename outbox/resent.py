"""Sending a mail on as it came, under headers that say by whom and to whom (RFC 5322, 3.6.6).

Not a byte of it is written anew. Only what is no part of a mail is taken off: empty lines above the head, and
the line by which mail folders part mails ('From … Mon …'). Bare line feeds become the line ends of SMTP (RFC
5321, 2.3.8), in which a mail arrives: servers refuse others, and signatures are made over these.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from itertools import chain
from typing import Final

from blobs.spool import Spool
from outbox.headers import header
from outbox.mime import mailbox_header

_ABOVE = re.compile(rb"[\r\n\0]*+(?:>?From [^\r\n]{0,10000}\r?\n[\r\n]*+)?")
_FIELD = re.compile(rb"[!-9;-~]{1,1000}[ \t]*:")
_BARE_LINE_FEED: Final = re.compile(rb"(?<!\r)\n")


class NoHeadError(Exception):
    """The mail does not begin with a header: what stands there would become a part of those above it."""


def resent(
    *, parts: Iterable[bytes], from_header: str, to: Sequence[str], message_id: str, date: datetime
) -> Spool:
    """The mail, which comes in pieces, under its new headers; memory stays flat, however big it is.

    `message_id`, of this sending, has no brackets. Raises `NoHeadError`; headers of an earlier resending stay
    below these, as they belong.
    """
    pieces = iter(parts)
    beginning = next(pieces, b"")
    beginning = beginning[_end_of_above(beginning) :]
    if not _FIELD.match(beginning):
        raise NoHeadError
    mail = Spool(_head(from_header=from_header, to=to, message_id=message_id, date=date))
    for piece in _with_line_ends(chain([beginning], pieces)):
        mail.add(piece)
    return mail


def _head(*, from_header: str, to: Sequence[str], message_id: str, date: datetime) -> bytes:
    lines = (
        header("Resent-Date", format_datetime(date)),
        mailbox_header("Resent-From", [from_header]),
        mailbox_header("Resent-To", to),
        header("Resent-Message-ID", f"<{message_id}>"),
    )
    return "".join(f"{line.name}: {line}\r\n" for line in lines).encode()


def _end_of_above(beginning: bytes) -> int:
    """Where the mail itself begins."""
    above = _ABOVE.match(beginning)
    return above.end() if above else 0


def _with_line_ends(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Each line feed behind a carriage return, also where a piece ends between the two."""
    ends_in_return = False
    for piece in pieces:
        written = _BARE_LINE_FEED.sub(b"\r\n", piece)
        yield written[1:] if ends_in_return and piece.startswith(b"\n") else written
        ends_in_return = piece.endswith(b"\r") if piece else ends_in_return
