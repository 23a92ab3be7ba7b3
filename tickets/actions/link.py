"""Linking tickets that have to do with each other ('Koppel'), and taking a link away (OTRS 7.57, 7.58)."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.changes import NOTHING, Side
from tickets.changing.events import NewEvent, record_all
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.errors import BadInput
from tickets.kinds import EventKind
from tickets.models import Ticket, TicketLink

BY_HAND = (TicketLink.Kind.NORMAL, TicketLink.Kind.PARENT)
"""Of these two, two tickets have one at most; what follows what is another story."""


@atomic_action
def link_tickets(
    *, actor: Actor, source: Ticket, target: Ticket, kind: TicketLink.Kind, now: datetime
) -> TicketLink:
    """Link two tickets, both of which the actor may read; linked so already, nothing happens.

    Of a parent and child the source is the parent, of a follow-up it is the ticket before. Both histories
    name the other's number. Raises `NotAllowed`, `TicketBusy`, and `BadInput` for a ticket with itself, and
    where one is linked to the other as parent, child or without direction and another of these is asked.
    """
    tickets = _locked(actor, source, target)
    ends = _ends(source, target, kind=kind)
    if source.pk == target.pk:
        raise BadInput("ticket", _("A ticket can't be linked to itself."))
    links = TicketLink.objects.filter(Q(source=source, target=target) | Q(source=target, target=source))
    for link in links.filter(kind__in=BY_HAND if kind in BY_HAND else [kind]):
        if (link.source_id, link.target_id, link.kind) == (*ends, kind):
            return link
        raise BadInput("ticket", _("These tickets are linked already. Remove that link first."))
    link = TicketLink.objects.create(source_id=ends[0], target_id=ends[1], kind=kind, at=now)
    _tell(tickets, kind=EventKind.LINKED, actor=actor, now=now)
    return link


@atomic_action
def unlink_tickets(*, actor: Actor, link: TicketLink, now: datetime) -> None:
    """Take a link away; one that is gone already is no error. Raises `NotAllowed`, `TicketBusy`."""
    tickets = _locked(actor, link.source, link.target)
    gone, _by_model = TicketLink.objects.filter(pk=link.pk).delete()
    if gone:
        _tell(tickets, kind=EventKind.UNLINKED, actor=actor, now=now)


def _locked(actor: Actor, *tickets: Ticket) -> list[Ticket]:
    locked = lock_tickets(*(ticket.pk for ticket in tickets))
    for ticket in locked:
        actor.require(QueuePermission.Right.READ, ticket.queue_id)
    return locked


def _ends(source: Ticket, target: Ticket, *, kind: TicketLink.Kind) -> tuple[int, int]:
    """A normal link, which has no direction, is kept from the lower id."""
    ends = source.pk, target.pk
    return (min(ends), max(ends)) if kind == TicketLink.Kind.NORMAL else ends


def _tell(tickets: list[Ticket], *, kind: EventKind, actor: Actor, now: datetime) -> None:
    """In both histories, each naming the other's number and nothing else of it."""
    events = []
    for ticket, linked in zip(tickets, reversed(tickets), strict=True):
        side = Side(id=linked.pk, label=linked.number)
        changes = {"link": [NOTHING, side] if kind == EventKind.LINKED else [side, NOTHING]}
        events.append(NewEvent(ticket=ticket, kind=kind, changes=changes))
    record_all(events, actor=actor, now=now)
