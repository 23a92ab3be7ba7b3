"""Saved searches: whose they are, who may use them, and what a reader gets of one."""

import pytest
from django.http import QueryDict

from accounts.models import Agent, Group
from queues.models import Queue
from search import saved
from search.models import QUERY_MOST, SavedSearch
from search.saved import (
    TakenNameError,
    TooLongError,
    TooManyError,
    change_search,
    delete_search,
    find_own_search,
    find_search,
    groups_to_share_with,
    read_saved,
    save_search,
    searches_of,
    searches_shared_with,
)
from tests.factories import actor, grant, make_free_field


@pytest.fixture
def team(owner: Agent, colleague: Agent) -> Group:
    """A group of both."""
    group = Group.objects.create(name="Kampteam")
    group.agents.add(owner, colleague)
    return group


def test_each_agent_has_their_own_by_name(owner: Agent, colleague: Agent) -> None:
    for name in ("Zomer", "Bos"):
        save_search(agent=owner, name=name, query="q=kamp", group=None)
    theirs = save_search(agent=colleague, name="bos", query="q=boot", group=None)
    assert [search.name for search in searches_of(owner)] == ["Bos", "Zomer"]
    for name in ("bos", "Bos", "BOS"):
        with pytest.raises(TakenNameError):
            save_search(agent=owner, name=name, query="q=tent", group=None)
    with pytest.raises(SavedSearch.DoesNotExist):
        find_search(theirs.pk, agent=owner)
    save_search(agent=owner, name="BOS", query="q=tent", group=None, replaces=True)
    assert [(search.name, search.query) for search in searches_of(owner)] == [
        ("BOS", "q=tent"),
        ("Zomer", "q=kamp"),
    ]


def test_a_group_uses_what_is_shared_with_it_and_only_the_owner_changes_it(
    team: Group, owner: Agent, colleague: Agent, reader: Agent
) -> None:
    search = save_search(agent=owner, name="Kamp", query="q=kamp", group=team)
    assert searches_shared_with(colleague) == [search]
    assert searches_shared_with(owner) == searches_shared_with(reader) == []
    assert find_search(search.pk, agent=colleague) == find_search(search.pk, agent=owner) == search
    assert team in groups_to_share_with(owner)
    assert team not in groups_to_share_with(reader)
    for other in (colleague, reader):
        delete_search(agent=other, search_id=search.pk)
        with pytest.raises(SavedSearch.DoesNotExist):
            find_own_search(search.pk, agent=other)
        with pytest.raises(SavedSearch.DoesNotExist):
            change_search(agent=other, search_id=search.pk, name="Van mij", group=None)
    with pytest.raises(SavedSearch.DoesNotExist):
        find_search(search.pk, agent=reader)
    team.agents.remove(colleague)
    with pytest.raises(SavedSearch.DoesNotExist):
        find_search(search.pk, agent=colleague)
    team.delete()
    assert find_search(search.pk, agent=owner).group is None


def test_one_is_renamed_and_deleted(owner: Agent, team: Group) -> None:
    save_search(agent=owner, name="Tent", query="q=tent", group=None)
    search = save_search(agent=owner, name="Kamp", query="q=kamp", group=None)
    with pytest.raises(TakenNameError):
        change_search(agent=owner, search_id=search.pk, name="tent", group=None)
    changed = change_search(agent=owner, search_id=search.pk, name="KAMP", group=team)
    assert (changed.name, changed.group, changed.query) == ("KAMP", team, "q=kamp")
    delete_search(agent=owner, search_id=search.pk)
    delete_search(agent=owner, search_id=search.pk)
    assert [search.name for search in searches_of(owner)] == ["Tent"]


def test_they_are_limited(owner: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "SAVED_MOST", 1)
    with pytest.raises(TooLongError):
        save_search(agent=owner, name="Lang", query="q=" + "x" * QUERY_MOST, group=None)
    save_search(agent=owner, name="Kamp", query="q=kamp", group=None)
    save_search(agent=owner, name="Kamp", query="q=tent", group=None, replaces=True)
    with pytest.raises(TooManyError):
        save_search(agent=owner, name="Boot", query="q=boot", group=None)


def test_what_a_reader_may_not_see_is_left_out_unnamed(
    owner: Agent, reader: Agent, stranger: Agent, queue: Queue, other_queue: Queue
) -> None:
    grant(owner, other_queue, "ro")
    field = make_free_field("short", queues=[other_queue])
    query = (
        f"q=kamp&queue={queue.pk}&queue={other_queue.pk}&owner={stranger.pk}&owner=me&priority=5"
        f"&created_by={stranger.pk}&created_after=2026-01-01&free_{field.pk}=ja"
    )
    search = save_search(agent=owner, name="Alles", query=query, group=None)
    whole, cut = (read_saved(search, actor=actor(agent)) for agent in (owner, reader))
    assert not whole.is_cut
    assert sorted(QueryDict(whole.query).lists()) == sorted(QueryDict(query).lists())
    assert cut.is_cut
    assert dict(QueryDict(cut.query).lists()) == {
        "q": ["kamp"],
        "queue": [str(queue.pk)],
        "owner": ["me"],
        "priority": ["5"],
        "created_after": ["2026-01-01"],
    }
