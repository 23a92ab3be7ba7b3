"""A list's rows in the words the template prints: made here, because a template pays for every look-up."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from html import escape
from typing import TypedDict
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from desk.bulk.ticks import tick_cell
from desk.bulk.verbs import PART
from desk.lists.acts import Act, acts_on
from desk.lists.cells import (
    age_cell,
    customer_cell,
    lock_cell,
    marks,
    owner_cell,
    queue_cell,
    row_classes,
    state_cell,
    unread_dot,
    when_cell,
)
from desk.lists.place import Place, with_place
from desk.lists.terms import TermCells
from desk.skeleton import Skeleton, hole
from desk.words import age_in_words, age_units, mark_of_state, queue_name
from tickets.actor import Actor
from tickets.models import PENDING_TYPES, StateType
from tickets.queries.listed import Listed
from tickets.queries.pages import TicketPage
from tickets.queries.previews import Preview

NUMBER, CUSTOMER_ID = "NUMBER", 10**18
"""Stand in an address that is made once for where a row has its own."""
HOLES = (
    *("classes", "pick", "number", "time_cell", "dot", "sender", "marks", "title"),
    *("state_cell", "lock_cell", "queue_cell", "owner_cell", "customer_cell"),
)
"""What each row of a list has of its own."""
OLD, VERY_OLD = timedelta(days=3), timedelta(days=7)
ENDS = {
    "closed_successful": gettext_noop("successful"),
    "closed_unsuccessful": gettext_noop("unsuccessful"),
}
"""How a ticket ended, where the column already says that it is closed; any other state by its own name."""


class Row(TypedDict):
    """What a list shows of one ticket: a dict, which is where a template looks first.

    `shown` is the row itself; `pick` is what its tick says: which ticket, and what its reader can know of it.
    `waits`: whether it waits for a moment. All else is of the large view alone, of what stands beneath: how
    the ticket is called, the look, the customer's newest words, and what can be done at once.
    """

    shown: str
    pick: str
    waits: bool
    title: str
    classes: str
    preview: str
    acts: Sequence[Act]


class _Rows:
    """Makes rows; what does not depend on the ticket is looked up once for all of them.

    What is the same in every row is made once, with a hole for what each has of its own.
    """

    def __init__(
        self,
        actor: Actor,
        shown: Mapping[int, Preview],
        place: Place,
        *,
        is_archive: bool,
        can_pick: bool,
        is_about_terms: bool,
    ) -> None:
        self.actor, self.shown, self.place = actor, shown, place
        self.is_archive = is_archive
        self.agent_id = actor.agent_rights.agent_id
        self.customer_address = reverse("desk:customer_tickets", args=[CUSTOMER_ID, "open"])
        address = conditional_escape(with_place(reverse("desk:zoom", args=[NUMBER]), place))
        tick = tick_cell(hole("pick"), word=_("Choose ticket"), number=hole("number"))
        context = {
            "tick_cell": tick if can_pick else "",
            "is_archive": is_archive,
            "address": SafeString(address.replace(NUMBER, hole("path"))),
            **{name: hole(name) for name in HOLES},
        }
        self.skeleton = Skeleton("desk/lists/_row.html", context)
        self.now, self.zone = timezone.now(), timezone.get_current_timezone()
        self.terms, self.is_about_terms = TermCells(now=self.now), is_about_terms
        self.days = named_days(timezone.localdate(self.now))
        self.units, self.no_subject = age_units(), _("(no subject)")
        self.waits_until, self.closes_on = _("waits until"), _("closes")
        self.dots = {True: unread_dot(), False: ""}
        self.translated, self.held_by = cache(_), cache(_held_by)
        self.classes, self.marks = cache(row_classes), cache(marks)
        self.age_cell, self.state_cell = cache(age_cell), cache(state_cell)
        self.lock_cell, self.owner_cell = cache(lock_cell), cache(owner_cell)
        self.queue_cell, self.customer_cell = cache(queue_cell), cache(customer_cell)

    def row(self, ticket: Listed) -> Row:
        since = self.now - ticket.created
        waits = ticket.state_type in PENDING_TYPES and ticket.pending_until is not None
        preview = self.shown.get(ticket.pk)
        number, title = ticket.number, ticket.title or self.no_subject
        pick = f"{number}{PART}{ticket.newest_event or 0}"
        ground = "" if waits or self.is_about_terms else self.terms.ground(ticket)
        classes = self.classes(ticket.priority, ground, is_unread=ticket.is_unread)
        shown = self.skeleton.filled(
            classes=classes,
            pick=escape(pick),
            number=escape(number),
            path=quote(number),
            time_cell=self.time_cell(ticket, since=since, waits=waits, ground=ground),
            dot=self.dots[ticket.is_unread],
            sender=escape(ticket.sender_name or "–"),
            marks=self.marks(ticket.priority, ticket.attachment_count, is_undelivered=ticket.is_undelivered),
            title=escape(title),
            state_cell=self.state_of(ticket, waits=waits),
            lock_cell=self.lock_of(ticket),
            queue_cell=self.queue_cell(queue_name(ticket.queue)),
            owner_cell=self.owner_cell(ticket.owner),
            customer_cell=self.customer_of(ticket),
        )
        return Row(
            shown=shown,
            pick=pick,
            waits=waits,
            title=title,
            classes=classes,
            preview=preview.text if preview else "",
            acts=acts_on(preview.ticket, actor=self.actor, place=self.place) if preview else (),
        )

    def customer_of(self, ticket: Listed) -> str:
        """Who asks; '' in the archive, which does not tell it."""
        if self.is_archive:
            return ""
        address = self.customer_address.replace(str(CUSTOMER_ID), str(ticket.customer_id))
        code = ticket.customer_code or ""
        return self.customer_cell(address, code or ticket.customer_name, code)

    def time_cell(self, ticket: Listed, *, since: timedelta, waits: bool, ground: str) -> str:
        """When it was closed, in the archive; which term ends first, where it is about terms; else its age.

        That means nothing while it waits, and has no colour where the row has its term's.
        """
        if self.is_archive:
            return when_cell(self.day(ticket.closed_at) if ticket.closed_at else "")
        if self.is_about_terms:
            return self.terms.cell(ticket, waits=waits)
        mark = "" if waits or ground else age_mark(ticket, since=since, now=self.now)
        return self.age_cell(age_in_words(since, units=self.units), mark)

    def state_of(self, ticket: Listed, *, waits: bool) -> str:
        """Its state, and the term that is warned of or over; where it is about terms, when the first ends."""
        if self.is_about_terms:
            return when_cell(self.day(ticket.escalates_at) if ticket.escalates_at else "")
        return self.state_cell(
            self.waiting(ticket) if waits else self.translated(_end(ticket)),
            mark_of_state(ticket.state_type, key=ticket.state_key),
            self.translated(ticket.state) if waits else "",
            self.terms.pressing(ticket, waits=waits),
            got_mail=ticket.got_mail,
        )

    def lock_of(self, ticket: Listed) -> str:
        """Who holds it; '' in the archive, where nobody does."""
        if self.is_archive:
            return ""
        held_by = self.held_by(ticket.owner) if ticket.locked else ""
        return self.lock_cell(held_by, is_mine=ticket.owner_id == self.agent_id)

    def waiting(self, ticket: Listed) -> str:
        """'wacht tot 25-11 09:00', 'sluit 28-11 12:00'."""
        word = self.closes_on if ticket.state_type == StateType.PENDING_AUTO else self.waits_until
        moment = ticket.pending_until
        return f"{word} {moment.astimezone(self.zone):%d-%m %H:%M}" if moment else word

    def day(self, moment: datetime) -> str:
        """'vandaag 10:58', 'gisteren 21:47', '22-11-2026 16:20'."""
        return moment_in_words(moment.astimezone(self.zone), days=self.days)


def rows_of(
    page: TicketPage,
    *,
    actor: Actor,
    shown: Mapping[int, Preview],
    place: Place,
    is_archive: bool,
    can_pick: bool,
    is_about_terms: bool = False,
) -> list[Row]:
    """The rows of a page of the list that `place` is; `shown`: what stands beneath them, by ticket id.

    Each has the cells of an archive, of an open list, or of one that `is_about_terms`, and a tick where
    tickets can be chosen.
    """
    rows = _Rows(actor, shown, place, is_archive=is_archive, can_pick=can_pick, is_about_terms=is_about_terms)
    return [rows.row(ticket) for ticket in page.rows]


def age_mark(ticket: Listed, *, since: timedelta, now: datetime) -> str:
    """The class that gives an age its ground: once one of its own terms is warned of, and is over. Where its
    queue promises nothing after three days, and after a week; nothing where it does and no term runs."""
    if ticket.escalates_at is not None:
        is_soon = ticket.warns_at is not None and ticket.warns_at <= now
        return "age--2" if ticket.escalates_at <= now else "age--1" if is_soon else ""
    if ticket.has_promises:
        return ""
    return "age--2" if since >= VERY_OLD else "age--1" if since >= OLD else ""


def moment_in_words(local: datetime, *, days: Mapping[date, str], day: str = "%d-%m-%Y") -> str:
    """'vandaag 10:58', '22-11-2026 16:20': of a moment in the reader's zone; `day`: how any other is said."""
    return f"{days.get(local.date()) or f'{local:{day}}'} {local:%H:%M}"


def _end(ticket: Listed) -> str:
    """The state's name, not translated yet: how it ended, of a closed ticket."""
    return ENDS.get(ticket.state_key, ticket.state) if ticket.closed_at else ticket.state


def _held_by(owner: str) -> str:
    return _("locked by %(name)s") % {"name": owner} if owner else _("locked")


def named_days(today: date) -> dict[date, str]:
    """The days that have a word of their own."""
    day = timedelta(days=1)
    return {today - day: _("yesterday"), today: _("today"), today + day: _("tomorrow")}
