"""The two lists that an address names by state: the open tickets, and the archive."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.lists.asked import ListKind
from desk.lists.listing import Segment
from tickets.queries.which import CLOSED, OPEN, Which


@dataclass(frozen=True, slots=True)
class ListState:
    """Tickets in one kind of state: the word for it, which they are, and whose order is kept for them."""

    word: str | Promise
    which: Which
    kind: ListKind


STATES = {
    "open": ListState(word=_("open"), which=OPEN, kind=ListKind.OPEN),
    "gesloten": ListState(word=_("closed"), which=CLOSED, kind=ListKind.CLOSED),
}
"""What stands in the address → the list."""


def state_or_404(name: str) -> ListState:
    """The list of that name in an address; a 404 for any other."""
    if name not in STATES:
        raise Http404
    return STATES[name]


def segments_by_state(
    counts: Mapping[str, int | str], *, current: str, address: Callable[[str], str]
) -> list[Segment]:
    """A segment for each state, with its count; `address` gives that of a name in `STATES`."""
    return [
        Segment(state.word, counts[name], address(name), current=name == current)
        for name, state in STATES.items()
    ]
