"""Sjablonen: kept from a search, found again, renamed, shared and deleted; and nothing of somebody else's."""

import pytest
from django.test import Client

from accounts.models import Agent, Group
from queues.models import Queue
from search.models import SavedSearch
from search.saved import save_search
from tests.desk.reading import text
from tests.factories import grant

pytestmark = pytest.mark.django_db
AT = "/zoeken/sjablonen/"
NEW = f"{AT}nieuw/?q=tent&priority=5&page=2"


@pytest.fixture
def team(owner: Agent, colleague: Agent) -> Group:
    """A group of both."""
    group = Group.objects.create(name="Kampteam")
    group.agents.add(owner, colleague)
    return group


def test_a_search_is_kept_under_a_name_and_found_again(desk: Client, owner: Agent, team: Group) -> None:
    page = text(desk.get(NEW))
    assert "Volledig: tent" in page
    assert "Prioriteit: 5 zeer hoog" in page
    kept = desk.post(NEW, {"name": "Tenten", "group": team.pk})
    assert kept["Location"] == "/zoeken/?q=tent&priority=5"
    search = SavedSearch.objects.get(owner=owner)
    assert (search.name, search.query, search.group) == ("Tenten", "q=tent&priority=5", team)
    listed = text(desk.get(AT))
    assert "Tenten" in listed
    assert "gedeeld met Kampteam" in listed
    assert desk.get(f"{AT}{search.pk}/")["Location"] == "/zoeken/?q=tent&priority=5"


def test_a_taken_name_is_told_and_can_be_replaced(desk: Client, owner: Agent) -> None:
    search = save_search(agent=owner, name="Tenten", query="q=oud", group=None)
    again = desk.post(NEW, {"name": "tenten"})
    assert again.status_code == 422
    assert "Je hebt al een sjabloon met deze naam" in text(again)
    assert desk.post(NEW, {"name": "tenten", "replaces": "on"}).status_code == 302
    search.refresh_from_db()
    assert search.query == "q=tent&priority=5"


@pytest.mark.parametrize(
    "filled", [{}, {"name": ""}, {"name": "x" * 101}, {"name": "a\0b"}, {"name": "a", "group": 999}]
)
def test_nonsense_is_refused(desk: Client, filled: dict[str, str]) -> None:
    assert desk.post(NEW, filled).status_code == 422
    assert not SavedSearch.objects.exists()


def test_what_is_no_search_leads_back_to_the_screen(desk: Client) -> None:
    for query in ("", "queue=999999", "page=2"):
        assert desk.get(f"{AT}nieuw/?{query}")["Location"].startswith("/zoeken/uitgebreid/?")


def test_ones_own_is_renamed_shared_and_deleted(
    desk: Client, owner: Agent, team: Group, reader: Agent
) -> None:
    other = Group.objects.create(name="Andere groep")
    search = save_search(agent=owner, name="Tenten", query="q=tent", group=None)
    page = f"{AT}{search.pk}/bewerken/"
    assert "Andere groep" not in text(desk.get(page))
    assert desk.post(page, {"name": "Kamp", "group": other.pk}).status_code == 422
    assert desk.post(page, {"name": "Kamp", "group": team.pk})["Location"] == AT
    search.refresh_from_db()
    assert (search.name, search.group) == ("Kamp", team)
    assert desk.get(f"{AT}{search.pk}/verwijderen/").status_code == 405
    assert desk.post(f"{AT}{search.pk}/verwijderen/")["Location"] == AT
    assert not SavedSearch.objects.exists()
    assert desk.post(f"{AT}{search.pk}/verwijderen/").status_code == 404


def test_a_colleague_uses_what_is_shared_without_what_they_may_not_see(
    client: Client, owner: Agent, colleague: Agent, team: Group, queue: Queue, other_queue: Queue
) -> None:
    grant(owner, other_queue, "ro")
    query = f"queue={queue.pk}&queue={other_queue.pk}"
    search = save_search(agent=owner, name="Beide", query=query, group=team)
    client.force_login(colleague)
    assert "van Owner, gedeeld met Kampteam" in text(client.get(AT))
    used = client.get(f"{AT}{search.pk}/", follow=True)
    assert used.redirect_chain == [(f"/zoeken/?queue={queue.pk}", 302)]
    assert "iets weggelaten" in text(used)
    assert other_queue.name not in text(used)
    assert client.get(f"{AT}{search.pk}/bewerken/").status_code == 404
    assert client.post(f"{AT}{search.pk}/bewerken/", {"name": "Van mij"}).status_code == 404
    assert client.post(f"{AT}{search.pk}/verwijderen/").status_code == 404
    assert SavedSearch.objects.get().name == "Beide"


def test_a_stranger_learns_nothing(client: Client, owner: Agent, stranger: Agent, team: Group) -> None:
    search = save_search(agent=owner, name="Tenten", query="q=tent", group=team)
    client.force_login(stranger)
    assert "Tenten" not in text(client.get(AT))
    for end in ("", "bewerken/", "verwijderen/"):
        for answer in (client.get(f"{AT}{search.pk}/{end}"), client.post(f"{AT}{search.pk}/{end}")):
            assert answer.status_code in (404, 405)
            assert "Tenten" not in text(answer)
