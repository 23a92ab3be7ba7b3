"""A page of what was found, as the template shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Preferences
from accounts.preferences import preferences_of
from desk.bulk.bar import PickBar
from desk.bulk.verbs import BETWEEN, BULK, may_change
from desk.frame import AgentRequest
from desk.lists.place import TOKEN_MOST, Place
from desk.search.asked import BEGIN, SORT, Search, in_address
from desk.search.hints import sentences_of
from desk.search.hits import Hit, hits_of
from search.filling import gap
from search.find import RANKED_MOST, FoundPage, Sort, find


class Way(NamedTuple):
    """An order that the results can be in."""

    word: str | Promise
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(PickBar):
    """A page of results.

    `is_all`: it has all that was found, and `count` says how many. `further`: where looking goes on that had
    to stop, and `looked_to` says how far it came, back or, from the oldest on, up (`is_upwards`). `back`: the
    first page, where an act in a row leads.
    `to_csv`, `to_file`: where all that was found is fetched, and made into a file; `submission` makes one of
    two presses.
    """

    hits: list[Hit]
    is_all: bool
    count: str
    ways: list[Way]
    hints: list[str]
    next: str
    first: str
    further: str
    looked_to: str
    is_upwards: bool
    counts: str
    back: str
    view: str
    size: int
    place: str
    can_pick: bool
    bulk: str
    to_csv: str
    to_file: str
    submission: UUID
    sizes: tuple[int, ...] = field(default=Preferences.PAGE_SIZES)

    @property
    def is_large(self) -> bool:
        """Whether something can be done to each at once."""
        return self.view == Preferences.View.LARGE

    @property
    def picks_key(self) -> str:
        """Ticks are those of this search: what another one found is not seen here."""
        return self.back

    @property
    def has_sizes(self) -> bool:
        """Whether another size of page would show other tickets."""
        return bool(self.next or self.first) or len(self.hits) > min(self.sizes)

    @property
    def picks(self) -> str:
        """What the ticks of this page would say, all of them."""
        return BETWEEN.join(hit["pick"] for hit in self.hits)


def found(request: AgentRequest, search: Search) -> Found:
    """The page that is asked for, and the addresses of what is beside it."""
    likes, kept = preferences_of(request.user), {BULK: request.GET.get(BULK, "")[:100]}
    page = find(search.which, size=likes.page_size, begin=search.begin, sort=search.sort)
    can_pick, place = may_change(request.actor), place_of(search)
    hits = hits_of(search, page.ids, view=likes.view, place=place, can_pick=can_pick)
    begin = {} if page.next is None else {BEGIN: page.next, SORT: in_address(page.sort)}
    is_cut = page.looked_to is not None
    is_all = page.next is None and not search.begin
    return Found(
        hits=hits,
        is_all=is_all,
        count=count_in_words(len(hits)) if is_all and not search.is_nothing else "",
        ways=_ways(search, page, kept=kept),
        hints=[*_not_yet(search), *search.faults, *sentences_of(page.remarks), *_why_unranked(search, page)],
        next=search.at(kept | begin) if begin and not is_cut else "",
        first=search.at(kept) if search.begin else "",
        further=search.at(kept | begin) if is_cut else "",
        looked_to=f"{timezone.localtime(page.looked_to):%d-%m-%Y}" if page.looked_to else "",
        is_upwards=page.sort is Sort.OLDEST,
        counts="" if is_all and not hits else f"{reverse('desk:search_counts')}?{search.query()}",
        back=search.at(),
        view=likes.view,
        size=likes.page_size,
        place=place.token if place else "",
        can_pick=can_pick,
        bulk=kept[BULK],
        to_csv=f"{reverse('desk:export_csv')}?{search.filters.query}",
        to_file=f"{reverse('desk:exports')}?{search.filters.query}",
        submission=uuid4(),
    )


def place_of(search: Search) -> Place | None:
    """The results as the list that a ticket was opened from; None of a search too long for an address."""
    place = Place(reverse("desk:search"), {}, search.query({BEGIN: search.begin}))
    return place if len(place.token) <= TOKEN_MOST else None


def count_in_words(total: int, *, is_more: bool = False) -> str:
    """How many were found; `is_more`: there are more than that."""
    if is_more:
        return _("more than %(n)s tickets found") % {"n": grouped(total)}
    said = ngettext("%(n)s ticket found", "%(n)s tickets found", total)
    return said % {"n": grouped(total)}


def grouped(number: int) -> str:
    """With a point at the thousands, as Dutch and this house's English have it."""
    return f"{number:,}".replace(",", ".")


def _ways(search: Search, page: FoundPage, *, kept: Mapping[str, str]) -> list[Way]:
    words = {Sort.BEST: _("Best first"), Sort.NEWEST: _("Newest first"), Sort.OLDEST: _("Oldest first")}
    return [
        Way(word, search.at({**kept, SORT: in_address(sort)}), page.sort is sort)
        for sort, word in words.items()
        if page.ids
    ]


def _not_yet(search: Search) -> Sequence[str]:
    """That not all tickets can be found by their words yet, where words are asked for."""
    missing = gap() if search.which.query.exact is not None else None
    if missing is None:
        return ()
    if missing.since is None:
        return (_("KVV is still reading the tickets: not all of them can be found yet."),)
    said = _("KVV is still reading the tickets: those of %(day)s and later can be found.")
    return (said % {"day": f"{timezone.localtime(missing.since):%d-%m-%Y}"},)


def _why_unranked(search: Search, page: FoundPage) -> Sequence[str]:
    """Why the best do not come first, where that was asked for."""
    if search.sort is not Sort.BEST or page.sort is Sort.BEST or not page.ids:
        return ()
    if not search.which.query.any_word:
        return (_("Without a word to look for none is better than another: the newest come first."),)
    said = _("More than %(n)s tickets were found: the newest come first. Add a word to have the best first.")
    return (said % {"n": grouped(RANKED_MOST)},)
