"""What a list of tickets asks of its address, and what its page needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.middleware import preferences_of
from accounts.models import Preferences
from desk.frame import AgentRequest
from desk.overviews.rows import Row, rows_of
from tickets.queries.pages import LAST, TicketPage


class Column(TextChoices):
    """The manual's columns, in its order; the value is how the list is sorted by it."""

    NUMBER = "number", gettext_lazy("Ticket#")
    AGE = "age", gettext_lazy("Age")
    SENDER = "sender", gettext_lazy("From / Subject")
    STATE = "state", gettext_lazy("State")
    LOCK = "lock", gettext_lazy("Lock")
    QUEUE = "queue", gettext_lazy("Queue")
    OWNER = "owner", gettext_lazy("Owner")
    CUSTOMER = "customer", gettext_lazy("Customer code")


CLASSES = {
    Column.NUMBER: "w-nr",
    Column.AGE: "w-age",
    Column.SENDER: "w-what",
    Column.STATE: "w-state",
    Column.LOCK: "w-lock",
    Column.QUEUE: "w-queue",
    Column.OWNER: "w-owner",
    Column.CUSTOMER: "w-cust",
}
CLOSED_SORTS = {Column.NUMBER: "number", Column.AGE: "created", Column.STATE: "closed"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks: order, place, and whatever else the list knows."""

    sort: str
    descending: bool | None
    cursor: str

    @classmethod
    def of(cls, request: AgentRequest) -> "Asked":
        """Read it; nonsense is the same as nothing."""
        way = request.GET.get("way")
        return cls(
            sort=request.GET.get("sort", "")[:20],
            descending={"down": True, "up": False}.get(way or ""),
            cursor=request.GET.get("page", "")[:1000],
        )


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: its word, and, where the list can be sorted by it, the address that does."""

    word: str | Promise
    css: str
    address: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One of a few views of a list, with how many there are."""

    word: str | Promise
    count: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of tickets as the template shows it."""

    title: str
    rows: list[Row]
    heads: list[Head]
    view: str
    total: int | None = None
    segments: list[Segment] = field(default_factory=list)
    first: str = ""
    next: str = ""
    previous: str = ""
    last: str = ""
    jump: bool = False
    empty_title: str = ""
    empty_text: str = ""
    until: str = ""
    keep: dict[str, str] = field(default_factory=dict)


def listing(
    request: AgentRequest,
    *,
    title: str,
    page: TicketPage,
    sort: str,
    descending: bool,
    closed: bool = False,
    total: int | None = None,
    segments: Sequence[Segment] = (),
    empty_title: str = "",
    empty_text: str = "",
) -> Listing:
    """Put a page's addresses and heads together; what else the address asks is kept in each link."""
    keep = {
        name: request.GET.get(name, "") for name in ("show", "sort", "way", "until") if name in request.GET
    }

    def at(**changes: str) -> str:
        return "?" + urlencode({name: value for name, value in (keep | changes).items() if value})

    return Listing(
        title=title,
        rows=rows_of(page),
        heads=_heads(sort=sort, descending=descending, closed=closed, at=at),
        view=preferences_of(request.user).view,
        total=total,
        segments=list(segments),
        first=at() if page.previous else "",
        next=at(page=page.next) if page.next else "",
        previous=at(page=page.previous) if page.previous else "",
        last=at(page=LAST) if page.next else "",
        jump=closed,
        empty_title=empty_title or _("Nothing to answer here"),
        empty_text=empty_text or _("New questions appear here by themselves."),
        until=keep.pop("until", ""),
        keep=keep,
    )


def show(request: AgentRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """The page, or for htmx only its list: one template for both."""
    name = "desk/overviews/_overview.html" if getattr(request, "htmx", False) else template
    return render(request, name, context)


def size_of(request: AgentRequest) -> int:
    """How many tickets this agent likes on a page."""
    preferences: Preferences = preferences_of(request.user)
    return preferences.page_size


def _heads(*, sort: str, descending: bool, closed: bool, at: Callable[..., str]) -> list[Head]:
    heads = []
    for column in Column:
        key = CLOSED_SORTS.get(column, "") if closed else column.value
        word = _("Closed") if closed and column == Column.STATE else column.label
        current = bool(key) and key == sort
        way = "up" if current and descending else "down" if current else ""
        heads.append(
            Head(
                word=word,
                css=CLASSES[column],
                address=at(sort=key, way=way) if key else "",
                sorted=("descending" if descending else "ascending") if current else "",
            )
        )
    return heads
