"""What is done in the standing child: a stranger's bytes to plain values, without Django."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mailgate.parse import ParsedMail, UnreadableMail, parse_mail
from mailgate.parse.automatic import is_called_daemon, is_daemon
from mailgate.parse.findings import Findings, find
from richtext.clean import clean_html

# By these names the child is asked, and of these modules' classes its answers are made.
READ: Final = "mailgate.reading.child:read_raw"
READ_AS_REPORT: Final = "mailgate.reading.child:read_as_report"
MODULES: Final = (
    "mailgate.reading.child",
    "mailgate.parse.parsed",
    "mailgate.parse.findings",
    "mailgate.parse.reports",
    "datetime",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail as it was read, and its HTML made safe, '' where it has none.

    `findings`: what it says as a report of another mail, where it may be one.
    """

    parsed: ParsedMail
    html: str
    findings: Findings | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """There is nothing in the bytes that could be shown; why, in a sentence."""

    reason: str


def read_raw(raw: bytes) -> Reading | Unreadable:
    """Any bytes as a mail; as a report only where the mail itself looks like one."""
    return _read(raw, may_be_report=_may_be_report)


def read_as_report(raw: bytes) -> Reading | Unreadable:
    """Any bytes as a mail, and as a report."""
    return _read(raw, may_be_report=lambda _parsed: True)


def is_from_daemon(parsed: ParsedMail) -> bool:
    """Whether a mail system, or a postmaster, sent it."""
    if parsed.from_ is None:
        return is_called_daemon(parsed.from_text)
    return is_daemon(parsed.from_.address)


def _read(raw: bytes, *, may_be_report: Callable[[ParsedMail], bool]) -> Reading | Unreadable:
    try:
        parsed = parse_mail(raw)
    except UnreadableMail as error:
        return Unreadable(str(error))
    return Reading(
        parsed,
        html=clean_html(parsed.html) if parsed.html else "",
        findings=find(parsed, raw=raw) if may_be_report(parsed) else None,
    )


def _may_be_report(parsed: ParsedMail) -> bool:
    """Also where it was delivered to an address with a tag, which may be a token of ours (VERP)."""
    has_tag = any("+" in address for address in parsed.delivered_to)
    return parsed.is_bounce or parsed.return_path == "" or is_from_daemon(parsed) or has_tag
