"""The facts of a ticket's terms in its row: what an action changes of them, and the terms that follow.

A ticket that was not made by our actions, as by an import, has none until the sweeper has read its story
(`internal_until` is empty): what happens to it meanwhile is a part of that story, so nothing is set here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from queues.calendars import calendar_of
from queues.models import Queue
from queues.worktime import ALWAYS
from tickets.changing.articles import NewArticle
from tickets.models import OPEN_TYPES, Article, StateType, Ticket
from tickets.models.ticket import PENDING_TYPES
from tickets.terms import Facts, TermRules, Terms, after_article, after_state, first_of, terms_of

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
ALARM = "alarm_at"
"""When beat has something to tell of the ticket next, see `tickets.alarms`; set beside the terms."""

RULES_VERSION = 1
"""Counted up where this program computes otherwise than before: beat then does so to all open tickets."""
VERSIONS_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """An article was written; without `waits` nobody waits for an answer to it."""

    sender_type: str
    is_visible: bool
    waits: bool = True
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The ticket went from a state of one type to one of another."""

    before: str
    after: str
    at: datetime


Happened = Wrote | Entered


def first_values(ticket: Ticket, *, new: NewArticle) -> dict[str, object]:
    """Facts and terms of a ticket, not saved yet, that begins with this article, as fields and values."""
    at = ticket.created
    facts = facts_after(
        untold(ticket),
        (
            Wrote(sender_type=new.sender_type, is_visible=new.is_visible, at=at),
            Entered(before=StateType.NEW, after=ticket.state_type, at=at),
        ),
    )
    return values_of(facts, queue=ticket.queue)


def changed_values(ticket: Ticket, happened: Sequence[Happened], *, moved: bool) -> dict[str, object]:
    """What is other now of a ticket's facts and terms, as fields and values.

    `happened`: what an action did, in its order, which the ticket's other fields tell already; `moved`:
    whether it has another queue now. What is as it was is left out, so that tickets which come to the same
    values can share a statement.
    """
    if ticket.internal_until is None or not (happened or moved):
        return {}
    values = values_of(facts_after(facts_of(ticket), happened), queue=ticket.queue)
    return {name: value for name, value in values.items() if value != getattr(ticket, name)}


def values_of(facts: Facts, *, queue: Queue) -> dict[str, object]:
    """Facts, and the terms that follow from them in this queue, with the version that these have.

    What was told already is told of again by `alarm_at`, and found to be told, where it matters.
    """
    rules = rules_of(queue)
    terms = terms_of(facts, rules, calendar_of(queue) if rules.has_any else ALWAYS)
    named = {name: getattr(facts, name) for name in FACTS} | {name: getattr(terms, name) for name in TERMS}
    alarm = first_of(terms.warns_at, terms.escalates_at, facts.remind_at)
    return named | {ALARM: alarm, "terms_version": version_of(queue)}


def version_of(queue: Queue) -> int:
    """Which promises a ticket of the queue is computed with now: the queue's, by this program's rules."""
    return queue.terms_version * VERSIONS_MOST + RULES_VERSION


def facts_after(facts: Facts, happened: Iterable[Happened]) -> Facts:
    """The facts once all of this has happened: only what people said to each other counts (9.5, 9.9)."""
    for deed in happened:
        if isinstance(deed, Entered):
            facts = after_state(
                facts,
                was_open=deed.before in OPEN_TYPES,
                is_open=deed.after in OPEN_TYPES,
                is_closed=deed.after == StateType.CLOSED,
                at=deed.at,
            )
        else:
            facts = after_article(
                facts,
                by_agent=deed.is_visible and deed.sender_type == Sender.AGENT,
                by_customer=deed.is_visible and deed.sender_type == Sender.CUSTOMER and deed.waits,
                at=deed.at,
            )
    return facts


def untold(ticket: Ticket) -> Facts:
    """The facts before anything of the ticket's story is told."""
    reminds = ticket.state_type == StateType.PENDING_REMINDER
    return Facts(
        created=ticket.created,
        is_pending=ticket.state_type in PENDING_TYPES,
        remind_at=ticket.pending_until if reminds else None,
    )


def facts_of(ticket: Ticket) -> Facts:
    """The facts as the ticket's row has them."""
    return replace(
        untold(ticket),
        is_open=ticket.is_open,
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
