"""Prioriteit: the five of them, that of the ticket chosen; another one with a word why, or without."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import grant
from tests.house.screens import filled_in
from tickets.models import Article, Priority, Ticket

Right = QueuePermission.Right


@pytest.fixture
def address(ticket: Ticket) -> str:
    return reverse("desk:priority", args=[ticket.number])


def test_the_five_priorities_stand_there_the_highest_on_top_and_the_ticket_s_is_chosen(
    desk: Client, address: str
) -> None:
    lines = desk.get(address).content.decode().split('type="radio"')[1:]
    assert [f'value="{figure}"' in line for figure, line in zip((5, 4, 3, 2, 1), lines, strict=True)]
    assert ["checked" in line for line in lines] == [False, False, True, False, False]


def test_who_has_the_right_alone_takes_the_screen_and_leaves_the_ticket_free(
    client: Client, address: str, ticket: Ticket, reader: Agent, queue: Queue
) -> None:
    grant(reader, queue, Right.PRIORITY)
    client.force_login(reader)
    taken = client.post(reverse("desk:take", args=[ticket.number, "prioriteit"]))
    assert taken.headers["Location"] == address
    form = filled_in("priority", ticket=ticket, target=queue, priority=5, html="")
    assert client.post(address, form).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.owner, ticket.locked) == (Priority.VERY_HIGH, None, False)
    assert Article.objects.filter(ticket=ticket).count() == 1


def test_the_same_priority_is_said_to_be_that_and_the_text_stays(
    desk: Client, address: str, ticket: Ticket
) -> None:
    page = desk.post(address, filled_in("priority", ticket=ticket, target=ticket.queue, priority=3))
    assert page.status_code == 422
    assert "Dit ticket heeft die prioriteit al." in page.content.decode()
    assert "Al &lt;b&gt;beantwoord" in page.content.decode()
