"""Linking tickets that have to do with each other ('Koppel'), and taking a link away (OTRS 7.57, 7.58)."""

from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.changes import NOTHING, Changes, Side
from tickets.changing.events import NewEvent, record_all
from tickets.changing.forms import Form
from tickets.changing.frame import begin_all, require_whole
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.errors import BadInput
from tickets.kinds import EventKind
from tickets.models import Ticket, TicketLink

READ = QueuePermission.Right.READ
BY_HAND = (TicketLink.Kind.NORMAL, TicketLink.Kind.PARENT)
"""Of these two, two tickets have one at most; what follows what is another story."""
LINKS_MOST = 50
"""Of one ticket by hand: more say nothing any more, and each is read with the ticket."""

PARENTS = """
WITH RECURSIVE above (id) AS (
    SELECT %(child)s::bigint
    UNION SELECT link.source_id FROM tickets_ticketlink AS link JOIN above ON link.target_id = above.id
    WHERE link.kind = 'parent'
)
SELECT EXISTS (SELECT FROM above WHERE id = %(parent)s)
"""


@same_form_once
@atomic_action
def link_tickets(
    *,
    actor: Actor,
    source: Ticket,
    target: Ticket,
    kind: TicketLink.Kind,
    form: Form | None = None,
    asked_in: Ticket | None = None,
    now: datetime,
) -> Done:
    """Link two tickets, both of which the actor may read (OTRS 7.58).

    Of a parent and child the source is the parent, of a follow-up it is the ticket before. Both histories
    name the other's number; `asked_in` is the one whose form asked for it, if not the source. Raises
    `NotAllowed`, `TicketBusy`, and `BadInput` for a ticket with itself, where one is linked to the other
    already or has links enough, and where each would be a part of the other.
    """
    if source.pk == target.pk:
        raise BadInput("ticket", _("A ticket can't be linked to itself."))
    both = begin_all([source, target], actor=actor, right=READ, now=now, needs_lock=False)
    links = TicketLink.objects.filter(Q(source=source, target=target) | Q(source=target, target=source))
    if links.filter(kind__in=BY_HAND if kind in BY_HAND else [kind]).exists():
        raise BadInput("ticket", _("These tickets are linked already. Remove that link first."))
    if kind in BY_HAND:
        _check_by_hand(both, kind=kind)
    first, second = _ends(source, target, kind=kind)
    TicketLink.objects.create(source_id=first, target_id=second, kind=kind, at=now)
    if asked_in == target:
        both.reverse()
    return _tell(both, kind=EventKind.LINKED, form=form)


@same_form_once
@atomic_action
def unlink_tickets(*, actor: Actor, link: TicketLink, form: Form | None = None, now: datetime) -> Done:
    """Take a link away. Raises `NotAllowed`, `TicketBusy`, and `BadInput` where it is gone already."""
    both = begin_all([link.source, link.target], actor=actor, right=READ, now=now, needs_lock=False)
    ends = {"source": link.source_id, "target": link.target_id}  # a merge may have led it elsewhere
    gone, _by_model = TicketLink.objects.filter(pk=link.pk, **ends).delete()
    if not gone:
        raise BadInput("ticket", _("These tickets are not linked any more."))
    return _tell(both, kind=EventKind.UNLINKED, form=form)


def _ends(source: Ticket, target: Ticket, *, kind: TicketLink.Kind) -> tuple[int, int]:
    """A normal link, which has no direction, is kept from the lower id."""
    ends = source.pk, target.pk
    return (min(ends), max(ends)) if kind == TicketLink.Kind.NORMAL else ends


def _check_by_hand(both: list[Changes], *, kind: TicketLink.Kind) -> None:
    """Raise for what a link by hand may not be: `TicketMerged`, `BadInput`; a parent is the first."""
    for ticket in (changes.ticket for changes in both):
        require_whole(ticket)
        ends = Q(source=ticket) | Q(target=ticket)
        if TicketLink.objects.filter(ends, kind__in=BY_HAND).count() >= LINKS_MOST:
            sentence = _("%(ticket)s has %(n)s links already. Remove one first.")
            raise BadInput("ticket", sentence % {"ticket": ticket.number, "n": LINKS_MOST})
    parent, child = (changes.ticket for changes in both)
    if kind == TicketLink.Kind.PARENT and _is_above(child, parent):
        raise BadInput("ticket", _("Each would be a part of the other. Choose another kind of link."))


def _is_above(ticket: Ticket, other: Ticket) -> bool:
    """Whether the other ticket is a part of this one, or of one of its parts."""
    with connection.cursor() as cursor:
        cursor.execute(PARENTS, {"child": other.pk, "parent": ticket.pk})
        return bool(cursor.fetchone()[0])


def _tell(both: list[Changes], *, kind: EventKind, form: Form | None) -> Done:
    """In both histories, each naming the other's number and nothing else of it; the form is the first's."""
    events = []
    for changes, other in zip(both, reversed(both), strict=True):
        side = Side(id=other.ticket.pk, label=other.ticket.number)
        sides = {"link": [NOTHING, side] if kind == EventKind.LINKED else [side, NOTHING]}
        asked_by = form if changes is both[0] else None
        events.append(NewEvent(ticket=changes.ticket, kind=kind, changes=sides, form=asked_by))
    event, _other = record_all(events, actor=both[0].actor, now=both[0].now)
    return Done(ticket=both[0].ticket, event=event)
