"""Volg and Niet meer volgen: the button on the ticket, and the list of those that one follows."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.desk.reading import numbers, text
from tests.factories import make_ticket
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def press(desk: Client, name: str, ticket: Ticket) -> str:
    return text(desk.post(reverse(f"desk:{name}", args=[ticket.number]), follow=True))


def test_the_button_says_what_it_does_next_and_the_list_holds_what_one_follows_and_may_read(
    desk: Client, ticket: Ticket, queue: Queue, owner: Agent
) -> None:
    closed = make_ticket(queue, state=state_by_key("closed_successful"))
    make_ticket(queue)
    assert "Niet meer volgen" in press(desk, "watch", ticket)
    press(desk, "watch", closed)
    assert set(numbers(desk.get("/mijn/gevolgd/"))) == {ticket.number, closed.number}
    assert desk.get("/mijn/eigenaar/").context["listing"].segments[-1].count == "2"
    assert "Niet meer volgen" not in press(desk, "unwatch", closed)
    assert numbers(desk.get("/mijn/gevolgd/")) == [ticket.number]
    QueuePermission.objects.filter(queue=queue).delete()
    page = desk.get("/mijn/gevolgd/")
    assert (numbers(page), page.context["listing"].segments[-1].count) == ([], "0")
