"""A list's rows in the words the template prints: made here, because a template pays for every look-up."""

from datetime import datetime, timedelta
from functools import cache
from typing import TypedDict
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from desk.words import STATE_MARKS, age_in_words, age_units, queue_name
from tickets.models import Priority
from tickets.queries.listed import Listed
from tickets.queries.pages import TicketPage

NUMBER, CUSTOMER_ID = "NUMBER", 10**18
OLD, VERY_OLD = timedelta(days=1), timedelta(days=7)
PRIORITY_ICONS = {1: "prio-down", 2: "prio-down", 4: "prio-up", 5: "prio-top"}
"""The arrow of a priority; 3 has none."""


class Row(TypedDict):
    """What a list shows of one ticket: a dict, which is where a template looks first.

    Times are local, in words, '' where there is none. `has_marks`: whether it is undelivered, has a file, or
    a priority that is not the normal one. `when`: until when it waits, or when it was closed.
    """

    number: str
    address: str
    title: str
    sender: str
    is_unread: bool
    has_marks: bool
    is_undelivered: bool
    priority: str
    priority_icon: str
    priority_word: str
    attachments: int
    created: str
    age: str
    age_mark: str
    state: str
    state_mark: str
    when: str
    got_mail: bool
    locked: bool
    queue: str
    owner: str
    customer: str
    customer_code: str
    customer_address: str


class _Rows:
    """Makes rows; what does not depend on the ticket is looked up once for all of them.

    `safe` is for words that stand in many rows: they are escaped here, once, and not in each row.
    """

    def __init__(self) -> None:
        self.ticket_address = reverse("desk:zoom", args=[NUMBER])
        self.customer_address = reverse("desk:customer_tickets", args=[CUSTOMER_ID, "open"])
        self.now, self.zone = timezone.now(), timezone.get_current_timezone()
        self.units, self.no_subject, self.until = age_units(), _("(no subject)"), _("until")
        self.safe, self.translated = cache(conditional_escape), cache(_)

    def row(self, ticket: Listed) -> Row:
        customer_address = self.customer_address.replace(str(CUSTOMER_ID), str(ticket.customer_id))
        since, arrow = self.now - ticket.created, PRIORITY_ICONS.get(ticket.priority, "")
        return Row(
            number=ticket.number,
            address=self.ticket_address.replace(NUMBER, quote(ticket.number)),
            title=ticket.title or self.no_subject,
            sender=ticket.sender_name or "–",
            is_unread=ticket.is_unread,
            has_marks=bool(ticket.is_undelivered or arrow or ticket.attachment_count),
            is_undelivered=ticket.is_undelivered,
            priority=self.safe(str(ticket.priority)),
            priority_icon=arrow,
            priority_word=_priority_word(ticket.priority) if arrow else "",
            attachments=ticket.attachment_count,
            created=self.moment(ticket.created),
            age=self.safe(age_in_words(since, units=self.units)),
            age_mark=self.safe(_age_mark(since)),
            state=self.safe(self.translated(ticket.state)),
            state_mark=self.safe(f"state--{STATE_MARKS[ticket.state_type]}"),
            when=self.when(ticket),
            got_mail=ticket.got_mail,
            locked=ticket.locked,
            queue=queue_name(ticket.queue),
            owner=self.safe(ticket.owner or "–"),
            customer=ticket.customer_code or ticket.customer_name,
            customer_code=ticket.customer_code or "",
            customer_address=customer_address if ticket.customer_id else "",
        )

    def when(self, ticket: Listed) -> str:
        if ticket.pending_until:
            return f"{self.until} {ticket.pending_until.astimezone(self.zone):%d-%m %H:%M}"
        return self.moment(ticket.closed_at) if ticket.closed_at else ""

    def moment(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%d-%m-%Y %H:%M}"


def rows_of(page: TicketPage) -> list[Row]:
    """The rows of a page."""
    rows = _Rows()
    return [rows.row(ticket) for ticket in page.rows]


def _age_mark(since: timedelta) -> str:
    """The class that gives an age its ground: after a day, after a week."""
    return "age--2" if since >= VERY_OLD else "age--1" if since >= OLD else ""


def _priority_word(priority: int) -> str:
    """A priority's name without its figure."""
    return str(Priority(priority).label).partition(" ")[2]
