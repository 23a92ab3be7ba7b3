"""Mails for a mail server, and what became of them."""

from typing import Any

from outbox.models import OutboundMessage, Recipient
from outbox.queueing import enqueue

MIME = b"Subject: Antwoord\r\n\r\nDat gaat zo.\r\n"


def queued(*recipients: str, **values: Any) -> OutboundMessage:
    """A mail that waits to be sent, to Karin unless somebody is named; `key` is its own name."""
    key = values.pop("key", "een")
    defaults: dict[str, Any] = {
        "mime": MIME,
        "message_id": f"{key}@kvv.example",
        "sender": "spel@kvv.example",
        "recipients": recipients or ("karin@post.example",),
        "subject": "Antwoord",
        "dedupe_key": key,
    }
    return enqueue(**(defaults | values))


def state_of(message: OutboundMessage) -> str:
    message.refresh_from_db()
    return message.state


def results(message: OutboundMessage) -> dict[str, str]:
    return dict(Recipient.objects.filter(message=message).values_list("address", "result"))
