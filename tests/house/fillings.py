"""What the form of each screen holds that is in order, for a ticket and a queue to move it to."""

from datetime import timedelta

from django.utils import timezone

from blobs.store import store_bytes
from queues.models import Queue, QueuePermission
from tests.factories import NOW, grant, make_agent, make_customer, make_free_field, make_ticket
from tickets.models import Article, Priority, Ticket
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

Values = dict[str, object]


def reply(ticket: Ticket, target: Queue) -> Values:
    return {
        "to": "Karin Klant <karin@post.example>",
        "cc": "",
        "bcc": "",
        "seen_event": newest_event(ticket).event,
        "kind": "external",
        "answered": ticket.articles.filter(is_visible=True).latest("pk").pk,
        "state": state_by_key("closed_successful").pk,
        "pending_until": "",
    }


def forward(ticket: Ticket, target: Queue) -> Values:
    return {
        "to": "Bram Bos <bram@elders.example>",
        "cc": "",
        "bcc": "",
        "seen_event": newest_event(ticket).event,
        "state": state_by_key("closed_successful").pk,
        "pending_until": "",
    }


def keep_mail(ticket: Ticket) -> None:
    """Keep the ticket's mails as if they had come in by a mail server."""
    raw = store_bytes(b"From: Karin Klant <karin@post.example>\r\nSubject: Vraag\r\n\r\nHoe gaat dat?\r\n")
    ticket.articles.filter(direction=Article.Direction.IN, raw=None).update(raw=raw)


def bounce(ticket: Ticket, target: Queue) -> Values:
    keep_mail(ticket)
    return {
        "to": "bram@elders.example",
        "seen_event": newest_event(ticket).event,
        "state": state_by_key("closed_successful").pk,
    }


def note(ticket: Ticket, target: Queue) -> Values:
    return {"kind": "internal"}


def close(ticket: Ticket, target: Queue) -> Values:
    return {"state": state_by_key("closed_successful").pk, "kind": "internal"}


def move(ticket: Ticket, target: Queue) -> Values:
    return {"queue": target.pk, "new_owner": "", "previous_owner": "", "state": "", "pending_until": ""}


def owner(ticket: Ticket, target: Queue) -> Values:
    """Somebody who has come for this."""
    agent, now = make_agent(), Ticket.objects.select_related("queue").get(pk=ticket.pk)
    grant(agent, now.queue, QueuePermission.Right.OWNER)
    return {"new_owner": agent.pk}


def wait(ticket: Ticket, target: Queue) -> Values:
    until = max(timezone.now(), NOW) + timedelta(days=30)
    return {"state": state_by_key("pending_reminder").pk, "pending_until": f"{until:%Y-%m-%dT%H:%M}"}


def priority(ticket: Ticket, target: Queue) -> Values:
    now = Ticket.objects.values_list("priority", flat=True).get(pk=ticket.pk)
    return {"priority": min(set(Priority.values) - {now, ticket.priority})}


def customer(ticket: Ticket, target: Queue) -> Values:
    """Somebody who has come for this."""
    return {"customer": str(make_customer().addresses.get()), "customer_id": "", "customer_for": ""}


def fields(ticket: Ticket, target: Queue) -> Values:
    """A field of its own, so that no form finds there what it brings."""
    return {f"free_{make_free_field('short').pk}": "Zandhorst"}


def call_to_customer(ticket: Ticket, target: Queue) -> Values:
    return {
        "state": state_by_key("closed_successful").pk,
        "pending_until": "",
        "seen_event": newest_event(ticket).event,
    }


def call_of_customer(ticket: Ticket, target: Queue) -> Values:
    return {"state": state_by_key("open").pk, "pending_until": ""}


def link(ticket: Ticket, target: Queue) -> Values:
    """With another one of the same queue, which has come for this."""
    return {"ticket": make_ticket(ticket.queue).number, "chosen": "", "kind": "normal"}


def merge(ticket: Ticket, target: Queue) -> Values:
    """Into another one of the same queue, which has come for this."""
    return {"ticket": make_ticket(ticket.queue).number, "chosen": ""}
