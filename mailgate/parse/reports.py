"""What a mail system reports of a mail: who did not get it, and why (RFC 3464, and what others write)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from mailgate.parse.headers import Headers
from mailgate.parse.notices import Notice, failed_recipients, first_address, read_notice
from mailgate.parse.parsed import ParsedMail
from mailgate.parse.storable import storable_line
from mailgate.parse.verdicts import CODE, is_delay, says_failure

STATUS_PARTS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
MAX_RECIPIENTS: Final = 100
MAX_REASON: Final = 400
MAX_SUBJECT: Final = 998

_ACTIONS: Final = ("failed", "delayed", "delivered", "relayed", "expanded")
_CLASSES: Final = {"5": "failed", "4": "delayed", "2": "delivered"}
_STATUS = re.compile(r"[245]\.[0-9.]+")
# Nobody tries again what has become too old (RFC 3463, 3.5), though its class is that of a delay.
_TOO_OLD: Final = frozenset({"4.4.7"})
_NAMES_ONE: Final = frozenset({b"final-recipient", b"original-recipient"})
_ABOUT_ONE: Final = _NAMES_ONE | {b"action", b"status"}
_PER_RECIPIENT: Final = _ABOUT_ONE | {b"diagnostic-code", b"remote-mta", b"last-attempt-date"}
_NOBODY: Final = frozenset({"unknown", "none", "null", "-"})
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
    by_status = _by_status(_status_of(mail))
    if by_status is not None:
        return by_status
    notice = read_notice(mail)
    says_so = says_failure(mail.subject, notice.lines) or mail.failed_recipients
    return _in_words(mail, notice) if says_so else None


def is_other_report(mail: ParsedMail) -> bool:
    """Whether a machine reports something else than a delivery: that a mail was read, or is unwanted."""
    types = {file.content_type for file in mail.attachments}
    if types & STATUS_PARTS:
        return False
    return bool(types & _OTHER_REPORTS) or _COMPLAINT.search(mail.subject) is not None


def unknown_report(mail: ParsedMail) -> Report:
    """The report of a mail system whose words we don't know: a failure, unless it speaks of trying again."""
    return _in_words(mail, read_notice(mail))


def _status_of(mail: ParsedMail) -> bytes:
    return b"\n\n".join(file.data for file in mail.attachments if file.content_type in STATUS_PARTS)


def _by_status(data: bytes) -> Report | None:
    """None where it says of nobody what became of the mail, though RFC 3464, 2.1, demands it."""
    failed: dict[str, str] = {}
    is_delay = says_something = False
    for recipient in _recipients(data):
        action = _action(recipient)
        says_something = says_something or bool(action)
        if action == "failed":
            failed.setdefault(_address(recipient), _reason(recipient))
        elif action == "delayed":
            is_delay = True
    return Report(failed=failed, is_delay=is_delay and not failed) if says_something else None


def _action(recipient: Headers) -> str:
    """What became of the mail for one recipient; '' where nothing says it.

    Action decides; where it is none that RFC 3464, 2.3.3, knows, Status, else the other server's code does.
    """
    action = recipient.first(b"action").strip().lower()
    if known := next((known for known in _ACTIONS if action.startswith(known[:4])), ""):
        return known
    status = _STATUS.match(recipient.first(b"status"))
    code = status or CODE.search(_said(recipient))
    if code is None:
        return ""
    return "failed" if code[0] in _TOO_OLD else _CLASSES[code[0][0]]


def _recipients(data: bytes) -> Iterator[Headers]:
    """The fields of one recipient after another, of at most so many.

    Their groups are parted by an empty line (RFC 3464, 2.1); where that is missing, by what begins them.
    """
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    groups = (group for block in _blocks(lines) for group in _groups(block))
    about_one = (fields for fields in map(_fields, groups) if any(fields.has(name) for name in _ABOUT_ONE))
    return islice(about_one, MAX_RECIPIENTS)


def _fields(group: Sequence[bytes]) -> Headers:
    return Headers(b"\n".join(group))


def _blocks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines between empty ones."""
    block: list[bytes] = []
    for line in lines:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _groups(block: Sequence[bytes]) -> Iterator[list[bytes]]:
    """A block by recipients: each field that comes again is another's.

    As is what names a recipient, below other fields of one who is named; but in a block where no field comes
    again all is about one, whatever the order.
    """
    names = [_name(line) for line in block]
    known = [name for name in names if name in _PER_RECIPIENT]
    if len(known) == len(set(known)):
        yield list(block)
        return
    group: list[bytes] = []
    begun: list[bytes] = []
    for line, name in zip(block, names, strict=True):
        if name in begun or (name in _NAMES_ONE and _begins_anew(begun)):
            yield group
            group, begun = [], []
        group.append(line)
        if name in _PER_RECIPIENT:
            begun.append(name)
    yield group


def _begins_anew(begun: Sequence[bytes]) -> bool:
    """Whether somebody is named already, and more was said since."""
    return not _NAMES_ONE.isdisjoint(begun) and begun[-1] not in _NAMES_ONE


def _name(line: bytes) -> bytes:
    """The name of a field, in lower case, perhaps with a space before its colon; '' where one goes on."""
    return b"" if line[:1] in b" \t" else line[:40].partition(b":")[0].strip().lower()


def _address(recipient: Headers) -> str:
    """The address as we wrote it, else the one it was sent on to ('rfc822; <a@b>'); '' for none."""
    written = [_written(recipient.first(name)) for name in (b"original-recipient", b"final-recipient")]
    address = next((one for one in written if "@" in one), next(filter(None, written), ""))
    return (first_address(address) or address) if " " in address else address


def _written(field: str) -> str:
    address = storable_line(field.strip("; \t").rpartition(";")[2].strip(" \t<>"), limit=320).lower()
    return "" if address in _NOBODY else address


def _reason(recipient: Headers) -> str:
    said = _said(recipient) or recipient.first(b"status").strip()
    return storable_line(said, limit=MAX_REASON)


def _said(recipient: Headers) -> str:
    """What the other server said of one recipient, without the kind of server ('smtp; 550 no')."""
    said = recipient.first(b"diagnostic-code")
    kind, semicolon, words = said.partition(";")
    return (words if semicolon and " " not in kind.strip() else said).strip()


def _in_words(mail: ParsedMail, notice: Notice) -> Report:
    in_text = _by_status("\n".join(notice.lines).encode("utf-8", "replace"))
    if in_text is not None and (in_text.is_final or in_text.is_delay):
        return in_text
    ours = storable_line(notice.returned.decoded(b"subject"), limit=MAX_SUBJECT)
    if is_delay(mail.subject, notice.lines, ours=ours):
        return Report(is_delay=True)
    addresses = _named_in_status(mail) or failed_recipients(mail, notice)
    named = [storable_line(address, limit=320) for address in addresses[:MAX_RECIPIENTS]]
    return Report(failed={address: _reason_for(address, notice) for address in named or [""]})


def _named_in_status(mail: ParsedMail) -> list[str]:
    """Whom a machine's part names that says of nobody what became of the mail."""
    return [address for address in map(_address, _recipients(_status_of(mail))) if "@" in address]


def _reason_for(address: str, notice: Notice) -> str:
    """The line with this address and the other server's code, else one with either, else the first."""
    lines = [line.strip() for line in notice.lines if line.strip()]
    coded = [line for line in lines if CODE.search(line)]
    own = [line for line in lines if address and address in line.lower() and line.strip("<>") != address]
    both = [line for line in own if line in coded]
    return storable_line(next(iter(both or coded or own or lines), ""), limit=MAX_REASON)
