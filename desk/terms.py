"""How terms are said and shown: which it is, how much working time is left of it, and the mark it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.words import age_units
from queues.calendars import calendar_of
from queues.worktime import working_time_between
from tickets.facts import facts_of, rules_of
from tickets.models import PENDING_TYPES, Ticket
from tickets.terms import Term, running_of

TERMS: Mapping[Term, str | Promise] = {
    Term.FIRST_RESPONSE: gettext_lazy("first response"),
    Term.UPDATE: gettext_lazy("answer"),
    Term.SOLUTION: gettext_lazy("solution"),
}
"""A term → what it is called in a row."""

OVER, SOON = "term--over", "term--soon"
MARK_ICONS = {OVER: "alert"}


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """A term of a ticket in words. `mark`: the class that gives it its colour, '' for none."""

    word: str
    due: datetime
    left: str
    mark: str

    @property
    def icon(self) -> str:
        """The sign before it."""
        return icon_of(self.mark)


def shown_terms(ticket: Ticket) -> list[ShownTerm]:
    """The terms of a ticket that run, for its box; without colour while it waits."""
    calendar, now = calendar_of(ticket.queue), timezone.now()
    waits = ticket.state_type in PENDING_TYPES
    return [
        ShownTerm(
            word=str(TERMS[running.term]),
            due=running.due,
            left=left_in_words(working_time_between(now, running.due, calendar), is_over=running.due <= now),
            mark="" if waits else mark_of(running.due, warns_at=running.warns_at, now=now),
        )
        for running in running_of(facts_of(ticket), rules_of(ticket.queue), calendar)
    ]


def mark_of(due: datetime, *, warns_at: datetime | None, now: datetime) -> str:
    """The class of a term: it is over, or was warned of."""
    return OVER if due <= now else SOON if warns_at and warns_at <= now else ""


def icon_of(mark: str) -> str:
    """The sign before a term with this mark."""
    return MARK_ICONS.get(mark, "clock")


def left_in_words(left: timedelta, *, is_over: bool) -> str:
    """'within 2 h 10 m', '35 m too late': of working time, `left`, which is negative where it is over."""
    worked = worked_in_words(abs(left))
    return (_("%(time)s too late") if is_over else _("within %(time)s")) % {"time": worked}


def worked_in_words(worked: timedelta) -> str:
    """Working time in hours and minutes: a day of it has no length that all know."""
    _days, hour, minute = age_units()
    hours, minutes = divmod(int(worked.total_seconds() // 60), 60)
    shown = ((hours, hour), (minutes, minute))
    return " ".join(f"{amount} {unit}" for amount, unit in shown if amount) or f"0 {minute}"
