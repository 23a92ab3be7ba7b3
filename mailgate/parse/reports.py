"""What a mail system reports of a mail: who did not get it, and why (RFC 3464, and what others write)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mailgate.parse.headers import Headers
from mailgate.parse.notices import CODE, Notice, failed_recipients, first_address, read_notice
from mailgate.parse.parsed import ParsedMail
from mailgate.parse.storable import storable_line

STATUS_PARTS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
MAX_RECIPIENTS: Final = 100
MAX_REASON: Final = 400
MAX_LOOKED_AT: Final = 5000

_ACTIONS: Final = {"5": "failed", "4": "delayed"}
_RECIPIENT: Final = (b"final-recipient:", b"original-recipient:")
_ABOUT_ONE: Final = (b"action", b"status", b"final-recipient", b"original-recipient")
_GIVEN_UP = re.compile(
    r"permanent|fatal|giv(?:en|ing) up|gave up|no (?:further|more) attempt|not be (?:retried|attempted again)"
    r"|not (?:retry|try again)|(?:too|for) long|expired|\b5\.\d{1,3}\.\d{1,3}\b|definitief|geven het op",
    re.IGNORECASE,
)
_TRIED_AGAIN = re.compile(
    r"will be (?:retried|attempted again|re-?sent)|(?:keep|continue|continues|still) (?:on )?trying"
    r"|will (?:re)?try|warning (?:message )?only|not need to resend|not yet (?:been )?delivered"
    r"|temporary failure report|nog niet (?:worden )?(?:afgeleverd|bezorgd)|opnieuw geprobeerd"
    r"|blijven (?:het )?proberen",
    re.IGNORECASE,
)
_LATER = re.compile(r"\bdelay(?:ed)?\b|\bwarning\b|vertraagd", re.IGNORECASE)
_FINALLY = re.compile(
    r"(?:could|can) ?not be delivered|undeliverable|(?:delivery|it) (?:has )?failed"
    r"|niet worden (?:afgeleverd|bezorgd)",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"undeliver|(?:not|n't)(?: be)? delivered|failure notice|mail[^.\n]{0,20}error"
    r"|deliver(?:y|ing)[^.\n]{0,40}(?:fail|error|problem)|fail(?:ed|ure)[^.\n]{0,40}deliver"
    r"|return(?:ed|ing) (?:mail|message|to sender)"
    r"|(?:user|recipient|address|mailbox)[^.\n]{0,40}(?:unknown|not found|not exist|n't exist|full|rejected)"
    r"|(?:unknown|no such|invalid) (?:user|recipient|address|mailbox)|delivery status notification"
    r"|niet (?:worden |kunnen )?(?:afgeleverd|bezorgd|aangekomen)|onbestelbaar|unzustellbar",
    re.IGNORECASE,
)
_OTHER_REPORTS: Final = frozenset({"message/disposition-notification", "message/feedback-report"})
_COMPLAINT = re.compile(r"\b(?:complaint|abuse report|spam report)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """`failed`: address in lower case ('' where the report names none) → why; for good.

    `is_delay`: nothing is lost yet, the other side goes on trying.
    """

    failed: dict[str, str] = field(default_factory=dict)
    is_delay: bool = False

    @property
    def is_final(self) -> bool:
        """Whether somebody will never get the mail."""
        return bool(self.failed)


def read_report(mail: ParsedMail) -> Report | None:
    """What this mail reports, by its machine's part, else by the words of any mail server; None if nothing.

    `Report()`: all went well, as a delivery receipt says.
    """
    parts = [file.data for file in mail.attachments if file.content_type in STATUS_PARTS]
    by_status = _by_status(b"\n\n".join(parts)) if parts else None
    if by_status is not None:
        return by_status
    notice = read_notice(mail)
    says_so = _FAILURE.search(f"{mail.subject}\n{_said(notice)}")
    return _in_words(mail, notice) if says_so or mail.failed_recipients else None


def is_other_report(mail: ParsedMail) -> bool:
    """Whether a machine reports something else than a delivery: that a mail was read, or is unwanted."""
    types = {file.content_type for file in mail.attachments}
    if types & STATUS_PARTS:
        return False
    return bool(types & _OTHER_REPORTS) or _COMPLAINT.search(mail.subject) is not None


def unknown_report(mail: ParsedMail) -> Report:
    """The report of a mail system whose words we don't know: a failure, unless it speaks of trying again."""
    return _in_words(mail, read_notice(mail))


def _by_status(data: bytes) -> Report | None:
    """Action, else the class of Status, decides for each recipient (RFC 3464, 2.3.3 and 2.3.4).

    None where it says nothing of anybody, though RFC 3464, 2.1, demands it.
    """
    failed: dict[str, str] = {}
    is_delay = says_something = False
    for recipient in _recipients(data):
        status = recipient.first(b"status").strip()
        action = recipient.first(b"action").strip().lower() or _ACTIONS.get(status[:1], "")
        says_something = says_something or bool(action)
        if action.startswith("fail"):
            failed.setdefault(_address(recipient), _reason(recipient, status=status))
        elif action.startswith("delay"):
            is_delay = True
    return Report(failed=failed, is_delay=is_delay and not failed) if says_something else None


def _recipients(data: bytes) -> Iterator[Headers]:
    """The fields of one recipient after another.

    Groups are parted by an empty line (RFC 3464, 2.1); where that is missing, by the field that begins them.
    """
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    group: list[bytes] = []
    begun: set[bytes] = set()
    found = 0
    for line in (*lines, b""):
        name = next((name for name in _RECIPIENT if line[:30].lower().startswith(name)), None)
        is_next = name is not None and name in begun
        if not line.strip() or is_next:
            fields = Headers(b"\n".join(group))
            if any(fields.has(name) for name in _ABOUT_ONE):
                yield fields
                found += 1
            if found >= MAX_RECIPIENTS:
                return
            group, begun = [], set()
        if line.strip():
            group.append(line)
        if name is not None:
            begun.add(name)


def _address(recipient: Headers) -> str:
    """The address as we wrote it, else the one it was sent on to ('rfc822; <a@b>')."""
    written = recipient.first(b"original-recipient") or recipient.first(b"final-recipient")
    address = storable_line(written.rpartition(";")[2].strip(" \t<>"), limit=320).lower()
    return (first_address(address) or address) if " " in address else address


def _reason(recipient: Headers, *, status: str) -> str:
    said = recipient.first(b"diagnostic-code")
    kind, semicolon, words = said.partition(";")
    reason = words if semicolon and " " not in kind.strip() else said
    return storable_line(reason.strip() or status, limit=MAX_REASON)


def _in_words(mail: ParsedMail, notice: Notice) -> Report:
    in_text = _by_status("\n".join(notice.lines).encode("utf-8", "replace"))
    if in_text is not None and in_text.is_final:
        return in_text
    if _is_delay(f"{mail.subject}\n{_said(notice)}"):
        return Report(is_delay=True)
    addresses = failed_recipients(mail, notice)
    named = [storable_line(address, limit=320) for address in addresses[:MAX_RECIPIENTS]]
    return Report(failed={address: _reason_for(address, notice) for address in named or [""]})


def _is_delay(said: str) -> bool:
    """Whether a server goes on trying: the plainest words count, whatever else it says."""
    if _GIVEN_UP.search(said):
        return False
    return bool(_TRIED_AGAIN.search(said) or (_LATER.search(said) and not _FINALLY.search(said)))


def _said(notice: Notice) -> str:
    return "\n".join(notice.lines)[:MAX_LOOKED_AT]


def _reason_for(address: str, notice: Notice) -> str:
    """The line with this address and the other server's code, else one with either, else the first."""
    lines = [line.strip() for line in notice.lines if line.strip()]
    coded = [line for line in lines if CODE.search(line)]
    own = [line for line in lines if address and address in line.lower() and line.strip("<>") != address]
    both = [line for line in own if line in coded]
    return storable_line(next(iter(both or coded or own or lines), ""), limit=MAX_REASON)
