"""Boxes of tickets: which they have in each of their tabs, and how all of them are filled together.

However many boxes there are, their counts are two statements, their rows one; each has one more for its ids.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Agent
from accounts.preferences import preferences_of
from desk.dashboard.box import Box
from desk.dashboard.lines import Line, LineWords, When
from desk.frame import AgentRequest
from desk.lists.asked import WAYS, ListKind
from desk.lists.place import Place, Selection
from queues.subscriptions import own_queues
from tickets.queries.counted import COUNT_MOST, count_each
from tickets.queries.counts import Counts, queue_counts
from tickets.queries.listed import Listed, listed
from tickets.queries.pages import Wish, ids_of
from tickets.queries.which import Which, locked_by


class Tab(TextChoices):
    """The manual's tabs; the value stands in addresses and in preferences."""

    LOCKED = "vergrendeld", _("My locked tickets")
    QUEUES = "wachtrijen", _("Tickets in my queues")
    ALL = "alle", _("All tickets")


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketBox(Box):
    """A box of tickets, in one order: `sort` and `way` as a list's address has them.

    `first`: the tab that it has until its agent chooses one. `when`, under `head`: what its last column says.
    `tallied`: where the tally of queues says how many there are, so that nobody counts them. `is_alarm`: it
    looks so while there are any.
    """

    template: str = "desk/dashboard/_tickets.html"
    which: Callable[[datetime], Which]
    kind: ListKind
    sort: str
    way: str
    first: Tab
    head: str | Promise
    when: When
    tallied: Callable[[Counts], int] | None = None
    is_alarm: bool = False

    def wish(self, size: int) -> Wish:
        """Its first tickets."""
        return Wish(size=size, sort=self.sort, descending=WAYS[self.way])

    def order(self) -> dict[str, str]:
        """What asks a list for its order."""
        return {"sort": self.sort, "way": self.way}


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose tickets are looked for, and in which queues: the agent's own, and all they may see."""

    agent: Agent
    own: Collection[int]
    visible: Collection[int]
    now: datetime

    @classmethod
    def of(cls, request: AgentRequest) -> "Reach":
        """That of who asks; one statement."""
        return cls(request.user, own_queues(request.rights), request.rights.visible, timezone.now())

    def queues(self, tab: Tab) -> Collection[int]:
        """The queues of a tab."""
        return self.own if tab == Tab.QUEUES else self.visible

    def which(self, box: TicketBox, tab: Tab) -> Which:
        """The tickets of a tab."""
        which = box.which(self.now)
        return which & locked_by(self.agent) if tab == Tab.LOCKED else which

    def selection(self, box: TicketBox, tab: Tab) -> Selection:
        """The tickets of a tab, as a list has them."""
        return Selection(self.which(box, tab), self.queues(tab), box.kind)

    def tab(self, box: TicketBox) -> Tab:
        """The tab of a box that its agent chose; before that, who has no queues of their own looks at all."""
        kept = preferences_of(self.agent).box_tabs.get(box.name, "")
        if kept in Tab:
            return Tab(kept)
        return Tab.ALL if box.first == Tab.QUEUES and not self.own else box.first


@dataclass(frozen=True, slots=True)
class TabLink:
    """A tab: its word, how many there are, the page that shows it, and what asks for it."""

    name: str
    word: str | Promise
    count: str
    show: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Tickets:
    """What a box of tickets shows. `more`: the list of all of them, where there are more than `lines`.

    `to_do`: how many concern its agent, whichever tab is shown.
    """

    tabs: list[TabLink]
    lines: list[Line]
    count: str
    more: str
    to_do: int
    lacks_queues: bool


def show_of(box: TicketBox, tab: Tab) -> str:
    """A tab of a box, as an address asks for it."""
    return f"{box.name}:{tab}"


def list_address(box: TicketBox, tab: Tab) -> str:
    """The list of all tickets of a tab, in the order of the box."""
    return f"{reverse('desk:box', args=[box.name, tab])}?{urlencode(box.order())}"


def tab_counts(request: AgentRequest, reach: Reach, boxes: Iterable[TicketBox]) -> dict[tuple[str, Tab], int]:
    """How many tickets each tab of these boxes has, by box and tab; two statements at most.

    Where nobody tallied them, counting stops at `COUNT_MOST`.
    """
    each = [(box, tab) for box in boxes for tab in Tab]
    tallied = [(box.tallied, box, tab) for box, tab in each if box.tallied and tab != Tab.LOCKED]
    counts: dict[tuple[str, Tab], int] = {}
    if tallied:
        sums = queue_counts(rights=request.rights)
        counts = {(box.name, tab): take(sums.of(*reach.queues(tab))) for take, box, tab in tallied}
    others = [(box, tab) for box, tab in each if (box.name, tab) not in counts]
    lists = [(reach.which(box, tab), reach.queues(tab)) for box, tab in others]
    found = count_each(lists, actor=request.actor)
    return counts | {(box.name, tab): n for (box, tab), n in zip(others, found, strict=True)}


def is_whole(box: TicketBox, tab: Tab, count: int) -> bool:
    """Whether this is all there is, and not where counting stopped."""
    return count < COUNT_MOST or bool(box.tallied and tab != Tab.LOCKED)


def fill_tickets(
    request: AgentRequest, boxes: Sequence[TicketBox], *, tabs: Mapping[str, Tab]
) -> dict[str, Tickets]:
    """What each of these boxes shows, by its name; `tabs`: which of them is asked for, else the kept one."""
    if not boxes:
        return {}
    filling = _Filling(request, boxes, tabs)
    return {box.name: filling.content(box) for box in boxes}


@dataclass(slots=True)
class _Filling:
    """Boxes while they are filled: what they have in common is asked for once."""

    request: AgentRequest
    boxes: Sequence[TicketBox]
    tabs: Mapping[str, Tab]
    reach: Reach = field(init=False)
    counts: dict[tuple[str, Tab], int] = field(init=False)
    ids: dict[str, list[int]] = field(init=False)
    rows: dict[int, Listed] = field(init=False)
    words: LineWords = field(init=False)

    def __post_init__(self) -> None:
        self.reach = Reach.of(self.request)
        self.counts = tab_counts(self.request, self.reach, self.boxes)
        self.ids = {box.name: self._ids(box) for box in self.boxes}
        wanted = sorted({ticket_id for ids in self.ids.values() for ticket_id in ids})
        self.rows = {row.pk: row for row in listed(actor=self.request.actor, ids=wanted)}
        self.words = LineWords()

    def content(self, box: TicketBox) -> Tickets:
        """What a box shows."""
        tab = self._tab(box)
        place = Place(reverse("desk:home"), {"show": show_of(box, tab), **box.order()})
        lines = self.words.lines(self._tickets(box), place=place, when=box.when)
        mine = Tab.QUEUES if self.reach.own else Tab.ALL
        return Tickets(
            tabs=[self._link(box, each, is_current=each == tab) for each in Tab],
            lines=lines,
            count=self._said(box, tab),
            more=list_address(box, tab) if self.counts[box.name, tab] > len(lines) else "",
            to_do=self.counts[box.name, Tab.LOCKED] + self.counts[box.name, mine],
            lacks_queues=tab == Tab.QUEUES and not self.reach.own,
        )

    def _tab(self, box: TicketBox) -> Tab:
        return self.tabs.get(box.name) or self.reach.tab(box)

    def _ids(self, box: TicketBox) -> list[int]:
        tab = self._tab(box)
        if not self.counts[box.name, tab]:
            return []
        which, queues = self.reach.which(box, tab), self.reach.queues(tab)
        if self.counts[box.name, tab] < COUNT_MOST:  # few: the index of each queue would be read to its end
            which = replace(which, by_index=frozenset())
        size = preferences_of(self.request.user).box_rows
        return ids_of(which, actor=self.request.actor, queues=queues, wish=box.wish(size))

    def _tickets(self, box: TicketBox) -> list[Listed]:
        return [self.rows[ticket_id] for ticket_id in self.ids[box.name] if ticket_id in self.rows]

    def _link(self, box: TicketBox, tab: Tab, *, is_current: bool) -> TabLink:
        show = show_of(box, tab)
        return TabLink(
            name=tab.value,
            word=tab.label,
            count=self._said(box, tab),
            show=show,
            address=f"?{urlencode({'show': show})}#box-{box.name}",
            is_current=is_current,
        )

    def _said(self, box: TicketBox, tab: Tab) -> str:
        """'312', or '1.000+' where counting stopped."""
        count = self.counts[box.name, tab]
        return number_format(count, force_grouping=True) + ("" if is_whole(box, tab, count) else "+")
