"""What else has to be read of a mail that may be a report: what it says, and which mails it speaks of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailgate.parse.headers import end_of_headers
from mailgate.parse.parsed import ParsedMail
from mailgate.parse.reports import Report, read_report, unknown_report

LOOKED_THROUGH_BYTES = 1024 * 1024
_ID = r"(?<![A-Za-z0-9.])[A-Za-z0-9.]{20,100}+@[A-Za-z0-9.-]{1,250}"
_ANY_ID = re.compile(_ID)
_OWN_ID = re.compile(rf"^[>|\s]{{0,20}}(?:x-)?message-id\s*:\s*<?({_ID})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Findings:
    """`report`: what a machine's part or known words say; `unknown`: what to take it for if it surely is one.

    `ids`: what looks like Message-IDs of ours, the likeliest first; `returned`: those of them that are the
    id of a mail in this one. Their signature is still to be checked.
    """

    report: Report | None
    unknown: Report
    ids: tuple[str, ...]
    returned: tuple[str, ...]


def find(mail: ParsedMail, *, raw: bytes) -> Findings:
    """Read a mail as a report, whether it is one or not."""
    places = _places(mail, raw)
    return Findings(
        report=read_report(mail),
        unknown=unknown_report(mail),
        ids=tuple(dict.fromkeys(_ids(mail, places))),
        returned=tuple(dict.fromkeys(_returned(places))),
    )


def _places(mail: ParsedMail, raw: bytes) -> tuple[str, ...]:
    """Below the mail's own head: its bytes as they stand, its text, and what was encoded in it."""
    raw = raw.lstrip(b"\r\n\x00")
    _end, body = end_of_headers(raw, start=0, end=len(raw))
    files = (file.data for file in mail.attachments if file.content_type.startswith(("text/", "message/")))
    decoded = b"\n".join(files)[:LOOKED_THROUGH_BYTES].decode("ascii", "replace")
    return raw[body : body + LOOKED_THROUGH_BYTES].decode("ascii", "replace"), mail.text, decoded


def _returned(places: tuple[str, ...]) -> Iterator[str]:
    """The id of the mail that came back, from its head if that is there."""
    yield from (match[1] for place in places for match in _OWN_ID.finditer(place))


def _ids(mail: ParsedMail, places: tuple[str, ...]) -> Iterator[str]:
    """The id of the mail that came back before those it answered."""
    yield from _returned(places)
    yield from mail.in_reply_to
    yield from (match[0] for place in places for match in _ANY_ID.finditer(place))
    yield from reversed(mail.references)
