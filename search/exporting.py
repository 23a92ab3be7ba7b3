"""What is exported of the tickets that were found: headings, and a row of plain texts for each (OTRS 11.4).

All that is exported goes this way: the newest first, in portions to the end, and each portion of rows as far
as the agent may see it at that moment. Nothing is kept open between two portions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Final, NamedTuple

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.asking import query_of
from search.filter_free import fields_for
from search.filters import TicketFilter
from search.find import SECONDS, Which, hits_of
from search.order import FROM_NEWEST
from tickets.actor import Actor
from tickets.free_values import value_in, words_of
from tickets.models import FreeValue, Ticket
from tickets.models.ticket import Priority

ROWS_MOST: Final = 100_000
FOUND_TOGETHER: Final = 2_000
"""So many ids are asked for at a time: each time the index is read anew."""
ROWS_TOGETHER: Final = 250

Row = list[str]
"""The cells of a row, or the headings above them."""


class _Read(NamedTuple):
    """A ticket as it is read for its row."""

    pk: int
    number: str
    created: datetime
    closed_at: datetime | None
    sender_name: str
    title: str
    state__name: str
    priority: int
    queue__name: str
    locked: bool
    owner__first_name: str | None
    owner__last_name: str | None
    owner__username: str | None
    customer__first_name: str | None
    customer__last_name: str | None
    customer__code: str | None
    time_units: Decimal


HEADINGS: Final = (
    *(gettext_lazy("Ticket number"), gettext_lazy("Created"), gettext_lazy("Closed"), gettext_lazy("From")),
    *(gettext_lazy("Subject"), gettext_lazy("State"), gettext_lazy("Priority"), gettext_lazy("Queue")),
    *(gettext_lazy("Lock"), gettext_lazy("Owner"), gettext_lazy("Customer"), gettext_lazy("Customer code")),
    gettext_lazy("Time spent"),
)
NUMBER: Final = 0
"""Which of the cells has the ticket's number."""


def which_of(asked: QueryDict, *, actor: Actor) -> Which:
    """The tickets that a query string asks for; the statements of a `TicketFilter` and of `query_of`."""
    filters = TicketFilter(asked, actor=actor)
    return Which(query=query_of(filters.asked, actor=actor), actor=actor, among=filters.among)


def portions_of(which: Which) -> Iterator[list[int]]:
    """The ids of all of them, newest first, in portions, of which some are empty.

    They end soon after `ROWS_MOST`: if there are more than that together, not all were given.
    """
    start, given = FROM_NEWEST, 0
    while not which.is_nothing and given <= ROWS_MOST:
        hits = hits_of(which, start=start, limit=FOUND_TOGETHER, seconds=SECONDS)
        yield hits.ids
        given += len(hits.ids)
        if hits.stopped_at is not None:
            start = start.moved(hits.stopped_at[0])
        elif len(hits.ids) == FOUND_TOGETHER:
            start = start.moved(hits.ids[-1])
        else:
            return


class Table:
    """The table of one export, in the language that is active when its rows are made.

    The columns of free fields are those in use in the queues that the agent may see: one statement, or two.
    """

    def __init__(self, actor: Actor) -> None:
        self.rights = actor.agent_rights
        self.fields = fields_for(self.rights.visible, ids=(), and_all=True)

    @property
    def headings(self) -> Row:
        """What stands above the columns."""
        return [*map(str, HEADINGS), *map(str, self.fields)]

    def rows(self, ids: Sequence[int]) -> Iterator[list[Row]]:
        """The rows of these tickets, in this order, in portions; what the agent may not see has none.

        A statement a portion, and one more where there are free fields.
        """
        for start in range(0, len(ids), ROWS_TOGETHER):
            yield self._portion(ids[start : start + ROWS_TOGETHER])

    def _portion(self, ids: Sequence[int]) -> list[Row]:
        visible = Ticket.objects.visible_to(self.rights).filter(pk__in=ids)
        read = {row.pk: row for row in map(_Read._make, visible.values_list(*_Read._fields))}
        free = self._free(list(read)) if self.fields and read else {}
        translated = cache(_)
        cells = ((read[pk], free.get(pk, {})) for pk in ids if pk in read)
        return [
            [*_cells(ticket, translated), *(values.get(field.pk, "") for field in self.fields)]
            for ticket, values in cells
        ]

    def _free(self, ids: Sequence[int]) -> Mapping[int, Mapping[int, str]]:
        """By ticket and field what stands in it, in words."""
        by_id = {field.pk: field for field in self.fields}
        rows = FreeValue.objects.filter(ticket__in=ids, field__in=by_id).order_by(
            "ticket_id", "field_id", "id"
        )
        words: dict[int, dict[int, str]] = {}
        for (ticket, field), values in groupby(rows, lambda row: (row.ticket_id, row.field_id)):
            words.setdefault(ticket, {})[field] = words_of(by_id[field], value_in(list(values)))
        return words


def _cells(ticket: _Read, translated: Callable[[str], str]) -> Row:
    return [
        ticket.number,
        _moment(ticket.created),
        _moment(ticket.closed_at),
        ticket.sender_name,
        ticket.title,
        translated(ticket.state__name),
        str(Priority(ticket.priority).label),
        ticket.queue__name,
        _("locked") if ticket.locked else _("not locked"),
        _name(ticket.owner__first_name, ticket.owner__last_name) or ticket.owner__username or "",
        _name(ticket.customer__first_name, ticket.customer__last_name),
        ticket.customer__code or "",
        number_format(ticket.time_units.normalize() + 0),
    ]


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d-%m-%Y %H:%M}" if moment else ""


def _name(first: str | None, last: str | None) -> str:
    return f"{first or ''} {last or ''}".strip()


def cut_in_words() -> str:
    """That there are more tickets than an export has."""
    most = f"{ROWS_MOST:,}".replace(",", ".")
    return _("More than %(most)s tickets were found: only the newest %(most)s are in this.") % {"most": most}
