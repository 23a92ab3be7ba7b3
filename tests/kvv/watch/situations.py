"""Mailboxes and transports in every state that the watch tells apart."""

from datetime import datetime, timedelta
from typing import Any

from mailgate.models import Mailbox
from outbox.models import OutboundMessage, Transport
from outbox.queueing import enqueue

MINUTE = timedelta(minutes=1)


def make_mailbox(name: str = "spel@kvv.example", **values: Any) -> Mailbox:
    """A mailbox that is fetched every minute."""
    defaults: dict[str, Any] = {"host": "127.0.0.1", "username": "demo", "password": "demo"}
    return Mailbox.objects.create(name=name, **(defaults | values))


def failing_mailbox(*, now: datetime, minutes: int = 10, **values: Any) -> Mailbox:
    """One that has not worked for so many minutes."""
    since = now - minutes * MINUTE
    return make_mailbox(**({"last_success": since, "failing_since": since, "next_poll": now} | values))


def make_transport(name: str = "post", **values: Any) -> Transport:
    """A server that takes mail."""
    return Transport.objects.create(name=name, host="127.0.0.1", port=25, **values)


def failing_transport(*, now: datetime, minutes: int = 10, **values: Any) -> Transport:
    """One that could not be reached for so many minutes."""
    defaults: dict[str, Any] = {"failing_since": now - minutes * MINUTE, "is_default": True}
    return make_transport(**(defaults | values))


def waiting_mail(key: str = "een", **values: Any) -> OutboundMessage:
    """An answer that waits to be sent."""
    made = enqueue(
        mime=b"Subject: Antwoord\r\n\r\nZo.\r\n",
        message_id=f"{key}@kvv.example",
        sender="spel@kvv.example",
        recipients=["karin@post.example"],
        subject="Antwoord",
        dedupe_key=key,
    )
    OutboundMessage.objects.filter(pk=made.pk).update(**values)
    return made
