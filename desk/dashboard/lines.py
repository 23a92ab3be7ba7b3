"""Tickets in a box of the dashboard: a line each, in the words that its template prints."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypedDict
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from desk.lists.cells import row_classes, unread_dot
from desk.lists.place import Place, with_place
from desk.lists.rows import age_mark, moment_in_words, named_days
from desk.lists.terms import TermCells
from desk.words import age_in_words, age_units, queue_name
from tickets.models import PENDING_TYPES, Priority
from tickets.queries.listed import Listed

NUMBER = "NUMBER"
"""Stands for a ticket's number in the address that is made once."""


class Line(TypedDict):
    """What a box shows of one ticket.

    `mark`: that it is unread, and any priority but the normal one; `when`: its age, term or reminder.
    """

    classes: str
    mark: str
    number: str
    address: str
    title: str
    sender: str
    queue: str
    when: str


class LineWords:
    """Makes lines; what does not depend on the ticket is looked up once for all boxes."""

    def __init__(self) -> None:
        self.now, self.zone = timezone.now(), timezone.get_current_timezone()
        self.terms = TermCells(now=self.now)
        self.days = named_days(timezone.localdate(self.now))
        self.units, self.no_subject = age_units(), _("(no subject)")
        self.classes, self.mark = cache(row_classes), cache(_mark)

    def lines(self, tickets: Sequence[Listed], *, place: Place, when: "When") -> list[Line]:
        """The lines of a box whose tickets are opened from `place`."""
        address = conditional_escape(with_place(reverse("desk:zoom", args=[NUMBER]), place))
        return [
            Line(
                classes=self.classes(ticket.priority, is_unread=ticket.is_unread),
                mark=self.mark(ticket.priority, is_unread=ticket.is_unread),
                number=ticket.number,
                address=SafeString(address.replace(NUMBER, quote(ticket.number))),
                title=ticket.title or self.no_subject,
                sender=ticket.sender_name,
                queue=queue_name(ticket.queue),
                when=when(self, ticket),
            )
            for ticket in tickets
        ]

    def age(self, ticket: Listed) -> SafeString:
        """How old it is, on the ground that its term gives it."""
        since = self.now - ticket.created
        mark = age_mark(ticket, since=since, now=self.now)
        return format_html('<span class="age {}">{}</span>', mark, age_in_words(since, units=self.units))

    def term(self, ticket: Listed) -> SafeString:
        """How long it is late; without colour while it waits."""
        waits = ticket.state_type in PENDING_TYPES
        if ticket.escalates_at is None:  # another process ended its terms meanwhile
            return format_html("")
        return self.terms.span(ticket, ticket.escalates_at, waits=waits)

    def reminder(self, ticket: Listed) -> str:
        """When it was to be looked at again: 'vandaag 09:00', '22-11 16:20'."""
        if ticket.pending_until is None:  # another process ended its waiting meanwhile
            return ""
        return moment_in_words(ticket.pending_until.astimezone(self.zone), days=self.days, day="%d-%m")


When = Callable[[LineWords, Listed], str]
"""What the last column of a box says of a ticket."""


def _mark(priority: int, *, is_unread: bool) -> SafeString:
    said = unread_dot() if is_unread else ""
    if priority == Priority.NORMAL:
        return format_html("{}", said)
    words = f"{_('priority')} {Priority(priority).label}"
    return format_html('{}<span class="visually-hidden">{}</span>', said, words)
