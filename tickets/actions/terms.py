"""What beat does for the terms of many tickets: those without facts get them, open ones a queue's new terms.

It is nothing that an agent did: no event tells of it, and `changed` stays. Both go by batches, each locked
for a moment and without what somebody else holds, which has its turn the next time; both may run twice, on
two hosts at once, and be killed anywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db import connection
from django.db.models import F, Q

from tickets.changing.batches import by_batches, work_out_terms
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.changing.retelling import wrote_in
from tickets.facts import (
    ALARM,
    FACTS,
    RULES_VERSION,
    TERMS,
    VERSIONS_MOST,
    Entered,
    Wrote,
    facts_after,
    facts_of,
    untold,
    values_of,
    version_of,
)
from tickets.models import Event, State, StateType, Ticket
from tickets.terms import Facts

COLUMNS = dict.fromkeys((*FACTS, *TERMS, ALARM), "timestamptz") | {"terms_version": "integer"}
SHAPE = """
UPDATE tickets_ticket AS t SET {sets} FROM unnest({arrays}) AS v (id, {names}) WHERE t.id = v.id
"""
WRITE = SHAPE.format(
    sets=", ".join(f"{name} = v.{name}" for name in COLUMNS),
    arrays=", ".join(f"%s::{kind}[]" for kind in ("bigint", *COLUMNS.values())),
    names=", ".join(COLUMNS),
)


def fill_facts() -> int:
    """Read the story of tickets that have no facts yet, open ones first; gives their number.

    Tickets have them from their first article on. Without are those that something else than our actions
    wrote: what an import brings, which leaves this to be done by and by, and rows of before there were facts.
    """
    unread = Ticket.objects.filter(internal_until__isnull=True)
    return by_batches(unread.order_by(F("closed_at").desc(nulls_first=True), "-pk"), _fill)


def apply_terms() -> int:
    """Give open tickets the terms that their queue promises now; gives the number of those with others."""
    has_others = ~Q(terms_version=F("queue__terms_version") * VERSIONS_MOST + RULES_VERSION)
    tickets = Ticket.objects.open().filter(has_others, internal_until__isnull=False)
    return by_batches(tickets, _work_out_and_apply)


def _work_out_and_apply(ids: Sequence[int]) -> int:
    work_out_terms(ids)
    return _apply(ids)


@atomic_action
def _apply(ids: Sequence[int]) -> int:
    tickets = [ticket for ticket in lock_tickets(*ids, wait=False) if _has_others(ticket)]
    _save([(ticket, facts_of(ticket)) for ticket in tickets])
    return len(tickets)


def _has_others(ticket: Ticket) -> bool:
    """Asked again under the lock: an agent, or another host, may have been first."""
    return ticket.is_open and ticket.terms_version != version_of(ticket.queue)


@atomic_action
def _fill(ids: Sequence[int]) -> int:
    tickets = [ticket for ticket in lock_tickets(*ids, wait=False) if ticket.internal_until is None]
    wrote, entered = wrote_in(tickets), _state_changes_of(tickets)
    _save(
        [
            (ticket, _story(ticket, wrote=wrote.get(ticket.pk, []), entered=entered.get(ticket.pk, [])))
            for ticket in tickets
        ]
    )
    return len(tickets)


def _story(ticket: Ticket, *, wrote: Sequence[Wrote], entered: Sequence[Entered]) -> Facts:
    """The facts by all that was written and changed; where events are missing the row itself is believed."""
    began = entered[0].before if entered else StateType.NEW
    known = entered[-1].after if entered else StateType.NEW
    ended = ticket.closed_at or ticket.changed
    facts = facts_after(
        untold(ticket),
        [
            *wrote,
            Entered(before=StateType.NEW, after=began, at=ticket.created),
            *entered,
            Entered(before=known, after=ticket.state_type, at=ended),
        ],
    )
    return replace(facts, internal_until=facts.internal_until or ticket.created)


def _state_changes_of(tickets: Iterable[Ticket]) -> Mapping[int, list[Entered]]:
    types = dict(State.objects.values_list("pk", "type"))
    changes = Event.objects.filter(ticket__in=[ticket.pk for ticket in tickets], changes__has_key="state")
    by_ticket: dict[int, list[Entered]] = {}
    for ticket_id, at, (before, after) in changes.order_by("pk").values_list(
        "ticket_id", "at", "changes__state"
    ):
        began = types.get(before["id"], StateType.NEW)  # nothing was before the state that it was made with
        entered = Entered(before=began, after=types[after["id"]], at=at)
        by_ticket.setdefault(ticket_id, []).append(entered)
    return by_ticket


def _save(tickets: Sequence[tuple[Ticket, Facts]]) -> None:
    if not tickets:
        return
    values = [values_of(facts, queue=ticket.queue) for ticket, facts in tickets]
    columns = [[row[name] for row in values] for name in COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [[ticket.pk for ticket, _facts in tickets], *columns])
