"""Two at the same moment: one wins, the other is told, and nothing is done twice."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import Agent
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.factories import NOW, actor, customer_mail, make_agent, make_ticket
from tickets.actions.close import close_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.errors import LockedByOther, Refusal
from tickets.kinds import Kind
from tickets.models import Article, Event, Ticket
from tickets.states import state_by_key
from tickets.tally import wrong_tallies

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do all at the same moment; gives what each returned or refused with."""
    start = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        try:
            start.wait()
            return deed()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_of_two_agents_who_lock_one_wins_and_the_other_is_told_who(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    answers = at_once(
        lambda: lock_ticket(actor=actor(owner), ticket=ticket, now=NOW),
        lambda: lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW),
    )
    refused = [answer for answer in answers if isinstance(answer, LockedByOther)]
    assert len(refused) == 1
    ticket.refresh_from_db()
    assert refused[0].owner == ticket.owner
    assert Event.objects.filter(ticket=ticket, kind=Kind.LOCKED).count() == 1


def test_a_note_that_is_sent_twice_at_once_is_one_note(ticket: Ticket, owner: Agent) -> None:
    form = uuid.uuid4()

    def note() -> object:
        return add_note(
            actor=actor(owner), ticket=ticket, submission=form, subject="Notitie", html="<p>Eén</p>", now=NOW
        )

    first, second = at_once(note, note)
    assert first == second
    assert Article.objects.filter(submission=form).count() == 1


def test_a_ticket_that_is_closed_while_the_customer_writes_ends_open_or_closed_but_whole(
    ticket: Ticket, owner: Agent
) -> None:
    mail = customer_mail()
    at_once(
        lambda: close_ticket(
            actor=actor(owner),
            ticket=ticket,
            submission=uuid.uuid4(),
            state=state_by_key("closed_successful"),
            subject="Klaar",
            html="<p>Klaar</p>",
            now=NOW,
        ),
        lambda: add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW),
    )
    assert ticket.articles.count() == 3
    assert wrong_tallies() == 0
    assert not OutboundMessage.objects.exists()


def test_tickets_made_at_once_have_numbers_of_their_own(queue: Queue) -> None:
    make_agent()
    tickets = at_once(*[lambda: make_ticket(queue) for _ticket in range(8)])
    assert len({ticket.number for ticket in tickets if isinstance(ticket, Ticket)}) == 8
