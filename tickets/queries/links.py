"""Which tickets one is linked with, as seen from it."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from queues.access import Rights
from tickets.models import StateType, Ticket, TicketLink

Kind = TicketLink.Kind


class Relation(TextChoices):
    """What the other ticket is to this one."""

    NORMAL = "normal", _("linked normally")
    PARENT = "parent", _("this is a part of it")
    CHILD = "child", _("a part of this ticket")
    BEFORE = "before", _("came before this ticket")
    AFTER = "after", _("follows this ticket")


class Linked(NamedTuple):
    """A ticket at the other end of a link (by its id), and what it is to this one."""

    link: int
    relation: Relation
    ticket: Ticket


RELATIONS = {
    Kind.NORMAL: (Relation.NORMAL, Relation.NORMAL),
    Kind.PARENT: (Relation.CHILD, Relation.PARENT),
    Kind.FOLLOW_UP: (Relation.AFTER, Relation.BEFORE),
}
"""Kind of a link → what the target is to the source, and what the source is to the target."""
HIDDEN = (StateType.MERGED, StateType.REMOVED)
TICKET_IS_LINKED = Exists(
    TicketLink.objects.filter(Q(source=OuterRef("ticket")) | Q(target=OuterRef("ticket")))
)
"""Of what belongs to a ticket, for a statement that reads it anyway: whether that ticket has a link."""


def links_of(ticket: Ticket, *, rights: Rights) -> list[Linked]:
    """Those to tickets that the agent may see, the oldest first; nothing is told of any other. One statement.

    Links to merged and removed tickets are left out (OTRS 7.58).
    """
    return [_seen_from(ticket, link) for link in _visible(ticket, rights=rights).order_by("pk")]


def link_of(ticket: Ticket, *, link_id: int, rights: Rights) -> TicketLink | None:
    """One of them, if it is there and may be seen."""
    return _visible(ticket, rights=rights).filter(pk=link_id).first()


def _visible(ticket: Ticket, *, rights: Rights) -> QuerySet[TicketLink]:
    visible = sorted(rights.visible)
    from_here = Q(source=ticket, target__queue__in=visible) & ~Q(target__state_type__in=HIDDEN)
    to_here = Q(target=ticket, source__queue__in=visible) & ~Q(source__state_type__in=HIDDEN)
    links = TicketLink.objects.filter(from_here | to_here)
    return links.select_related("source__state", "target__state")


def _seen_from(ticket: Ticket, link: TicketLink) -> Linked:
    target_is, source_is = RELATIONS[Kind(link.kind)]
    if link.source_id == ticket.pk:
        return Linked(link.pk, target_is, link.target)
    return Linked(link.pk, source_is, link.source)
