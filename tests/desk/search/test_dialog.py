"""The screen 'Zoeken': attributes are added and taken out, kept through each step, and become an address."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent, Group
from queues.models import Queue
from search.saved import save_search
from tests.desk.reading import HTMX, text
from tests.factories import grant, make_agent, make_free_field, make_queue
from tickets.models import FreeField

pytestmark = pytest.mark.django_db
AT = "/zoeken/uitgebreid/"
BODY = {**HTMX, "HX-Target": "zoekvelden"}


def step(desk: Client, *pairs: tuple[str, object], **headers: Any) -> Any:
    """The screen with these in its address."""
    return desk.get(f"{AT}?{urlencode(pairs)}", headers=headers or None)


def shown(answer: Any) -> list[str]:
    """The attributes that stand in the screen."""
    return re.findall(r'name="shown" value="([^"]*)"', text(answer))


def test_it_stands_over_a_page_or_comes_alone(desk: Client) -> None:
    page = text(desk.get(AT))
    assert "<!doctype html>" in page
    assert 'class="dialog"' in page
    assert "Wachtrijoverzicht" in page
    alone = text(desk.get(AT, headers=HTMX))
    assert alone.lstrip().startswith("<dialog")
    body = text(desk.get(AT, headers=BODY))
    assert body.lstrip().startswith('<div class="dialog__body"')
    for word in ("Sjabloon", "Volledig", "Voeg attribuut toe", "Uitvoeren naar", "Normaal", "Bericht tekst"):
        assert word in body
    assert "invalid-feedback" not in body


def test_an_attribute_is_added_with_focus_and_removed_and_all_else_is_kept(
    desk: Client, queue: Queue
) -> None:
    kept = [
        ("q", "tent"),
        ("shown", "queue"),
        ("queue", queue.pk),
        ("shown", "created"),
        ("created_after", "x"),
    ]
    added = step(desk, *kept, ("step", "add"), ("attribute", "subject"))
    assert shown(added) == ["queue", "created", "subject"]
    page = text(added)
    assert re.search(r'<input[^>]*name="subject"[^>]*autofocus', page)
    assert 'name="q" value="tent"' in page
    assert re.search(rf'name="queue" value="{queue.pk}"[^>]*checked', page)
    assert 'name="created_after" value="x"' in page
    assert "is-invalid" not in page
    assert not re.search(r'<option value="subject"', page)
    removed = step(desk, *kept, ("shown", "subject"), ("remove", "queue"))
    assert shown(removed) == ["created", "subject"]
    assert re.search(r'<select[^>]*name="attribute"[^>]*autofocus', text(removed))
    assert shown(step(desk, ("step", "add"), ("attribute", "geheim"))) == []


def test_every_attribute_can_be_added_and_none_is_beyond_reach(desk: Client) -> None:
    for kind in FreeField.Kind:
        make_free_field(kind, "a", "b")
    choices = text(desk.get(AT)).partition('name="attribute"')[2].partition("</select>")[0]
    offered = re.findall(r'<option value="(\w+)"', choices)
    assert {"number", "owner", "created_age", "body"} < set(offered)
    page = step(desk, *(("shown", name) for name in offered))
    assert shown(page) == offered
    assert "Voeg attribuut toe" not in text(page)
    labelled = set(re.findall(r'<label[^>]* for="(\w+-\w+)"', text(page)))
    assert {"search-q", "search-template", "search-output"} < labelled
    assert labelled <= set(re.findall(r' id="([^"]+)"', text(page)))


def test_it_becomes_an_address_with_only_what_is_filled_in(desk: Client, queue: Queue) -> None:
    answer = step(
        desk,
        ("template", ""),
        ("q", ""),
        ("shown", "queue"),
        ("queue", queue.pk),
        ("shown", "created"),
        ("created_after", ""),
        ("created_before", ""),
        ("shown", "changed_age"),
        ("changed_age_how", "older"),
        ("changed_age_n", ""),
        ("changed_age_unit", "days"),
        ("attribute", "number"),
        ("output", ""),
        ("step", "search"),
    )
    assert answer["Location"] == f"/zoeken/?queue={queue.pk}"
    assert step(desk, ("q", "tent"), ("step", "save"))["Location"] == "/zoeken/sjablonen/nieuw/?q=tent"
    assert step(desk, ("q", "tent"), ("output", "weg"), ("step", "search"))["Location"] == "/zoeken/?q=tent"


def test_all_that_is_wrong_is_told_at_once_and_leads_to_its_field(desk: Client, other_queue: Queue) -> None:
    answer = step(
        desk,
        ("queue", other_queue.pk),
        ("created_after", "2026-02-03"),
        ("created_before", "2026-02-02"),
        ("closed_age_n", "0"),
        ("step", "search"),
    )
    assert answer.status_code == 422
    page = text(answer)
    for field in ("search-queue_0", "search-created_0", "search-closed_age_0"):
        assert re.search(rf'<a href="#{field}">', page)
        assert f'id="{field}"' in page
    assert "De eerste dag komt na de laatste" in page
    assert "Wat hier gekozen was" in page
    assert other_queue.name not in page
    empty = step(desk, ("shown", "subject"), ("step", "search"))
    assert empty.status_code == 422
    assert "Typ wat je zoekt" in text(empty)


def test_a_template_is_taken_and_what_one_may_not_see_is_left_out_of_it(
    desk: Client, queue: Queue, other_queue: Queue, owner: Agent, colleague: Agent
) -> None:
    team = Group.objects.create(name="Kampteam")
    team.agents.add(owner, colleague)
    grant(colleague, other_queue, "ro")
    query = f"q=kamp&queue={queue.pk}&queue={other_queue.pk}"
    theirs = save_search(agent=colleague, name="Van een collega", query=query, group=team)
    mine = save_search(agent=owner, name="Van mij", query="subject=boot", group=None)
    hidden = save_search(agent=colleague, name="Niet gedeeld", query="q=geheim", group=None)
    page = text(desk.get(AT))
    assert "Van een collega" in page
    assert "Niet gedeeld" not in page
    taken = step(desk, ("q", "weg"), ("shown", "owner"), ("step", "use"), ("template", mine.pk), **BODY)
    assert shown(taken) == ["subject"]
    assert 'value="boot"' in text(taken)
    assert "weggelaten" not in text(taken)
    cut = step(desk, ("step", "use"), ("template", theirs.pk), **BODY)
    assert shown(cut) == ["queue"]
    assert "iets weggelaten" in text(cut)
    assert other_queue.name not in text(cut)
    for number in (hidden.pk, 999999, "x"):
        assert "geheim" not in text(step(desk, ("step", "use"), ("template", number)))


def test_it_offers_only_what_the_reader_may_see(desk: Client, other_queue: Queue, stranger: Agent) -> None:
    hidden = make_free_field("short", queues=[other_queue], name_nl="Verborgen veld")
    page = step(
        desk, ("shown", "queue"), ("shown", "owner"), ("shown", f"free_{hidden.pk}"), ("shown", "created_by")
    )
    assert shown(page) == ["queue", "owner", "created_by"]
    assert other_queue.name not in text(page)
    assert str(stranger) not in text(page)
    assert "Verborgen veld" not in text(page)


def test_its_statements_do_not_grow(desk: Client, owner: Agent) -> None:
    costs = []
    for _more in range(2):
        for _n in range(3):
            queue = make_queue()
            grant(owner, queue, "ro")
            grant(make_agent(), queue, "ro")
            make_free_field("choice", "a", "b", queues=[queue])
            save_search(agent=owner, name=queue.name, query="q=x", group=None)
        with CaptureQueriesContext(connection) as asked:
            step(
                desk, ("shown", "queue"), ("shown", "owner"), ("shown", "state"), ("created_by", "me"), **BODY
            )
        costs.append(len(asked))
    assert costs == [10, 10], [each["sql"] for each in asked]


def test_the_search_survives_the_whole_way(desk: Client, queue: Queue) -> None:
    query = (
        f"q=tent&queue={queue.pk}&sub_queues=1&created_age_how=newer&created_age_n=3&created_age_unit=weeks"
    )
    address = desk.get(f"{AT}?{query}&step=search")["Location"]
    assert sorted(QueryDict(address.partition("?")[2]).items()) == sorted(QueryDict(query).items())
