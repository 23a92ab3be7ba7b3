"""Merging and undoing it, as the tests do it, and all that it may move."""

import uuid
from datetime import timedelta
from typing import Any

from accounts.models import Agent
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from tests.factories import (
    NOW,
    actor,
)
from tickets.actions.merge import merge_tickets
from tickets.actions.note import add_note
from tickets.actions.unmerge import unmerge_tickets
from tickets.changing.forms import Form
from tickets.changing.once import Done
from tickets.changing.written import Written
from tickets.kinds import EventKind
from tickets.models import (
    Article,
    Draft,
    Event,
    Ticket,
    TicketLink,
    TicketMerge,
    TicketWatcher,
)

NORMAL, PARENT = TicketLink.Kind.NORMAL, TicketLink.Kind.PARENT
ROW = [field.attname for field in Ticket._meta.fields if field.name != "changed"]


def merge(agent: Agent, ticket: Ticket, into: Ticket, **values: Any) -> Done:
    form = values.pop("form", None) or Form(submission=uuid.uuid4(), **values.pop("with_", {}))
    return merge_tickets(actor=actor(agent), ticket=ticket, into=into, form=form, now=NOW, **values)


def undo(agent: Agent, merged: TicketMerge | None = None) -> None:
    row = merged or TicketMerge.objects.latest("pk")
    unmerge_tickets(actor=actor(agent), merge=row, now=NOW + timedelta(hours=1))


def row_of(ticket: Ticket) -> dict[str, object]:
    """All of its row, but when it was changed."""
    return dict(Ticket.objects.values(*ROW).get(pk=ticket.pk))


def whole(*tickets: Ticket) -> dict[str, object]:
    """All that a merge may move, of these tickets."""
    ids = [ticket.pk for ticket in tickets]
    told = Event.objects.filter(ticket__in=ids).exclude(kind__in=[EventKind.MERGED, EventKind.UNMERGED])
    return {
        "rows": [row_of(ticket) for ticket in tickets],
        "articles": list(Article.objects.filter(ticket__in=ids).order_by("pk").values("pk", "ticket")),
        "events": list(told.order_by("pk").values("pk", "ticket")),
        "links": set(TicketLink.objects.values_list("source", "target", "kind", "at")),
        "watchers": set(TicketWatcher.objects.values_list("ticket", "agent")),
        "drafts": set(Draft.objects.values_list("ticket", "submission")),
    }


def note(agent: Agent, ticket: Ticket) -> None:
    written = Written(submission=uuid.uuid4(), subject="Notitie", html="<p>Zo.</p>")
    add_note(actor=actor(agent), ticket=ticket, note=written, now=NOW + timedelta(minutes=1))


def arrives(subject: str, *, references: str = "", sender: str = "karin@post.example") -> Article:
    raw = (
        f"From: {sender}\r\nTo: spel@kvv.example\r\nSubject: {subject}\r\nReferences: {references}\r\n"
        f"Message-ID: <{uuid.uuid4()}@post.example>\r\n\r\nNog iets.\r\n"
    ).encode()
    deliver(take_in_many([Arrival(raw=raw, way=InboundMessage.Way.PIPE)], lease=uuid.uuid4()))
    return Article.objects.latest("pk")
