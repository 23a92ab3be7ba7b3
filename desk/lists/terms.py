"""The cells of a row that say which term ends first, and how much working time is left of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString

from desk.terms import TERMS, icon_of, left_in_words, mark_of
from desk.words import icon
from queues.worktime import WorkCalendar, working_time_between
from tickets.queries.listed import Listed
from tickets.terms import Term


class TermCells:
    """Makes the cells of a list that is about terms; `calendars`: when each queue works.

    What is left is counted on from the ticket before: in the order of their terms, a page of tickets that are
    months late costs these months once, and not once for each.
    """

    def __init__(self, calendars: Mapping[int, WorkCalendar], *, now: datetime) -> None:
        self.calendars, self.now = calendars, now
        self.known: dict[WorkCalendar, tuple[datetime, timedelta]] = {}

    def cell(self, ticket: Listed, *, waits: bool) -> SafeString:
        """'first response 2 h too late', 'answer within 35 m'; without colour while the ticket waits."""
        due = ticket.escalates_at
        if due is None:  # another process ended its terms meanwhile
            return format_html('<td class="c-state"></td>')
        mark = "" if waits else mark_of(due, warns_at=ticket.warns_at, now=self.now)
        return format_html(
            '<td class="c-state"><span class="term {}">{}<span>{} {}</span></span></td>',
            mark,
            icon(icon_of(mark)),
            TERMS[_first_term(ticket)],
            left_in_words(self._left(due, self.calendars[ticket.queue_id]), is_over=due <= self.now),
        )

    def _left(self, due: datetime, calendar: WorkCalendar) -> timedelta:
        """Working time until then, negative where it is over."""
        moment, left = self.known.get(calendar, (self.now, timedelta()))
        left += working_time_between(moment, due, calendar)
        self.known[calendar] = due, left
        return left


def _first_term(ticket: Listed) -> Term:
    """The term that ends first."""
    due = {
        Term.FIRST_RESPONSE: ticket.first_response_due,
        Term.UPDATE: ticket.update_due,
        Term.SOLUTION: ticket.solution_due,
    }
    return next((term for term, moment in due.items() if moment == ticket.escalates_at), Term.SOLUTION)
