"""What beat does for the terms of many tickets: those without facts get them, open ones a queue's new terms.

It is nothing that an agent did: no event tells of it, and `changed` stays. Both go by batches, each locked
for a moment and without what somebody else holds, which has its turn the next time; both may run twice, on
two hosts at once, and be killed anywhere.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from django.db import connection
from django.db.models import F, Q, QuerySet

from tickets.changing.locking import atomic_action, lock_tickets
from tickets.facts import FACTS, TERMS, article_written, fact_values, facts_of, state_entered, term_values
from tickets.models import Article, Event, State, Ticket
from tickets.terms import Facts

BATCH = 50
TICKETS_MOST = 10_000
"""Of one run: it should be over when the next one is due."""

COLUMNS = dict.fromkeys((*FACTS, *TERMS), "timestamptz") | {"terms_version": "integer"}
SHAPE = """
UPDATE tickets_ticket AS t SET {sets} FROM unnest({arrays}) AS v (id, {names}) WHERE t.id = v.id
"""
WRITE = SHAPE.format(
    sets=", ".join(f"{name} = v.{name}" for name in COLUMNS),
    arrays=", ".join(f"%s::{kind}[]" for kind in ("bigint", *COLUMNS.values())),
    names=", ".join(COLUMNS),
)

WrittenArticle = tuple[str, bool, bool, datetime]
"""Of an article: who sent it, whether the customer sees it, whether a machine wrote it, when."""
StateChange = tuple[str, str, datetime]
"""Of a change of state: the type before, the type after, when."""


def fill_facts() -> int:
    """Read the story of tickets that have no facts yet, open ones first; gives their number.

    Tickets have them from their first article on. Without are those that something else than our actions
    wrote: what an import brings, which leaves this to be done by and by, and rows of before there were facts.
    """
    unread = Ticket.objects.filter(internal_until__isnull=True)
    return _by_batches(unread.order_by(F("closed_at").desc(nulls_first=True), "-pk"), _fill)


def apply_terms() -> int:
    """Give open tickets the terms that their queue promises now; gives the number of those with others."""
    has_others = ~Q(terms_version=F("queue__terms_version"))
    return _by_batches(Ticket.objects.open().filter(has_others, internal_until__isnull=False), _apply)


def _by_batches(tickets: QuerySet[Ticket], work: Callable[[Sequence[int]], int]) -> int:
    ids = iter(list(tickets.values_list("pk", flat=True)[:TICKETS_MOST]))
    done = 0
    while batch := list(islice(ids, BATCH)):
        done += work(batch)
    return done


@atomic_action
def _apply(ids: Sequence[int]) -> int:
    tickets = [ticket for ticket in lock_tickets(*ids, wait=False) if _has_others(ticket)]
    _save(tickets)
    return len(tickets)


def _has_others(ticket: Ticket) -> bool:
    """Asked again under the lock: an agent, or another host, may have been first."""
    return ticket.is_open and ticket.terms_version != ticket.queue.terms_version


@atomic_action
def _fill(ids: Sequence[int]) -> int:
    tickets = [ticket for ticket in lock_tickets(*ids, wait=False) if ticket.internal_until is None]
    articles, states = _articles_of(tickets), _state_changes_of(tickets)
    for ticket in tickets:
        facts = _story(ticket, articles=articles.get(ticket.pk, []), states=states.get(ticket.pk, []))
        for name, value in fact_values(facts).items():
            setattr(ticket, name, value)
    _save(tickets)
    return len(tickets)


def _story(ticket: Ticket, *, articles: Iterable[WrittenArticle], states: Sequence[StateChange]) -> Facts:
    """The facts by all that was written and changed; where events are missing the row itself is believed.

    Nobody waits for an answer to what a machine wrote, unless the ticket began with it.
    """
    facts = Facts(created=ticket.created)
    for sender_type, is_visible, is_automatic, at in articles:
        waits = facts.internal_until is None or not is_automatic
        facts = article_written(facts, sender_type=sender_type, is_visible=is_visible, waits=waits, at=at)
    if states:
        facts = state_entered(facts, state_type=states[0][0], at=ticket.created)
    for _before, after, at in states:
        facts = state_entered(facts, state_type=after, at=at)
    facts = state_entered(facts, state_type=ticket.state_type, at=ticket.closed_at or ticket.changed)
    return replace(facts, internal_until=facts.internal_until or ticket.created)


def _articles_of(tickets: Iterable[Ticket]) -> Mapping[int, list[WrittenArticle]]:
    rows = Article.objects.filter(ticket__in=[ticket.pk for ticket in tickets]).order_by("pk")
    by_ticket: dict[int, list[WrittenArticle]] = {}
    for ticket_id, sender_type, is_visible, is_automatic, at in rows.values_list(
        "ticket_id", "sender_type", "is_visible", "is_automatic", "created"
    ):
        by_ticket.setdefault(ticket_id, []).append((sender_type, is_visible, is_automatic, at))
    return by_ticket


def _state_changes_of(tickets: Iterable[Ticket]) -> Mapping[int, list[StateChange]]:
    types = dict(State.objects.values_list("pk", "type"))
    changes = Event.objects.filter(ticket__in=[ticket.pk for ticket in tickets], changes__has_key="state")
    by_ticket: dict[int, list[StateChange]] = {}
    for ticket_id, at, (before, after) in changes.order_by("pk").values_list(
        "ticket_id", "at", "changes__state"
    ):
        by_ticket.setdefault(ticket_id, []).append((types[before["id"]], types[after["id"]], at))
    return by_ticket


def _save(tickets: Sequence[Ticket]) -> None:
    if not tickets:
        return
    values = [fact_values(facts_of(ticket)) | term_values(ticket) for ticket in tickets]
    columns = [[row[name] for row in values] for name in COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [[ticket.pk for ticket in tickets], *columns])
