"""Whether a person wrote a mail: what a machine or a list sent is not answered by a machine."""

import re
from typing import Final

from mailgate.parse.headers import Headers
from mailgate.parse.parsed import Address

_BULK: Final = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_MARKS: Final = (
    b"list-id", b"list-unsubscribe", b"mailing-list", b"x-loop", b"x-no-loop", b"x-autoreply",
    b"x-autorespond", b"x-autorespond-loop", b"x-auto-response", b"x-mail-autoreply", b"feedback-id",
)  # fmt: skip
_SUPPRESS = re.compile(r"\b(?:all|autoreply|oof)\b", re.IGNORECASE)
_MAIL_SYSTEM = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|owner-[^@]*|[^@]*-(?:request|bounces?))@")

_DAEMON = re.compile(r"(?:mailer-?daemon|mail-daemon|post_?master|microsoftexchange[0-9a-f]{0,64})(?:@|\Z)")
_DAEMON_BY_NAME = re.compile(
    r"\W{0,3}(?:mailer-daemon|mail delivery? (?:sub)?system|mail administrator|postmaster)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"mailer-?daemon(?:@|\Z)")


def is_daemon(address: str) -> bool:
    """Whether a mail system, or a postmaster, sends by this address."""
    return bool(_DAEMON.match(address.lower()))


def is_called_daemon(sender: str) -> bool:
    """Whether a From line without an address names a mail system ('MAILER-DAEMON <>')."""
    return bool(_DAEMON_BY_NAME.match(sender))


def is_nobody(sender: str) -> bool:
    """Whether this is what old mail servers write as envelope sender where there is none."""
    return bool(_NOBODY.match(sender.lower()))


def is_bounce(*, return_path: str | None, top_type: str, report_type: str, sender: Address | None) -> bool:
    """Whether this reports that a mail could not be delivered (RFC 3464), as far as can be told quickly."""
    if top_type == "multipart/report":
        return report_type in {"", "delivery-status"}
    return return_path == "" and sender is not None and bool(_MAIL_SYSTEM.match(sender.address))


def is_automatic(headers: Headers, *, return_path: str | None, sender: Address | None) -> bool:
    """RFC 3834 2, RFC 2919, every report (RFC 6522), and what programs write instead; OTRS 5.8."""
    submitted = headers.first(b"auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in {"", "no"}
        or headers.first(b"content-type").lower().startswith("multipart/report")
        or headers.first(b"precedence").strip().lower() in _BULK
        or any(headers.has(name) for name in _MARKS)
        or bool(_SUPPRESS.search(headers.first(b"x-auto-response-suppress")))
        or return_path == ""
        or (sender is not None and bool(_MAIL_SYSTEM.match(sender.address)))
    )
