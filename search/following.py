"""What comes behind a ticket in what was found, for who goes on from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Q

from search.find import SIZE_MOST, Sort, Which, find
from tickets.actor import Actor
from tickets.models import StateType, Ticket
from tickets.models.ticket import TicketQuerySet
from tickets.queries.listed import Listed, listed

TO_DO_TYPES: Final = (StateType.NEW, StateType.OPEN)


@dataclass(frozen=True, slots=True)
class Behind:
    """The place of a ticket among what was found, noted before something is done to it.

    `best`: what comes behind it where the best come first; the other orders need no note.
    """

    which: Which
    ticket_id: int
    sort: Sort = Sort.NEWEST
    best: tuple[int, ...] | None = None


def behind(which: Which, *, ticket_id: int, sort: Sort) -> Behind:
    """Note the place; no statement but where the best come first, of which the first 200 are asked for."""
    if sort is not Sort.BEST:
        return Behind(which, ticket_id, sort)
    page = find(which, size=SIZE_MOST, sort=sort)
    if page.sort is not Sort.BEST:
        return Behind(which, ticket_id, page.sort)
    here = page.ids.index(ticket_id) + 1 if ticket_id in page.ids else len(page.ids)
    return Behind(which, ticket_id, page.sort, tuple(page.ids[here:]))


def following(place: Behind) -> Listed | None:
    """The next that can be gone on with: it neither waits nor does a colleague have it."""
    actor = place.which.actor
    if place.best is not None:
        return _first(place.best, actor=actor)
    among = place.which.among if place.which.among is not None else Ticket.objects.all()
    which = replace(place.which, among=_to_do(among, actor=actor))
    return _first(find(which, size=1, begin=str(place.ticket_id), sort=place.sort).ids, actor=actor)


def _first(ids: Sequence[int], *, actor: Actor) -> Listed | None:
    """The first of these that is to be done."""
    left = set(_to_do(Ticket.objects.all(), actor=actor).filter(pk__in=ids).values_list("pk", flat=True))
    first = next((ticket_id for ticket_id in ids if ticket_id in left), None)
    return next(iter(listed(actor=actor, ids=[first])), None) if first is not None else None


def _to_do(tickets: TicketQuerySet, *, actor: Actor) -> TicketQuerySet:
    mine = Q(locked=False) | Q(owner_id=actor.agent_rights.agent_id)
    return tickets.filter(mine, state_type__in=TO_DO_TYPES)
