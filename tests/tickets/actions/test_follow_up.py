"""Another mail of the customer's: what was closed or waits is open again."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Agent, Preferences
from queues.models import Queue
from tests.factories import NOW, actor, customer_mail
from tests.tickets.actions.written import words
from tickets.actions.close import close_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket
from tickets.actions.wait import let_ticket_wait
from tickets.actor import Actor
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def test_a_follow_up_opens_a_closed_ticket_and_ends_waiting(ticket: Ticket, owner: Agent) -> None:
    close_ticket(actor=actor(owner), ticket=ticket, state=state_by_key("closed_successful"), **words())
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.closed_at, ticket.owner) == ("open", None, owner)
    tomorrow = NOW + timedelta(days=1)
    waiting: dict[str, Any] = {"state": state_by_key("pending_reminder"), "pending_until": tomorrow}
    let_ticket_wait(actor=actor(owner), ticket=ticket, **words(), **waiting)
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.pending_until) == ("open", None)


@pytest.mark.parametrize("was_closed", [True, False])
def test_the_ticket_of_who_is_out_of_office_is_there_for_everybody_again(
    ticket: Ticket, owner: Agent, *, was_closed: bool
) -> None:
    """Also where the queue would lock it for its old owner; the owner stays (OTRS 2.19)."""
    Queue.objects.filter(pk=ticket.queue_id).update(lock_on_follow_up=True)
    today = timezone.localdate(NOW)
    Preferences.objects.create(agent=owner, away_from=today, away_until=today)
    if was_closed:
        close_ticket(actor=actor(owner), ticket=ticket, state=state_by_key("closed_successful"), **words())
    else:
        lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    ticket.refresh_from_db()
    assert (ticket.is_open, ticket.locked) == (True, False)
    assert was_closed or ticket.owner == owner
    told = ticket.events.latest("pk").changes
    assert "owner_away" in told
    assert "owner_gone" not in told
    if not was_closed:
        lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
        add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW + timedelta(days=1))
        ticket.refresh_from_db()
        assert ticket.locked


def test_a_new_ticket_stays_new_when_the_customer_writes_again(ticket: Ticket) -> None:
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.article_count) == ("new", 2)
