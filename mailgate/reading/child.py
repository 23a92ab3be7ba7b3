"""What is done in the standing child: a stranger's bytes to plain values, without Django."""

from dataclasses import dataclass
from typing import Final

from mailgate.parse import ParsedMail, UnreadableMail, parse_mail
from mailgate.parse.findings import Findings, find
from richtext.clean import clean_html

# By these names the child is asked, and of these modules' classes its answers are made.
READ: Final = "mailgate.reading.child:read_raw"
FIND_REPORT: Final = "mailgate.reading.child:find_report"
MODULES: Final = (
    "mailgate.reading.child",
    "mailgate.parse.parsed",
    "mailgate.parse.findings",
    "mailgate.parse.reports",
    "datetime",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail as it was read, and its HTML made safe, '' where it has none."""

    parsed: ParsedMail
    html: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """There is nothing in the bytes that could be shown; why, in a sentence."""

    reason: str


def read_raw(raw: bytes) -> Reading | Unreadable:
    """Any bytes as a mail."""
    try:
        parsed = parse_mail(raw)
    except UnreadableMail as error:
        return Unreadable(str(error))
    return Reading(parsed, html=clean_html(parsed.html) if parsed.html else "")


def find_report(raw: bytes) -> Findings:
    """What a mail says as a report of another one; for mails that can be read."""
    return find(parse_mail(raw), raw=raw)
