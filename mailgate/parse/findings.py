"""What else has to be read of a mail that may be a report: what it says, and which mails it speaks of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailgate.parse.parsed import ParsedMail
from mailgate.parse.reports import Report, read_report, unknown_report

LOOKED_THROUGH_BYTES = 1024 * 1024
_ID = r"(?<![A-Za-z0-9.])[A-Za-z0-9.]{20,100}+@[A-Za-z0-9.-]{1,250}"
_ANY_ID = re.compile(_ID)
_OWN_ID = re.compile(rf"^[>|\s]{{0,20}}(?:x-)?message-id\s*:\s*<?({_ID})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Findings:
    """`report`: what a machine's part or known words say; `unknown`: what to take it for if it surely is one.

    `ids`: what looks like Message-IDs of ours, the likeliest first; their signature is still to be checked.
    """

    report: Report | None
    unknown: Report
    ids: tuple[str, ...]


def find(mail: ParsedMail, *, raw: bytes) -> Findings:
    """Read a mail as a report, whether it is one or not."""
    return Findings(
        report=read_report(mail, raw=raw),
        unknown=unknown_report(mail),
        ids=tuple(dict.fromkeys(_ids(mail, raw))),
    )


def _ids(mail: ParsedMail, raw: bytes) -> Iterator[str]:
    """The id of the mail that came back, from its head if that is there, before those it answered."""
    files = (file.data for file in mail.attachments if file.content_type.startswith(("text/", "message/")))
    decoded = b"\n".join(files)[:LOOKED_THROUGH_BYTES].decode("ascii", "replace")
    places = (raw[:LOOKED_THROUGH_BYTES].decode("ascii", "replace"), mail.text, decoded)
    yield from (match[1] for place in places for match in _OWN_ID.finditer(place))
    yield from mail.in_reply_to
    yield from (match[0] for place in places for match in _ANY_ID.finditer(place))
