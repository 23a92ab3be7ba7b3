"""Noting on a mail of ours that it came back."""

from collections.abc import Mapping

from outbox.models import OutboundMessage, Recipient

REPLY_MOST = 500


def mark_bounced(message: OutboundMessage, *, failures: Mapping[str, str]) -> dict[str, str]:
    """Mark the recipients who never got the mail; gives those newly marked with the reason.

    `failures`: address in lower case → what their server said. Where the mail had one recipient it is theirs,
    whatever the address: it may have been sent on. Of several, only those that are named.
    """
    recipients = list(message.recipients.order_by("pk"))
    if len(recipients) == 1 and failures:
        address = recipients[0].address.lower()
        failures = {address: failures.get(address) or _all_of(failures)}
    marked: dict[str, str] = {}
    for recipient in recipients:
        reason = failures.get(recipient.address.lower())
        if reason is not None and recipient.result != Recipient.Result.BOUNCED:
            recipient.result, recipient.reply = Recipient.Result.BOUNCED, reason[:REPLY_MOST]
            recipient.save(update_fields=["result", "reply"])
            marked[recipient.address] = reason
    return marked


def _all_of(failures: Mapping[str, str]) -> str:
    return "; ".join(f"{address}: {reason}" if address else reason for address, reason in failures.items())
