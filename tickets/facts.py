"""The facts of a ticket's terms in its row: what an action changes of them, and the terms that follow.

A ticket that was not made by our actions, as by an import, has none until the sweeper has read its story
(`internal_until` is empty): what happens to it meanwhile is a part of that story, so nothing is set here.
"""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

from queues.calendars import calendar_of
from queues.models import Queue
from tickets.changing.articles import NewArticle
from tickets.models import OPEN_TYPES, Article, StateType, Ticket
from tickets.models.ticket import PENDING_TYPES
from tickets.terms import NO_TERMS, Facts, TermRules, Terms, after_article, after_state, terms_of

Sender = Article.SenderType

FACTS = (
    "first_answer_at",
    "last_answer_at",
    "waits_since",
    "internal_until",
    "first_closed_at",
    "reopened_at",
)
TERMS = tuple(field.name for field in fields(Terms))
TERMS_FOLLOW_FROM = frozenset({"queue", "state_type", *FACTS})


def first_facts(new: NewArticle, *, state_type: str, now: datetime) -> dict[str, object]:
    """What a ticket that begins with this article, in a state of this type, sets of its facts."""
    facts = article_written(
        Facts(created=now), sender_type=new.sender_type, is_visible=new.is_visible, at=now
    )
    return fact_values(state_entered(facts, state_type=state_type, at=now))


def article_facts(ticket: Ticket, *, new: NewArticle, at: datetime, waits: bool = True) -> dict[str, object]:
    """What a further article changes of the facts; without `waits` nobody waits for an answer to it."""
    facts = facts_of(ticket)
    after = article_written(facts, sender_type=new.sender_type, is_visible=new.is_visible, waits=waits, at=at)
    return _changed(ticket, after)


def state_facts(ticket: Ticket, *, state_type: str, at: datetime) -> dict[str, object]:
    """What entering a state of this type changes of the facts, asked while the ticket is in its old one."""
    return _changed(ticket, state_entered(facts_of(ticket), state_type=state_type, at=at))


def changed_terms(ticket: Ticket, *, because: Collection[str]) -> dict[str, object]:
    """The terms that are others now, as fields and values, with the version of the queue's that they follow.

    `because`: the fields that were changed. Terms that are as they were are left out, so that tickets which
    come to the same values can share a statement.
    """
    if ticket.internal_until is None or TERMS_FOLLOW_FROM.isdisjoint(because):
        return {}
    values = term_values(ticket)
    return {name: value for name, value in values.items() if value != getattr(ticket, name)}


def term_values(ticket: Ticket) -> dict[str, object]:
    """The terms that follow from the ticket's facts, as fields and values, with the version they have."""
    queue, terms = ticket.queue, NO_TERMS
    rules = rules_of(queue)
    if rules.has_any:
        terms = terms_of(facts_of(ticket), rules, calendar_of(queue))
    return {name: getattr(terms, name) for name in TERMS} | {"terms_version": queue.terms_version}


def article_written(
    facts: Facts, *, sender_type: str, is_visible: bool, waits: bool = True, at: datetime
) -> Facts:
    """The facts once such an article is written: only what people said to each other counts (9.5, 9.9)."""
    return after_article(
        facts,
        by_agent=is_visible and sender_type == Sender.AGENT,
        by_customer=is_visible and sender_type == Sender.CUSTOMER and waits,
        at=at,
    )


def state_entered(facts: Facts, *, state_type: str, at: datetime) -> Facts:
    """The facts once a state of this type is entered."""
    is_closed = state_type == StateType.CLOSED
    return after_state(facts, is_open=state_type in OPEN_TYPES, is_closed=is_closed, at=at)


def facts_of(ticket: Ticket) -> Facts:
    """The facts as the ticket's row has them."""
    return Facts(
        created=ticket.created,
        is_open=ticket.is_open,
        is_pending=ticket.state_type in PENDING_TYPES,
        first_answer_at=ticket.first_answer_at,
        last_answer_at=ticket.last_answer_at,
        waits_since=ticket.waits_since,
        internal_until=ticket.internal_until,
        first_closed_at=ticket.first_closed_at,
        reopened_at=ticket.reopened_at,
    )


def rules_of(queue: Queue) -> TermRules:
    """What a queue promises."""
    return TermRules(
        first_response_minutes=queue.first_response_minutes,
        update_minutes=queue.update_minutes,
        solution_minutes=queue.solution_minutes,
        notify_percent=queue.notify_percent,
        update_only_while_waiting=queue.update_only_while_waiting,
        solution_restarts_on_reopen=queue.solution_restarts_on_reopen,
    )


def _changed(ticket: Ticket, facts: Facts) -> dict[str, object]:
    """What differs from the ticket's row; nothing where the sweeper has still to read its story."""
    if ticket.internal_until is None:
        return {}
    return {name: value for name, value in fact_values(facts).items() if value != getattr(ticket, name)}


def fact_values(facts: Facts) -> dict[str, object]:
    """The facts as fields of a ticket and their values."""
    return {name: getattr(facts, name) for name in FACTS}
