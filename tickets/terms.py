"""Escalation: the three terms of a ticket, and the facts they follow from (OTRS 9).

Pure: plain values in and out. What an article or a state does to the facts is written here once, for the
action that writes it as for the sweeper that reads an old ticket's whole story.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from queues.worktime import WorkCalendar, add_working_time


class Term(StrEnum):
    """What a queue promises: a first answer, an answer to what the customer wrote, an end."""

    FIRST_RESPONSE = "first_response"
    UPDATE = "update"
    SOLUTION = "solution"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the terms of a ticket follow from.

    `first_answer_at`, `last_answer_at`: articles of agents that the customer sees. `waits_since`: the oldest
    mail of the customer since the last of them. `internal_until`: the newest article as long as neither of
    them has said anything; later ones leave it. `first_closed_at`: when it entered a state of type 'closed'
    for the first time. `reopened_at`: the last time that it opened again. `remind_at`: the date of which it
    waits to remind us.
    """

    created: datetime
    is_open: bool = True
    is_pending: bool = False
    remind_at: datetime | None = None
    first_answer_at: datetime | None = None
    last_answer_at: datetime | None = None
    waits_since: datetime | None = None
    internal_until: datetime | None = None
    first_closed_at: datetime | None = None
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TermRules:
    """What a queue promises, in minutes of working time; None or 0 is no such term.

    `notify_percent`: after how much of a term is warned, 0 never. The last two are `True` where KVV leaves
    the ways of OTRS: the update term does not run after our own answer, and the solution term begins anew
    when a closed ticket opens again.
    """

    first_response_minutes: int | None = None
    update_minutes: int | None = None
    solution_minutes: int | None = None
    notify_percent: int = 80
    update_only_while_waiting: bool = True
    solution_restarts_on_reopen: bool = True

    @property
    def has_any(self) -> bool:
        """Whether anything is promised at all."""
        return bool(self.first_response_minutes or self.update_minutes or self.solution_minutes)


@dataclass(frozen=True, slots=True)
class Terms:
    """When each term ends, None where it does not run; the first that ends, and the first warning."""

    first_response_due: datetime | None = None
    update_due: datetime | None = None
    solution_due: datetime | None = None
    escalates_at: datetime | None = None
    warns_at: datetime | None = None


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Running:
    """A term that runs: when it ends, and when is warned of that, None for never."""

    term: Term
    due: datetime
    warns_at: datetime | None


@lru_cache(maxsize=100)
def terms_of(facts: Facts, rules: TermRules, calendar: WorkCalendar) -> Terms:
    """The terms; none in a ticket that is not open (OTRS 9.3), or where `calendar` has no hours.

    The last ones are kept: who computes for tickets that are to be locked does so before, and again after.
    """
    running = {each.term: each for each in running_of(facts, rules, calendar)}
    if not running:
        return NO_TERMS
    due = {term: each.due for term, each in running.items()}
    return Terms(
        first_response_due=due.get(Term.FIRST_RESPONSE),
        update_due=due.get(Term.UPDATE),
        solution_due=due.get(Term.SOLUTION),
        escalates_at=first_of(*due.values()),
        warns_at=first_of(*(each.warns_at for each in running.values())),
    )


def running_of(facts: Facts, rules: TermRules, calendar: WorkCalendar) -> list[Running]:
    """The terms that run, each by itself."""
    return list(_running(facts, rules, calendar)) if facts.is_open and rules.has_any else []


def _running(facts: Facts, rules: TermRules, calendar: WorkCalendar) -> Iterator[Running]:
    starts = (
        (Term.FIRST_RESPONSE, _first_response_start(facts), rules.first_response_minutes),
        (Term.UPDATE, _update_start(facts, rules), rules.update_minutes),
        (Term.SOLUTION, _solution_start(facts, rules), rules.solution_minutes),
    )
    for term, start, minutes in starts:
        if due := _after(start, minutes or 0, calendar):
            part = (minutes or 0) * rules.notify_percent / 100
            yield Running(term, due=due, warns_at=_after(start, part, calendar))


def after_article(facts: Facts, *, by_agent: bool, by_customer: bool, at: datetime) -> Facts:
    """The facts once an article is written that the customer wrote, or sees and an agent wrote; or neither.

    Neither are notes, what a machine says in anybody's name, and mail that the customer does not see.
    """
    if by_agent:
        first = facts.first_answer_at or at
        facts = replace(facts, first_answer_at=first, last_answer_at=at, waits_since=None)
    elif by_customer:
        facts = replace(facts, waits_since=min(facts.waits_since or at, at))
    is_internal = facts.internal_until is None or not (facts.waits_since or facts.last_answer_at)
    return replace(facts, internal_until=at) if is_internal else facts


def after_state(facts: Facts, *, was_open: bool, is_open: bool, is_closed: bool, at: datetime) -> Facts:
    """The facts once it enters a state; `is_closed` is not said of merged or removed ones."""
    if is_closed and facts.first_closed_at is None:
        facts = replace(facts, first_closed_at=at)
    if is_open and not was_open:
        facts = replace(facts, reopened_at=at)
    return replace(facts, is_open=is_open)


def _first_response_start(facts: Facts) -> datetime | None:
    """From the beginning until the first answer, for ever (OTRS 9.4 to 9.7)."""
    return None if facts.first_answer_at else facts.created


def _update_start(facts: Facts, rules: TermRules) -> datetime | None:
    """Not while the ticket waits for a date (OTRS 9.8); by OTRS 9.9 it runs after our answers, too."""
    if facts.is_pending:
        return None
    if facts.waits_since or rules.update_only_while_waiting:
        return facts.waits_since
    return facts.last_answer_at or facts.internal_until


def _solution_start(facts: Facts, rules: TermRules) -> datetime | None:
    """From the beginning until it is closed (OTRS 9.12), or from when it opened again."""
    if facts.reopened_at and rules.solution_restarts_on_reopen:
        return facts.reopened_at
    return None if facts.first_closed_at else facts.created


def _after(start: datetime | None, minutes: float, calendar: WorkCalendar) -> datetime | None:
    return add_working_time(start, timedelta(minutes=minutes), calendar) if start and minutes else None


def first_of(*moments: datetime | None) -> datetime | None:
    """The first of these moments, None if there is none."""
    return min((moment for moment in moments if moment), default=None)
