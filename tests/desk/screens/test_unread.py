"""Ongelezen maken: for oneself alone, and back to the list."""

import re

from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from desk.lists.place import Place, with_place
from tests.factories import actor
from tests.house.screens import address_of
from tickets.actions.seen import mark_seen
from tickets.models import Event, Ticket
from tickets.queries.listed import listed


def is_unread_to(agent: Agent, ticket: Ticket) -> bool:
    return listed(actor=actor(agent), ids=[ticket.pk])[0].is_unread


def test_a_ticket_that_was_opened_can_be_unread_again_to_who_presses_it(
    desk: Client, ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    mark_seen(agent=colleague, ticket=ticket, upto=ticket.latest_customer_article or 0)
    address, status = reverse("desk:zoom", args=[ticket.number]), reverse("desk:status", args=["open"])
    opened_from = with_place(address, Place(status, {"sort": "age"}))
    for opened, onward in (
        (address, reverse("desk:queue", args=[ticket.queue_id])),
        (opened_from, f"{status}?sort=age"),
    ):
        page = desk.get(opened).content.decode()
        assert is_unread_to(owner, ticket) is False
        stood_on = re.search(r'ongelezen/".*?name="back" value="([^"]+)"', page, re.DOTALL)
        answer = desk.post(address_of("unread", ticket), {"back": stood_on and stood_on[1]}, follow=True)
        assert answer.redirect_chain == [(onward, 302)]
        assert "voor jou weer ongelezen" in answer.content.decode()
        assert [is_unread_to(agent, ticket) for agent in (owner, colleague)] == [True, False]
    assert Event.objects.filter(ticket=ticket).count() == 1


def test_where_nothing_came_in_there_is_nothing_to_read(desk: Client, ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(latest_customer_article=None)
    assert "Ongelezen maken" not in desk.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
