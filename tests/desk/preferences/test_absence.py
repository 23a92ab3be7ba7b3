"""Buiten kantoortijd: whole days, told to oneself and to colleagues, until they are over or ended."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.absence import away_until, name_now
from accounts.models import Agent, Preferences
from queues.owners import owners_in
from tests.desk.reading import text
from tests.factories import NOW
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
KEEP = "/voorkeuren/afwezig/"


def sent(first: date | str, last: date | str, **more: object) -> dict[str, object]:
    return {"is_away": "True", "away_from": str(first), "away_until": str(last), "stand_in": "", **more}


def away(agent: Agent, first: date, last: date, *, stand_in: Agent | None = None) -> Agent:
    """The agent as read anew."""
    days = {"away_from": first, "away_until": last, "stand_in": stand_in}
    Preferences.objects.update_or_create(agent=agent, defaults=days)
    return Agent.objects.get(pk=agent.pk)


def test_the_first_and_the_last_day_are_days_of_it_and_it_ends_by_itself(owner: Agent) -> None:
    """In the zone of the house: at half past eleven in the evening in London it is the next day here."""
    today = timezone.localdate(NOW)
    assert away_until(owner, now=NOW) is None
    agent = away(owner, today, today + DAY)
    assert [away_until(agent, now=NOW + days * DAY) for days in (-1, 0, 1, 2)] == [
        *(None, today + DAY, today + DAY, None)
    ]
    late = NOW.replace(hour=23, minute=30)
    assert away_until(agent, now=late - DAY) == today + DAY
    assert away_until(agent, now=late + DAY) is None


def test_both_days_are_asked_for_in_their_order_and_not_in_the_past(desk: Client, owner: Agent) -> None:
    today = timezone.localdate()
    for first, last, sentence in (
        ("", "", "Vul de eerste en de laatste dag in."),
        (today, "", "Vul de eerste en de laatste dag in."),
        (today, today - DAY, "De laatste dag is voor de eerste."),
        (today - 2 * DAY, today - DAY, "Deze dag is al voorbij."),
        ("x", today, "Vul een geldige datum in."),
    ):
        answer = desk.post(KEEP, sent(first, last))
        assert answer.status_code == 422
        assert sentence in text(answer)
    assert desk.post(KEEP, {"is_away": "False", "away_from": "", "away_until": ""}).status_code == 302
    assert not Preferences.objects.filter(agent=owner).exclude(away_from=None).exists()


def test_a_stand_in_is_a_colleague_of_ones_own_queues(
    desk: Client, owner: Agent, colleague: Agent, stranger: Agent
) -> None:
    today = timezone.localdate()
    for nobody in (stranger, owner):
        assert desk.post(KEEP, sent(today, today, stand_in=nobody.pk)).status_code == 422
    assert desk.post(KEEP, sent(today, today, stand_in=colleague.pk)).status_code == 302
    assert Preferences.objects.get(agent=owner).stand_in == colleague


def test_every_page_says_that_one_is_away_and_ends_it(desk: Client, owner: Agent) -> None:
    today = timezone.localdate()
    desk.post(KEEP, sent(today, today + DAY))
    said = f"Je bent afwezig tot en met {today + DAY:%d-%m-%Y}."
    assert said in text(desk.get("/status/open/"))
    answer = desk.post(reverse("desk:be_back"), headers={"referer": "http://testserver/status/open/"})
    assert answer.headers["Location"] == "/status/open/"
    page = text(desk.get("/voorkeuren/"))
    assert said not in page
    assert "Je bent er weer" in page
    assert 'name="is_away" value="False" id="id_is_away_1" required checked' in page


def test_colleagues_read_it_where_an_owner_is_chosen_at_no_cost(
    desk: Client, owner: Agent, colleague: Agent, ticket: Ticket
) -> None:
    today = timezone.localdate()
    colleague = away(colleague, today, today, stand_in=owner)
    said = f"Colleague (afwezig tot en met {today:%d-%m-%Y}, Owner neemt waar)"
    for screen in ("eigenaar", "wachtrij"):
        assert said in text(desk.get(f"/tickets/{ticket.number}/{screen}/"))
    Ticket.objects.update(owner=colleague, locked=True, locked_at=NOW)
    page = text(desk.get(f"/tickets/{ticket.number}/"))
    assert f"Vergrendeld op naam van {said}" in page
    assert f"<dt>Eigenaar:</dt><dd>{said}</dd>" in page
    owner.is_active = False
    owner.save()
    assert name_now(Agent.objects.get(pk=colleague.pk)).endswith(f"{today:%d-%m-%Y})")
    Preferences.objects.all().update(away_until=today - DAY, away_from=today - DAY)
    assert name_now(Agent.objects.get(pk=colleague.pk)) == "Colleague"


def test_the_names_of_many_cost_one_statement(
    django_assert_num_queries: object, owner: Agent, colleague: Agent, ticket: Ticket
) -> None:
    away(colleague, timezone.localdate(), timezone.localdate(), stand_in=owner)
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        assert len([name_now(agent) for agent in owners_in(ticket.queue_id)]) == 2
