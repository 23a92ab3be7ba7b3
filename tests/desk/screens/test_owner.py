"""Eigenaar: a colleague gets the ticket, or who had it before gets it back."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import actor, grant, make_agent
from tests.house.screens import filled_in
from tests.tickets.actions.written import words
from tickets.actions.owner import change_owner
from tickets.models import Article, Ticket

Right = QueuePermission.Right


@pytest.fixture
def address(ticket: Ticket) -> str:
    return reverse("desk:owner", args=[ticket.number])


def test_previous_owners_stand_first_and_who_has_it_is_not_offered(
    desk: Client, address: str, ticket: Ticket, owner: Agent, colleague: Agent, superuser: Agent
) -> None:
    left = make_agent("weg")
    grant(left, ticket.queue, Right.OWNER)
    for agent in (left, superuser, colleague):
        change_owner(actor=actor(owner), ticket=ticket, new_owner=agent, **words())
        ticket.refresh_from_db()
    Agent.objects.filter(pk=left.pk).update(is_active=False)
    lines = desk.get(address).content.decode().split('type="radio"')[1:]
    assert [f'value="{agent.pk}"' in line for agent, line in zip([superuser, owner], lines, strict=True)]
    assert ["vorige eigenaar" in line for line in lines] == [True, False]


def test_while_a_colleague_works_on_it_the_screen_is_open_to_who_may(
    client: Client, address: str, ticket: Ticket, reader: Agent, colleague: Agent, owner: Agent, queue: Queue
) -> None:
    grant(reader, queue, Right.OWNER)
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
    client.force_login(reader)
    assert address in client.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
    form = filled_in("owner", ticket=ticket, target=queue, new_owner=owner.pk, html="")
    assert client.post(address, form).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (owner, True)
    assert Article.objects.filter(ticket=ticket).count() == 1


def test_without_anybody_chosen_or_one_who_has_it_already_the_first_line_is_led_to(
    desk: Client, address: str, ticket: Ticket, colleague: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
    for chosen, sentence in (("", "Kies wie dit ticket krijgt."), (colleague.pk, "is al eigenaar")):
        form = filled_in("owner", ticket=ticket, target=ticket.queue, new_owner=chosen)
        page = desk.post(address, form)
        assert page.status_code == 422
        assert sentence in page.content.decode()
        assert 'href="#id_new_owner_0"' in page.content.decode()
        assert "Al &lt;b&gt;beantwoord" in page.content.decode()
