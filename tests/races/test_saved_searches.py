"""Two browsers of one agent who save a search at the same moment."""

import re
from functools import partial

import pytest

from accounts.models import Agent
from search.models import SavedSearch
from search.saved import TakenNameError, save_search
from tests.races.meeting import at_the_lock

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

HOLDS_AGENT = re.compile(r'FROM "accounts_agent" .* FOR NO KEY UPDATE')


def save(agent: Agent, name: str, query: str) -> str:
    """What became of it, in a word."""
    try:
        return save_search(agent=agent, name=name, query=query, group=None).query
    except TakenNameError:
        return "taken"


def test_of_two_searches_of_one_name_the_second_is_told(owner: Agent) -> None:
    outcomes = at_the_lock(
        partial(save, owner, "Kamp", "q=kamp"), partial(save, owner, "kamp", "q=tent"), lock=HOLDS_AGENT
    )
    assert outcomes.count("taken") == 1
    assert [search.query for search in SavedSearch.objects.all()] == [
        outcome for outcome in outcomes if outcome != "taken"
    ]
