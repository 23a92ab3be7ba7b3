"""What the dashboard tells of colleagues: what they asked its agent, and who of them is away."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Agent, Preferences
from queues.models import Queue, QueuePermission
from tests.desk.reading import HTMX, box, text
from tests.factories import NOW, actor, grant, make_agent, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.note import add_note
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

Right = QueuePermission.Right
DAY = timedelta(days=1)


def ask(by: Agent, ticket: Ticket, whom: Agent, html: str = "<p>Weet jij  <b>wie</b>?</p>") -> None:
    add_note(actor=actor(by), ticket=ticket, **words(asked=(whom,), html=html))


def away(agent: Agent, *, first: int = 0, last: int = 0, stand_in: Agent | None = None) -> None:
    """From so many days from today until so many."""
    today = timezone.localdate()
    days = {"away_from": today + first * DAY, "away_until": today + last * DAY, "stand_in": stand_in}
    Preferences.objects.create(agent=agent, **days)


@time_machine.travel(NOW, tick=False)
def test_what_colleagues_asked_me_is_there_until_it_is_ticked_off_and_keeps_me_from_being_done(
    desk: Client, owner: Agent, colleague: Agent, queue: Queue
) -> None:
    """Of closed tickets, too; the newest question comes first, and all of them are a list."""
    assert "Niemand vraagt je iets." in box(desk.get("/"), "jou")
    assert "Er wacht niets op je." in text(desk.get("/"))
    closed = state_by_key("closed_successful")
    tickets = [make_ticket(queue, state=closed, title=f"Tent {n}") for n in range(6)]
    for ticket in tickets:
        ask(colleague, ticket, owner)
    page = desk.get("/")
    shown = box(page, "jou")
    assert "Er wacht niets op je." not in text(page)
    assert 'Voor jou <span class="n">(6)' in shown
    assert re.findall(r"data-row>(Tent \d)</a>", shown) == [f"Tent {n}" for n in range(5, -1, -1)]
    assert "Colleague vraagt, vandaag 11:00: <q>Weet jij wie?</q>" in shown
    opened = text(desk.get(shown.partition('<a href="')[2].partition('"')[0].replace("&amp;", "&")))
    assert '<a class="act actions__back" href="/?show=jou#t' in opened
    Preferences.objects.create(agent=owner, box_rows=5)
    assert '<a href="/mijn/gevraagd/">Alle 6 tonen' in box(desk.get("/"), "jou")
    number = tickets[-1].number
    done = desk.post(f"/tickets/{number}/afvinken/", {"back": "/"}, follow=True)
    assert done.redirect_chain == [("/", 302)]
    assert f"Wat je over Ticket#{number} gevraagd is, is gedaan." in text(done)
    assert 'Voor jou <span class="n">(5)' in box(done, "jou")
    assert "tonen" not in box(done, "jou")


def test_who_may_only_read_ticks_off_and_who_sees_the_ticket_no_more_has_no_question(
    client: Client, owner: Agent, reader: Agent, ticket: Ticket
) -> None:
    ask(owner, ticket, reader, html='<p>&lt;script&gt;"x"</p>')
    client.force_login(reader)
    shown = box(client.get("/"), "jou")
    assert "&lt;script&gt;&quot;x&quot;" in shown
    assert f"/tickets/{ticket.number}/afvinken/" in shown
    assert "/notitie/" not in shown
    reader.groups.clear()
    assert "Niemand vraagt je iets." in box(client.get("/"), "jou")


@time_machine.travel(NOW, tick=False)
def test_who_of_my_queues_is_away_until_when_and_who_stands_in(
    desk: Client, owner: Agent, colleague: Agent, reader: Agent, stranger: Agent, queue: Queue
) -> None:
    """Back first comes first, six at most; not who may only read, nor who comes from queues I don't see."""
    side = "/dashboard/zijkant/"
    assert "Van je collega's is er niemand weg." in box(desk.get(side, headers=HTMX), "afwezig")
    away(owner)
    away(reader)
    away(stranger)
    away(colleague, last=2, stand_in=owner)
    others = [make_agent(f"weg{n}") for n in range(8)]
    for n, agent in enumerate(others):
        grant(agent, queue, Right.OWNER)
        away(agent, first=-2 if n else 1, last=n + 1, stand_in=stranger)
    Agent.objects.filter(pk=stranger.pk).update(is_active=False)
    shown = " ".join(box(desk.get(side, headers=HTMX), "afwezig").split())
    assert re.findall(r"<b>(\w+)</b>", shown) == ["Colleague", "Weg1", "Weg2", "Weg3", "Weg4", "Weg5"]
    assert "tot en met 26-11-2026, Owner neemt waar" in shown
    assert shown.count("neemt waar") == 1  # who can't sign in stands in for nobody
    assert "en nog 2" in shown
