"""Noting on a mail of ours that it came back."""

from collections.abc import Mapping

from outbox.addresses import compared
from outbox.models import OutboundMessage, Recipient

REPLY_MOST = 500


def mark_bounced(message: OutboundMessage, *, failures: Mapping[str, str]) -> dict[str, str]:
    """Mark the recipients who never got the mail; gives whom that is news of, with the reason.

    `failures`: address, or '' → what their server said. Where the mail had one recipient it is theirs,
    whatever the address: it may have been sent on. Of several, only those that are named are marked; where
    none of them is, somebody did not get it, and all is given that is said of no recipient. The same report
    twice is no news.
    """
    recipients = {compared(recipient.address): recipient for recipient in message.recipients.order_by("pk")}
    failures = {compared(address): reason for address, reason in failures.items()}
    if len(recipients) == 1 and failures:
        (address,) = recipients
        failures = {address: failures.get(address) or _all_of(failures)}
    named = {address: reason for address, reason in failures.items() if address in recipients}
    marked = {
        recipients[address].address: reason
        for address, reason in named.items()
        if _mark(recipients[address], reason=reason)
    }
    return marked or {address: reason for address, reason in failures.items() if address not in named}


def _mark(recipient: Recipient, *, reason: str) -> bool:
    """False where it was known."""
    if recipient.result == Recipient.Result.BOUNCED:
        return False
    recipient.result, recipient.reply = Recipient.Result.BOUNCED, reason[:REPLY_MOST]
    recipient.save(update_fields=["result", "reply"])
    return True


def _all_of(failures: Mapping[str, str]) -> str:
    return "; ".join(f"{address}: {reason}" if address else reason for address, reason in failures.items())
