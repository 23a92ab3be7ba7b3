"""What is left of a test that commits: nothing, and what ships is as it ships."""

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Agent
from queues.models import Queue
from tests.clearing import clear
from tests.races.meeting import at_once
from tickets.models import State, Ticket, TicketTallyDelta
from tickets.shipped import POSTMASTER, STATES
from tickets.states import state_by_key

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def test_what_was_committed_is_gone(ticket: Ticket, owner: Agent) -> None:
    clear()
    assert not Ticket.objects.exists()
    assert not Agent.objects.exists()
    assert not TicketTallyDelta.objects.exists()


def test_what_ships_is_there_again_as_it_ships() -> None:
    before = state_by_key("open").pk
    State.objects.filter(key="open").update(name="verbogen")
    State.objects.filter(key="removed").delete()
    Queue.objects.filter(name=POSTMASTER).delete()
    clear()
    shipped = State.objects.order_by("position").values_list("key", "name", "type", "closes_into__key")
    assert list(shipped) == list[object](STATES)
    assert [queue.name for queue in Queue.objects.all()] == [POSTMASTER]
    assert state_by_key("open").pk != before


def test_it_waits_for_who_is_still_writing() -> None:
    def impatient() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        try:
            clear()
        except OperationalError as error:
            return error
        return None

    with transaction.atomic():
        Queue.objects.create(name="Nog niet klaar")
        (answer,) = at_once(impatient)
    assert isinstance(answer, OperationalError)
