"""What else has to be read of a mail that may be a report: what it says, and which mails it speaks of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mailgate.parse.automatic import is_automatic
from mailgate.parse.headers import Headers, end_of_headers
from mailgate.parse.notices import read_notice
from mailgate.parse.parsed import ParsedMail
from mailgate.parse.reports import Report, read_report, unknown_report
from mailgate.parse.verdicts import surely_tells_of_failure

LOOKED_THROUGH_BYTES = 1024 * 1024
_ID = r"(?<![A-Za-z0-9.])[A-Za-z0-9.]{20,100}+@[A-Za-z0-9.-]{1,250}"
_ANY_ID = re.compile(_ID)
# 'Message-ID', and what servers call it in other languages: 'Bericht-ID', 'ID du message'.
_OWN_ID = re.compile(
    rf"^[>|\s]{{0,20}}(?:[^\s:<>@][^:<>@\n]{{0,30}}[\s_-])?id\b[^:<>@\n]{{0,20}}:\s*<?({_ID})",
    re.IGNORECASE | re.MULTILINE,
)
# So reports say it of themselves, and no answering machine does.
_GENERATED: Final = ("auto-generated", "auto-notified")


@dataclass(frozen=True, slots=True)
class Findings:
    """`report`: what a machine's part or known words say; `unknown`: what to take it for if it surely is one.

    `ids`: what looks like Message-IDs of ours, the likeliest first; `returned`: those of them that are the
    id of a mail in this one. Their signature is still to be checked. `is_answer`: a mark says that a machine
    answers for somebody, as absence notices have it; `tells_of_failure`: whether its words, not its
    subject, surely do.
    """

    report: Report | None
    unknown: Report
    ids: tuple[str, ...]
    returned: tuple[str, ...]
    is_answer: bool
    tells_of_failure: bool


def find(mail: ParsedMail, *, raw: bytes) -> Findings:
    """Read a mail as a report, whether it is one or not."""
    raw = raw.lstrip(b"\r\n\x00")
    end, body = end_of_headers(raw, start=0, end=len(raw))
    places = _places(mail, raw[body : body + LOOKED_THROUGH_BYTES])
    return Findings(
        report=read_report(mail),
        unknown=unknown_report(mail),
        ids=tuple(dict.fromkeys(_ids(mail, places))),
        returned=tuple(dict.fromkeys(_returned(places))),
        is_answer=_is_answer(mail, Headers(raw[:end])),
        tells_of_failure=surely_tells_of_failure(read_notice(mail).lines),
    )


def _is_answer(mail: ParsedMail, head: Headers) -> bool:
    """By its own marks: neither an empty sender nor a daemon's name says so, and reports are generated."""
    is_generated = mail.auto_submitted.lower().startswith(_GENERATED)
    return not is_generated and is_automatic(head, return_path=None, sender=None)


def _places(mail: ParsedMail, body: bytes) -> tuple[str, ...]:
    """Below the mail's own head: its bytes as they stand, its text, and what was encoded in it."""
    files = (file.data for file in mail.attachments if file.content_type.startswith(("text/", "message/")))
    decoded = b"\n".join(files)[:LOOKED_THROUGH_BYTES].decode("ascii", "replace")
    return body.decode("ascii", "replace"), mail.text, decoded


def _returned(places: tuple[str, ...]) -> Iterator[str]:
    """The id of the mail that came back, from its head if that is there."""
    yield from (match[1] for place in places for match in _OWN_ID.finditer(place))


def _ids(mail: ParsedMail, places: tuple[str, ...]) -> Iterator[str]:
    """The id of the mail that came back before those it answered."""
    yield from _returned(places)
    yield from mail.in_reply_to
    yield from (match[0] for place in places for match in _ANY_ID.finditer(place))
    yield from reversed(mail.references)
