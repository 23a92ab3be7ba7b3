"""The cells of a row that say which term ends first, and how much working time is left of it."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from desk.terms import TERMS, icon_of, left_in_words, mark_of
from desk.words import icon
from queues.worktime import WorkCalendar, working_time_between
from tickets.queries.listed import Listed
from tickets.terms import Term


def term_cell(
    ticket: Listed, *, calendars: Mapping[int, WorkCalendar], now: datetime, waits: bool
) -> SafeString:
    """'first response 2 h too late', 'answer within 35 m'; without colour while the ticket waits."""
    due = ticket.escalates_at
    if due is None:  # another process ended its terms meanwhile
        return format_html('<td class="c-state"></td>')
    span = term_span(ticket, due, calendars=calendars, now=now, waits=waits, term=TERMS[first_term(ticket)])
    return format_html('<td class="c-state">{}</td>', span)


def term_span(
    ticket: Listed,
    due: datetime,
    *,
    calendars: Mapping[int, WorkCalendar],
    now: datetime,
    waits: bool,
    term: str | Promise = "",
) -> SafeString:
    """How much working time is left until it ends, behind the word of the term, if one is given."""
    left = working_time_between(now, due, calendars[ticket.queue_id])
    mark = "" if waits else mark_of(due, warns_at=ticket.warns_at, now=now)
    said = f"{term} {left_in_words(left, is_over=due <= now)}".strip()
    return format_html('<span class="term {}">{}<span>{}</span></span>', mark, icon(icon_of(mark)), said)


def first_term(ticket: Listed) -> Term:
    """The term that ends first."""
    due = {
        Term.FIRST_RESPONSE: ticket.first_response_due,
        Term.UPDATE: ticket.update_due,
        Term.SOLUTION: ticket.solution_due,
    }
    return next((term for term, moment in due.items() if moment == ticket.escalates_at), Term.SOLUTION)
