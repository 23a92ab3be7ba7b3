"""What the page of a list needs: rows, heads, segments, and the addresses of its other pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Preferences
from desk.bulk.bar import PickBar
from desk.bulk.verbs import BETWEEN, BULK, may_change
from desk.frame import AgentRequest
from desk.lists.asked import Asked, ListKind
from desk.lists.jump import JumpForm
from desk.lists.place import Place, place_of_list
from desk.lists.rows import Row, rows_of
from desk.writing.layout import allow_editor
from tickets.queries.orders import CLOSED_ORDERS, OPEN_ORDERS, REMINDER_ORDERS, TERM_ORDERS
from tickets.queries.pages import LAST, TicketPage, Wish
from tickets.queries.previews import Preview, previews


class Column(TextChoices):
    """The manual's columns, in its order; the value is how the list is sorted by it, where it can be."""

    NUMBER = "number", gettext_lazy("Ticket#")
    AGE = "age", gettext_lazy("Age")
    CLOSED = "closed", gettext_lazy("Closed")
    SENDER = "sender", gettext_lazy("From / Subject")
    STATE = "state", gettext_lazy("State")
    END = "end", gettext_lazy("Outcome")
    LOCK = "lock", gettext_lazy("Lock")
    QUEUE = "queue", gettext_lazy("Queue")
    OWNER = "owner", gettext_lazy("Owner")
    CUSTOMER = "customer", gettext_lazy("Customer code")
    TERM = "term", gettext_lazy("Term")
    DUE = "due", gettext_lazy("Ends")


CLASSES = {
    Column.NUMBER: "w-nr",
    Column.AGE: "w-age",
    Column.CLOSED: "w-when",
    Column.SENDER: "w-what",
    Column.STATE: "w-state",
    Column.END: "w-end",
    Column.LOCK: "w-lock",
    Column.QUEUE: "w-queue",
    Column.OWNER: "w-owner",
    Column.CUSTOMER: "w-cust",
    Column.TERM: "w-term",
    Column.DUE: "w-when",
}
ARCHIVE = (Column.NUMBER, Column.CLOSED, Column.SENDER, Column.END, Column.QUEUE, Column.OWNER)
"""What is told of a ticket that is closed: neither its age nor its lock mean anything any more."""
OPEN = (
    *(Column.NUMBER, Column.AGE, Column.SENDER, Column.STATE, Column.LOCK, Column.QUEUE, Column.OWNER),
    Column.CUSTOMER,
)
ESCALATING = (
    *(Column.NUMBER, Column.TERM, Column.SENDER, Column.DUE, Column.LOCK, Column.QUEUE, Column.OWNER),
    Column.CUSTOMER,
)
COLUMNS = {
    ListKind.CLOSED: (ARCHIVE, CLOSED_ORDERS),
    ListKind.ESCALATION: (ESCALATING, TERM_ORDERS),
    ListKind.REMINDER: (OPEN, REMINDER_ORDERS),
}
"""What a kind of list tells of its tickets, and how it can be sorted; all others as open ones are."""

OTHER_ORDERS: Mapping[str, str | Promise] = {
    "contact": gettext_lazy("last contact"),
    "priority": gettext_lazy("priority"),
    "title": gettext_lazy("subject"),
}
"""What a list can be sorted by that has no column; the word on its button at the foot."""
OWN_ORDERS: Mapping[str, str | Promise] = {
    "age": gettext_lazy("age"),
    "term": gettext_lazy("term"),
    "pending": gettext_lazy("reminder"),
}
"""What lists are sorted by of their own accord; a telephone shows no heads, so it is at the foot, too."""

FIRST_WAYS = {"lock": "down", "closed": "down"}
"""What a first click on a column means where it is not 'up'."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: its word, and, where the list can be sorted by it, the order a click chooses.

    `icon`: the sign that stands for the word where the column is too narrow for it. `sorted` says which way
    what the column shows runs: 'ascending', 'descending', or '' for no way.
    """

    word: str | Promise
    css: str
    icon: str = ""
    order: str = ""
    sorted: str = ""

    @property
    def key(self) -> str:
        """What the list is sorted by with this column, whichever way."""
        return self.order.partition(":")[0]


@dataclass(frozen=True, slots=True)
class FootOrder:
    """A way to sort the list that is chosen at its foot."""

    key: str
    word: str | Promise
    order: str
    current: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """One of a few views of a list, with how many there are."""

    word: str | Promise
    count: int | str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Listing(PickBar):
    """A page of tickets as the template shows it."""

    title: str
    is_archive: bool
    rows: list[Row]
    waiting: list[Row]
    heads: list[Head]
    orders: list[FootOrder]
    kind: str
    view: str
    size: int
    back: str
    sizes: tuple[int, ...] = Preferences.PAGE_SIZES
    new: int = 0
    total: int | None = None
    range: str = ""
    segments: list[Segment] = field(default_factory=list)
    first: str = ""
    next: str = ""
    previous: str = ""
    last: str = ""
    empty_title: str = ""
    empty_text: str = ""
    until: str = ""
    place: str = ""
    since: int = 0
    can_pick: bool = False
    bulk: str = ""
    keep: dict[str, str] = field(default_factory=dict)

    @property
    def is_large(self) -> bool:
        """Whether something stands beneath each row."""
        return self.view == Preferences.View.LARGE

    @property
    def span(self) -> int:
        """The columns that are there at every width: the customer's code is left out where it is narrow."""
        return len(self.heads) - (not self.is_archive) + self.can_pick

    @property
    def picks(self) -> str:
        """What the ticks of this page would say, all of them."""
        return BETWEEN.join(row["pick"] for row in (*self.rows, *self.waiting))

    @property
    def has_pages(self) -> bool:
        """Whether there is another page."""
        return bool(self.next or self.previous)

    @property
    def has_sizes(self) -> bool:
        """Whether another size of page would show other tickets."""
        return self.has_pages or len(self.rows) + len(self.waiting) > min(self.sizes)

    @property
    def jump_form(self) -> JumpForm:
        """The form that leads to a day of the archive, as it was sent."""
        return JumpForm(initial={"until": self.until})


def listing(
    request: AgentRequest,
    *,
    title: str,
    page: TicketPage,
    asked: Asked,
    total: int | None = None,
    new: int = 0,
    segments: Sequence[Segment] = (),
    empty_title: str = "",
    empty_text: str = "",
) -> Listing:
    """Put a page's addresses and heads together; what else the address asks is kept in each link.

    `total`: how many tickets the list has on all its pages, where that was read already; `new`: how many of
    them nobody has answered, for the title of the tab.
    """
    keep = _kept(request)

    def at(**changes: str) -> str:
        return "?" + urlencode({name: value for name, value in (keep | changes).items() if value})

    is_archive = asked.kind == ListKind.CLOSED
    nothing, what_then = _words_of_nothing(is_archive=is_archive)
    place = place_of_list(request, asked)
    can_pick = may_change(request.actor)
    rows = _rows(request, page, asked=asked, place=place, can_pick=can_pick)
    return Listing(
        title=title,
        is_archive=is_archive,
        rows=[row for row in rows if not row["waits"]],
        waiting=[row for row in rows if row["waits"]],
        heads=_heads(asked.wish, kind=asked.kind),
        orders=_foot_orders(asked.wish, kind=asked.kind) if page.rows else [],
        kind=asked.kind,
        view=asked.view,
        size=asked.wish.size,
        back=request.path + at(sort="", way=""),
        new=new,
        total=total,
        range=_range(page, total=total, from_the_top=asked.wish.until is None),
        segments=list(segments),
        first=at() if page.previous else "",
        next=at(page=page.next) if page.next else "",
        previous=at(page=page.previous) if page.previous else "",
        last=at(page=LAST) if page.next else "",
        empty_title=empty_title or nothing,
        empty_text=empty_text or what_then,
        until=keep.get("until", ""),
        place=place.token,
        since=asked.since,
        can_pick=can_pick,
        bulk=keep.get(BULK, ""),
        keep={name: value for name, value in keep.items() if name != "until"},
    )


def _rows(
    request: AgentRequest, page: TicketPage, *, asked: Asked, place: Place, can_pick: bool
) -> list[Row]:
    """The rows, with the cells of this kind of list, and what stands beneath them."""
    return rows_of(
        page,
        actor=request.actor,
        shown=_beneath(request, page, view=asked.view),
        place=place,
        is_archive=asked.kind == ListKind.CLOSED,
        can_pick=can_pick,
        is_about_terms=asked.kind == ListKind.ESCALATION,
    )


def _kept(request: AgentRequest) -> dict[str, str]:
    """What of the address each link of the page keeps."""
    names = ("show", "sort", "way", "until", "q", BULK)
    return {name: request.GET.get(name, "")[:200] for name in names if name in request.GET}


def _beneath(request: AgentRequest, page: TicketPage, *, view: str) -> Mapping[int, Preview]:
    """What stands beneath the rows, by ticket id: in the large view alone."""
    if view != Preferences.View.LARGE:
        return {}
    return previews(actor=request.actor, ids=[ticket.pk for ticket in page.rows])


def _words_of_nothing(*, is_archive: bool) -> tuple[str, str]:
    """What a list without tickets says of itself: a title, and what one can do then."""
    if is_archive:
        return _("Nothing has been closed here"), _("What is closed appears here.")
    return _("Nothing to answer here"), _("Load the page again to see whether there are new questions.")


def show(
    request: AgentRequest, shown: Listing, *, page: str = "desk/lists/list.html", **beside: object
) -> HttpResponseBase:
    """The page with this list and what stands beside it, or for htmx only its list: one template for both.

    Where tickets can be ticked, what is done to many of them opens over it, with its editor.
    """
    name = "desk/lists/_overview.html" if getattr(request, "htmx", False) else page
    response = render(request, name, {"listing": shown, **beside})
    patch_vary_headers(response, ["HX-Request"])
    return allow_editor(request, response) if shown.can_pick else response


def _range(page: TicketPage, *, total: int | None, from_the_top: bool) -> str:
    """'1–50 of 312' at both ends of a list, '50 of 312' between them: nobody counts what came before a page.

    Nothing where the total is not known, or not true any more.
    """
    rows, begins, ends = len(page.rows), from_the_top and page.previous is None, page.next is None
    if begins and ends:
        total = rows
    if not rows or total is None or total < rows:
        return ""
    if not begins and not ends:
        return _("%(rows)s of %(total)s") % {"rows": rows, "total": total}
    first = 1 if begins else total - rows + 1
    last = first + rows - 1
    return _("%(first)s–%(last)s of %(total)s") % {"first": first, "last": last, "total": total}


def _heads(wish: Wish, *, kind: ListKind) -> list[Head]:
    columns, orders = COLUMNS.get(kind, (OPEN, OPEN_ORDERS))
    heads = []
    for column in columns:
        key = column.value if column.value in orders else ""
        current = bool(key) and key == wish.sort
        falls = wish.descending != (column == Column.AGE)  # the later a ticket was made, the less its age
        way = "up" if current and wish.descending else "down" if current else FIRST_WAYS.get(key, "up")
        heads.append(
            Head(
                word=column.label,
                css=CLASSES[column],
                icon="lock" if column == Column.LOCK else "",
                order=f"{key}:{way}" if key else "",
                sorted=("descending" if falls else "ascending") if current else "",
            )
        )
    return heads


def _foot_orders(wish: Wish, *, kind: ListKind) -> list[FootOrder]:
    """The list's own order and those that no column has; none where its columns have them all."""
    _columns, orders = COLUMNS.get(kind, (OPEN, OPEN_ORDERS))
    others = {key: word for key, word in OTHER_ORDERS.items() if key in orders}
    own = next(iter(orders))
    return [
        FootOrder(key, word, f"{key}:{'down' if orders[key].descending else 'up'}", key == wish.sort)
        for key, word in ({own: OWN_ORDERS[own]} | others if others else {}).items()
    ]
