"""The cells of a row that say which term ends first, and how much working time is left of it."""

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from desk.terms import OVER, SOON, TERMS, icon_of, left_in_words, mark_of
from desk.words import icon
from queues.calendars import calendar_with
from queues.worktime import WorkCalendar, working_time_between
from tickets.queries.listed import Listed
from tickets.terms import Term

GROUNDS = {OVER: "is-escalated", SOON: "is-warning", "": ""}
"""The mark of a term → the class of its row."""


class TermCells:
    """Makes the cells of a list that is about terms, and what is said of a term in any other list.

    What is left is counted on from the ticket before: in the order of their terms, a page of tickets that are
    months late costs these months once, and not once for each.
    """

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self.known: dict[WorkCalendar, tuple[datetime, timedelta]] = {}

    def cell(self, ticket: Listed, *, waits: bool) -> SafeString:
        """The cell of a row, which says which term it is."""
        due = ticket.escalates_at
        if due is None:  # another process ended its terms meanwhile
            return format_html('<td class="c-state"></td>')
        span = self.span(ticket, due, waits=waits, term=TERMS[first_term(ticket)])
        return format_html('<td class="c-state">{}</td>', span)

    def pressing(self, ticket: Listed, *, waits: bool) -> str:
        """Of a ticket whose term is warned of or over, what the cell says of it; '' of any other."""
        due = ticket.escalates_at
        if waits or due is None or not mark_of(due, warns_at=ticket.warns_at, now=self.now):
            return ""
        return self.span(ticket, due, waits=waits, term=TERMS[first_term(ticket)])

    def ground(self, ticket: Listed) -> str:
        """The class that gives the row its ground, once a term is warned of, and is over."""
        due = ticket.escalates_at
        return GROUNDS[mark_of(due, warns_at=ticket.warns_at, now=self.now)] if due else ""

    def span(self, ticket: Listed, due: datetime, *, waits: bool, term: str | Promise = "") -> SafeString:
        """'first response 2 h too late', 'answer within 35 m'; without colour while the ticket waits.

        `term`: its word, if that is to stand before what is left of it.
        """
        mark = "" if waits else mark_of(due, warns_at=ticket.warns_at, now=self.now)
        left = left_in_words(self._left(due, _calendar_of(ticket)), is_over=due <= self.now)
        said = f"{term} {left}".strip()
        return format_html('<span class="term {}">{}<span>{}</span></span>', mark, icon(icon_of(mark)), said)

    def _left(self, due: datetime, calendar: WorkCalendar) -> timedelta:
        """Working time until then, negative where it is over."""
        moment, left = self.known.get(calendar, (self.now, timedelta()))
        left += working_time_between(moment, due, calendar)
        self.known[calendar] = due, left
        return left


def _calendar_of(ticket: Listed) -> WorkCalendar:
    """When its queue works."""
    return calendar_with(ticket.calendar_id, queue_id=ticket.queue_id, terms_version=ticket.terms_version)


def first_term(ticket: Listed) -> Term:
    """The term that ends first."""
    due = {
        Term.FIRST_RESPONSE: ticket.first_response_due,
        Term.UPDATE: ticket.update_due,
        Term.SOLUTION: ticket.solution_due,
    }
    return next((term for term, moment in due.items() if moment == ticket.escalates_at), Term.SOLUTION)
