"""What a mail system reports of a mail: who did not get it, and why (RFC 3464, and what others write)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mailgate.parse.headers import Headers
from mailgate.parse.parsed import ParsedMail
from mailgate.parse.patterns import failures
from mailgate.parse.storable import storable_line

STATUS_PARTS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
MAX_RECIPIENTS: Final = 100
MAX_REASON: Final = 400

_ACTIONS: Final = {"5": "failed", "4": "delayed"}
_BLOCK_END = re.compile(rb"\n[ \t]*+\n")
_CODE = re.compile(r"\b[45][0-9]{2}[ -]|\b[45]\.[0-9]{1,3}\.[0-9]{1,3}\b")
_LATER = re.compile(
    r"delayed|not (?:yet )?been delivered|still being|will be retried|keep trying|continue trying|warning:"
    r"|vertraagd|nog niet (?:afgeleverd|bezorgd)|opnieuw geprobeerd",
    re.IGNORECASE,
)


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


def read_report(mail: ParsedMail, *, raw: bytes) -> Report | None:
    """What this mail reports, by its delivery-status part, else by the patterns of mail servers; or None.

    `Report()`: all went well, as a delivery receipt says.
    """
    parts = [file.data for file in mail.attachments if file.content_type in STATUS_PARTS]
    if parts:
        return _by_status(b"\n\n".join(parts))
    return _by_pattern(mail, raw)


def unknown_report(mail: ParsedMail) -> Report:
    """The report of a mail system whose words we don't know: a failure, unless it speaks of trying again."""
    if _LATER.search(f"{mail.subject}\n{mail.text[:5000]}"):
        return Report(is_delay=True)
    return Report(failed={"": _reason_in(mail.text)})


def _by_status(data: bytes) -> Report:
    """Action, else the class of Status, decides for each recipient (RFC 3464, 2.3.3 and 2.3.4)."""
    failed: dict[str, str] = {}
    is_delay = False
    for recipient in _recipients(data):
        status = recipient.first(b"status")
        action = recipient.first(b"action").strip().lower() or _ACTIONS.get(status[:1], "")
        if action == "failed":
            failed.setdefault(_address(recipient), _reason(recipient, status=status))
        elif action == "delayed":
            is_delay = True
    return Report(failed=failed, is_delay=is_delay and not failed)


def _recipients(data: bytes) -> Iterator[Headers]:
    """The blocks that speak of one recipient."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for block in _BLOCK_END.split(lines)[: MAX_RECIPIENTS + 1]:
        fields = Headers(block)
        if any(fields.has(name) for name in (b"action", b"status", b"final-recipient")):
            yield fields


def _address(recipient: Headers) -> str:
    """The address as we wrote it, else the one it was sent on to ('rfc822; <a@b>')."""
    written = recipient.first(b"original-recipient") or recipient.first(b"final-recipient")
    return storable_line(written.rpartition(";")[2].strip(" \t<>"), limit=320).lower()


def _reason(recipient: Headers, *, status: str) -> str:
    said = recipient.first(b"diagnostic-code")
    kind, semicolon, words = said.partition(";")
    reason = words if semicolon and " " not in kind.strip() else said
    return storable_line(reason.strip() or status, limit=MAX_REASON)


def _by_pattern(mail: ParsedMail, raw: bytes) -> Report | None:
    for_now, for_good = failures(raw)
    if for_good:
        addresses = (storable_line(address, limit=320) for address in for_good[:MAX_RECIPIENTS])
        return Report(failed=dict.fromkeys(addresses, _reason_in(mail.text)))
    return Report(is_delay=True) if for_now else None


def _reason_in(text: str) -> str:
    """The line with the other server's code, else the first that says something."""
    lines = [line.strip() for line in text[:20_000].splitlines() if line.strip()]
    coded = next((line for line in lines if _CODE.search(line)), "")
    return storable_line(coded or next(iter(lines), ""), limit=MAX_REASON)
