"""Agents who are to be told, and what they were."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from accounts.models import Agent, Preferences
from blobs.store import read_bytes
from notify.models import Notification
from outbox.models import OutboundMessage
from queues.models import Queue, QueueSubscription

ALL = ("mails_new", "mails_follow_up", "mails_time_out", "mails_moved", "mails_followed")


def wants(agent: Agent, *names: str, **values: Any) -> None:
    """Switch these mails on."""
    defaults = dict.fromkeys(names, True) | values
    Preferences.objects.update_or_create(agent=agent, defaults=defaults)


def subscribe(agent: Agent, queue: Queue) -> None:
    QueueSubscription.objects.create(agent=agent, queue=queue)


def keeps_an_eye_on(agent: Agent, queue: Queue, **values: Any) -> None:
    """The queue is one of theirs, and they want every mail there is."""
    subscribe(agent, queue)
    wants(agent, *ALL, **values)


def mails_to(agent: Agent) -> list[EmailMessage]:
    """What is in the outbox for this agent, in the order in which it was written."""
    rows = OutboundMessage.objects.filter(recipients__address=agent.email).order_by("pk")
    return [message_from_bytes(read_bytes(row.mime_id), policy=policy.default) for row in rows]


def subjects_to(agent: Agent) -> list[str]:
    return [str(mail["Subject"]) for mail in mails_to(agent)]


def states() -> list[str]:
    """What became of each notification."""
    return list(Notification.objects.order_by("pk").values_list("state", flat=True))


def text_of(mail: EmailMessage) -> str:
    """Its text, with lines as we write them."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
