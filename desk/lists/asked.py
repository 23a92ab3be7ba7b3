"""What a list is asked: by its address, and by what its agent chose before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date

from accounts.models import Preferences
from accounts.preferences import preferences_of
from desk.frame import AgentRequest
from tickets.queries.orders import Order
from tickets.queries.pages import Wish

ListKind = Preferences.ListKind
WAYS = {"down": True, "up": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which kind of list this is, how its rows look (S, M or L), and which page of it is wished.

    `since`: the newest event of all before the list is read.
    """

    kind: ListKind
    view: str
    wish: Wish
    since: int = 0


def asked_of(request: AgentRequest, *, kind: ListKind, orders: Mapping[str, Order], first: str = "") -> Asked:
    """The order of the address, else the one that the agent chose before, else `first` ('age:down').

    Nonsense is the same as nothing, and so is an order that is not one of `orders`: the first of them.
    """
    preferences = preferences_of(request.user)
    of_address = f"{request.GET.get('sort', '')}:{request.GET.get('way', '')}"
    choices = [choice.partition(":") for choice in (of_address, preferences.orders.get(kind, ""), first)]
    possible = ((sort, way) for sort, _colon, way in choices if sort in orders)
    sort, way = next(possible, (next(iter(orders)), ""))
    wish = Wish(
        sort=sort,
        descending=WAYS.get(way, orders[sort].descending),
        size=preferences.page_size,
        cursor=request.GET.get("page", "")[:1000],
        until=_until(request) if kind == ListKind.CLOSED else None,
    )
    since = request.counters.newest_event
    return Asked(kind=kind, view=preferences.view, wish=wish, since=since)


def _until(request: AgentRequest) -> datetime | None:
    """The end of the day to jump to."""
    try:
        day = parse_date(request.GET.get("until", "")[:10])
    except ValueError:
        return None
    if day is None or not 1990 <= day.year < 2200:
        return None
    return timezone.make_aware(datetime.combine(day, time.min) + timedelta(days=1))
