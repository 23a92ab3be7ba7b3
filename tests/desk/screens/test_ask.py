"""Vraag het aan: the tick list on three screens, the list Voor jou, and what the ticket's page says of it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent, Preferences
from queues.models import Queue, QueuePermission
from tests.desk.reading import numbers, text
from tests.factories import actor, grant, make_agent, make_ticket
from tests.house.screens import filled_in
from tests.tickets.actions.written import words
from tickets.actions.note import add_note
from tickets.models import Asked, Ticket

pytestmark = pytest.mark.django_db


def offered(desk: Client, screen: str, ticket: Ticket) -> list[str]:
    page = desk.get(reverse(f"desk:{screen}", args=[ticket.number]), headers={"HX-Request": "true"})
    return [str(line.choice_label) for line in page.context["form"]["ask"]]


def test_who_reads_the_queue_can_be_asked_but_not_oneself(
    desk: Client, ticket: Ticket, colleague: Agent, reader: Agent, other_queue: Queue
) -> None:
    stranger = make_agent("vreemd")
    grant(stranger, other_queue, QueuePermission.Right.READ)
    make_agent("weg", is_active=False, is_superuser=True)
    assert offered(desk, "note", ticket) == offered(desk, "owner", ticket) == ["Colleague", "Reader"]
    assert offered(desk, "move", ticket) == ["Colleague", "Reader", "Vreemd"]
    page = text(desk.get(reverse("desk:move", args=[ticket.number])))
    assert f'data-queues="{other_queue.pk}"' in page
    assert "data-name-filter" not in page


def test_sixty_colleagues_are_looked_through_by_name_and_cost_no_statement_more(
    desk: Client, ticket: Ticket, colleague: Agent
) -> None:
    address, costs = reverse("desk:note", args=[ticket.number]), []
    desk.get(address)
    for more in (0, 60):
        group = colleague.groups.get()
        Agent.objects.bulk_create(Agent(username=f"a{n}", first_name=f"A{n}") for n in range(more))
        group.agents.add(*Agent.objects.filter(username__startswith="a"))
        with CaptureQueriesContext(connection) as captured:
            page = desk.get(address)
        costs.append(len(captured))
    assert text(page).count('name="ask"') == 61
    assert "data-name-filter" in text(page)
    assert costs[0] == costs[1]


@pytest.mark.parametrize("screen", ["note", "owner", "move"])
def test_who_is_ticked_is_asked_and_who_may_not_read_there_is_complained_of(
    desk: Client, ticket: Ticket, owner: Agent, colleague: Agent, other_queue: Queue, screen: str
) -> None:
    grant(colleague, other_queue, QueuePermission.Right.READ)
    hidden = make_agent("vreemd")
    address = reverse(f"desk:{screen}", args=[ticket.number])
    form = filled_in(screen, ticket=ticket, target=other_queue)
    refused = desk.post(address, form | {"ask": [colleague.pk, hidden.pk]})
    assert refused.status_code == 422
    assert 'class="ask" data-colleagues' in text(refused)
    assert not Asked.objects.exists()
    assert desk.post(address, form | {"ask": [colleague.pk]}).status_code == 302
    asked = Asked.objects.get()
    assert (asked.agent, asked.asked_by, asked.done_at) == (colleague, owner, None)


def test_the_list_and_the_figure_have_what_one_was_asked_and_may_read(
    desk: Client, client: Client, ticket: Ticket, owner: Agent, colleague: Agent, queue: Queue
) -> None:
    make_ticket(queue)
    add_note(actor=actor(colleague), ticket=ticket, **words(asked=(owner,)))
    page = desk.get("/mijn/gevraagd/")
    assert numbers(page) == [ticket.number]
    assert 'data-counter="asked">1<' in text(page)
    shown = text(desk.get(reverse("desk:zoom", args=[ticket.number])))
    assert "Colleague vraagt jou hiernaar te kijken" in shown
    pressed = desk.post(reverse("desk:tick_off", args=[ticket.number]), follow=True)
    assert f"Wat je over Ticket#{ticket.number} gevraagd is, is gedaan." in text(pressed)
    assert "vraagt jou" not in text(pressed)
    assert numbers(desk.get("/mijn/gevraagd/")) == []


def test_the_asker_reads_on_both_pages_that_a_question_reaches_nobody(
    desk: Client, ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    add_note(actor=actor(owner), ticket=ticket, **words(asked=(colleague,)))
    pages = (reverse("desk:zoom", args=[ticket.number]), "/mijn/gevraagd/")
    assert all("niet meer kan zien" not in text(desk.get(page)) for page in pages)
    assert "<dt>Gevraagd aan:</dt>" in text(desk.get(pages[0]))
    today = timezone.localdate()
    Preferences.objects.create(agent=colleague, away_from=today, away_until=today)
    away = f"Colleague (afwezig tot en met {today:%d-%m-%Y})"
    assert all(f"heeft het gevraagd aan {away}. Kan het niet" in text(desk.get(page)) for page in pages)
    assert away in offered(desk, "note", ticket)
    colleague.groups.clear()
    sentence = "heeft het aan Colleague gevraagd, die dit ticket niet meer kan zien"
    assert all(sentence in text(desk.get(page)) for page in pages)
    Agent.objects.filter(pk=colleague.pk).update(is_active=False)
    assert all("niet meer kan inloggen" in text(desk.get(page)) for page in pages)
