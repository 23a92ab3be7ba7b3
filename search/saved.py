"""Saved searches (OTRS 11.7): kept under a name, for their owner and the group that they are shared with."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.http import QueryDict

from accounts.models import Agent, Group
from search.filters import TicketFilter
from search.models import QUERY_MOST, SavedSearch
from tickets.actor import Actor

SAVED_MOST = 100
"""So many searches of one agent are kept."""


class TakenNameError(Exception):
    """This agent has a saved search of that name."""


class TooManyError(Exception):
    """This agent has as many saved searches as are kept."""


class TooLongError(Exception):
    """A search is too long to be kept."""


class Read(NamedTuple):
    """A saved search as it is for a reader; `is_cut`: something was left out that they may not see."""

    query: str
    is_cut: bool


def searches_of(agent: Agent) -> list[SavedSearch]:
    """An agent's own, by name; one statement."""
    return list(SavedSearch.objects.filter(owner=agent).select_related("group").order_by("name", "pk"))


def searches_shared_with(agent: Agent) -> list[SavedSearch]:
    """What colleagues share with a group of the agent's, by name; one statement."""
    shared = SavedSearch.objects.filter(group__in=_groups(agent)).exclude(owner=agent)
    return list(shared.select_related("owner", "group").order_by("name", "pk"))


def find_search(search_id: int, *, agent: Agent) -> SavedSearch:
    """One that the agent may use; raises `SavedSearch.DoesNotExist`."""
    usable = SavedSearch.objects.filter(Q(owner=agent) | Q(group__in=_groups(agent)))
    return usable.select_related("owner", "group").get(pk=search_id)


def find_own_search(search_id: int, *, agent: Agent) -> SavedSearch:
    """One that the agent may change; raises `SavedSearch.DoesNotExist`."""
    return SavedSearch.objects.select_related("group").get(pk=search_id, owner=agent)


def groups_to_share_with(agent: Agent) -> QuerySet[Group]:
    """The groups that the agent belongs to."""
    return Group.objects.filter(pk__in=_groups(agent))


def read_saved(search: SavedSearch, *, actor: Actor) -> Read:
    """What a saved search asks for, as far as the reader may see what it names: what they may not, it does
    not name. The statements of a `TicketFilter`."""
    filters = TicketFilter(QueryDict(search.query), actor=actor)
    return Read(
        urlencode(filters.readable), is_cut=bool(filters.unknown) or filters.readable != filters.pairs
    )


@transaction.atomic
def save_search(
    *, agent: Agent, name: str, query: str, group: Group | None, replaces: bool = False
) -> SavedSearch:
    """Keep a search under a name, of one's own searches one each; `replaces` one that has it.

    The group is one of `groups_to_share_with`. Raises `TakenNameError`, `TooManyError` and `TooLongError`.
    """
    if len(query) > QUERY_MOST:
        raise TooLongError
    own = _hold(agent)
    same = _of_name(own, name).first()
    if same is not None and not replaces:
        raise TakenNameError(name)
    if same is None and own.count() >= SAVED_MOST:
        raise TooManyError
    search = same or SavedSearch(owner=agent)
    search.name, search.query, search.group = name, query, group
    search.save()
    return search


@transaction.atomic
def change_search(*, agent: Agent, search_id: int, name: str, group: Group | None) -> SavedSearch:
    """Give one's own another name, and share it with a group, or with nobody.

    Raises `TakenNameError`, and `SavedSearch.DoesNotExist` for one that is not there or somebody else's.
    """
    own = _hold(agent)
    search = own.get(pk=search_id)
    if _of_name(own, name).exclude(pk=search_id).exists():
        raise TakenNameError(name)
    search.name, search.group = name, group
    search.save(update_fields=["name", "group"])
    return search


def delete_search(*, agent: Agent, search_id: int) -> None:
    """Delete one's own; one that is gone already stays so, and somebody else's is not touched."""
    SavedSearch.objects.filter(owner=agent, pk=search_id).delete()


def _groups(agent: Agent) -> "QuerySet[Group, Any]":
    return agent.groups.order_by().values("pk")


def _of_name(own: QuerySet[SavedSearch], name: str) -> QuerySet[SavedSearch]:
    """Those called so, as the database compares names: capitals make no other name."""
    return own.annotate(lower_name=Lower("name")).filter(lower_name=Lower(Value(name)))


def _hold(agent: Agent) -> QuerySet[SavedSearch]:
    """The agent's own, which nothing else changes until the transaction ends: of two, one goes first."""
    list(Agent.objects.select_for_update(no_key=True, of=("self",)).filter(pk=agent.pk).values_list("pk"))
    return SavedSearch.objects.filter(owner=agent)
