"""Following a ticket: once, by who may read it, and told in its history."""

import pytest

from accounts.models import Agent
from queues.models import Queue
from tests.factories import NOW, actor, make_ticket
from tickets.actions.watch import unwatch_ticket, watch_ticket
from tickets.errors import BadInput, NotAllowed
from tickets.models import Event, Ticket, TicketWatcher

pytestmark = pytest.mark.django_db


def test_a_ticket_is_followed_once_and_told_once_each_way(ticket: Ticket, reader: Agent) -> None:
    before = Ticket.objects.values("changed", "locked", "owner").get(pk=ticket.pk)
    for act in (watch_ticket, watch_ticket, unwatch_ticket, unwatch_ticket):
        act(actor=actor(reader), ticket=ticket, now=NOW)
    told = Event.objects.filter(ticket=ticket, agent=reader).order_by("pk")
    assert list(told.values_list("kind", flat=True)) == ["watched", "unwatched"]
    assert Ticket.objects.values("changed", "locked", "owner").get(pk=ticket.pk) == before


def test_who_may_not_read_it_follows_nothing(ticket: Ticket, stranger: Agent) -> None:
    with pytest.raises(NotAllowed):
        watch_ticket(actor=actor(stranger), ticket=ticket, now=NOW)
    assert not TicketWatcher.objects.exists()


def test_one_agent_follows_so_many_and_no_more(
    ticket: Ticket, queue: Queue, owner: Agent, reader: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.actions.watch.FOLLOWED_MOST", 1)
    for agent in (owner, reader, owner):
        watch_ticket(actor=actor(agent), ticket=ticket, now=NOW)
    with pytest.raises(BadInput):
        watch_ticket(actor=actor(owner), ticket=make_ticket(queue), now=NOW)
