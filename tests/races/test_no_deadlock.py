"""Every pair of actions against each other, on two tickets in crossed order.

PostgreSQL finds no deadlock, and nobody hears that a ticket is busy.
"""

import itertools
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Agent
from mailgate.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, customer_mail, grant, make_ticket
from tests.races import deeds
from tests.races.meeting import PATIENCE_SECONDS, at_once
from tickets.actions.also_received import link_same_mail, note_also_received
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import give_back_ticket, unlock_ticket
from tickets.actions.seen import mark_seen
from tickets.actions.uploads import Composing, NewFile, add_upload
from tickets.actor import Actor
from tickets.changing.locking import lock_tickets
from tickets.errors import Refusal, TicketBusy
from tickets.models import Ticket
from tickets.states import state_by_key
from tickets.tally import wrong_tallies

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

ROUNDS = 2
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"

Two = tuple[Ticket, Ticket]
Side = Callable[[Agent, Two], object]


def one_by_one(deed: Callable[[Agent, Ticket], object]) -> Side:
    """On the one ticket and then on the other, each time in a transaction of its own."""

    def side(agent: Agent, tickets: Two) -> None:
        for ticket in tickets:
            try:
                deed(agent, ticket)
            except TicketBusy:
                raise
            except Refusal:
                pass

    return side


def unlock(agent: Agent, ticket: Ticket) -> object:
    return unlock_ticket(actor=actor(agent), ticket=ticket, now=NOW)


def give_back(agent: Agent, ticket: Ticket) -> object:
    return give_back_ticket(actor=actor(agent), ticket=ticket, now=NOW)


def follow_up(agent: Agent, ticket: Ticket) -> object:
    return add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)


def create(agent: Agent, ticket: Ticket) -> object:
    return make_ticket(ticket.queue, customer=ticket.customer)


def upload(agent: Agent, ticket: Ticket) -> object:
    """Both sides keep the same bytes."""
    composing = Composing(submission=uuid.uuid4(), screen="note", agent=agent, ticket=ticket)
    file = NewFile(name="a", content_type="", data=ticket.number.encode())
    return add_upload(composing, file, now=NOW)


def seen(agent: Agent, ticket: Ticket) -> None:
    mark_seen(agent=agent, ticket=ticket, upto=ticket.articles.latest("pk").pk)


def delivery(agent: Agent, tickets: Two) -> None:
    """A batch for both tickets at once; their rows come in this order."""
    mails = [_mail(ticket) for ticket in tickets]
    arrivals = [Arrival(raw=mail, way=InboundMessage.Way.PIPE) for mail in mails]
    deliver(take_in_many(arrivals, lease=uuid.uuid4()))


def same_mail(agent: Agent, tickets: Two) -> None:
    """Both find out, each from its own end, that they began with the same mail."""
    one, other = (ticket.articles.earliest("pk") for ticket in tickets)
    link_same_mail(actor=Actor.mail(), made=[one], copies=[other], now=NOW)


def also_received(agent: Agent, ticket: Ticket) -> None:
    article = ticket.articles.earliest("pk")
    note_also_received(actor=Actor.mail(), article=article, queue=Queue.objects.earliest("pk"), now=NOW)


def _mail(ticket: Ticket) -> bytes:
    return (
        f"From: {ticket.number}@post.example\r\nSubject: [Ticket#{ticket.number}] Nog iets\r\n"
        f"Message-ID: <{uuid.uuid4()}@post.example>\r\n\r\nNog iets.\r\n"
    ).encode()


SIDES: dict[str, Side] = {
    "lock": one_by_one(deeds.lock),
    "unlock": one_by_one(unlock),
    "give back": one_by_one(give_back),
    "note": one_by_one(deeds.note),
    "close": one_by_one(deeds.close),
    "move": one_by_one(deeds.move),
    "reply": one_by_one(deeds.answer_and_go_on),
    "follow-up": one_by_one(follow_up),
    "create": one_by_one(create),
    "upload": one_by_one(upload),
    "seen": one_by_one(seen),
    "delivery": delivery,
    "same mail": same_mail,
    "also received": one_by_one(also_received),
}


def deadlocks() -> int:
    """How many PostgreSQL has found in this database, as a fresh connection reads it."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(DEADLOCKS)
        return int(cursor.fetchone()[0])


def counted(deed: Callable[[], object]) -> object:
    """Do it, and have this connection's figures counted at once."""
    try:
        return deed()
    finally:
        with suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute("SELECT 1")


@pytest.fixture
def _ways_out(owner: Agent, colleague: Agent) -> None:
    for agent in (owner, colleague):
        target = Queue.objects.create(name=f"Naar {agent.username}")
        for each in (owner, colleague):
            grant(each, target, QueuePermission.Right.ALL)


def free(*tickets: Ticket, queue: Queue) -> Two:
    """Both as if nobody had done anything: open, unlocked, in their first queue, by id."""
    opened = state_by_key("open")
    rows = Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets])
    rows.update(queue=queue, state=opened, state_type=opened.type, closed_at=None, locked=False, owner=None)
    first, second = rows.select_related("queue__sender", "customer").order_by("pk")
    return first, second


@pytest.mark.usefixtures("_ways_out")
def test_no_pair_of_actions_ever_waits_in_a_circle(
    queue: Queue, owner: Agent, colleague: Agent, ticket: Ticket
) -> None:
    pair = (ticket, make_ticket(queue, customer=ticket.customer))
    before = deadlocks()
    schedule = list(itertools.combinations_with_replacement(SIDES, 2)) * ROUNDS
    errors: list[object] = []
    for first, second in schedule:
        tickets = free(*pair, queue=queue)
        errors += at_once(
            partial(counted, partial(SIDES[first], owner, tickets)),
            partial(counted, partial(SIDES[second], colleague, tickets[::-1])),
        )
    assert [error for error in errors if error is not None] == []
    assert deadlocks() == before
    assert wrong_tallies() == 0
    assert not InboundMessage.objects.filter(state=InboundMessage.FAILED).exists()


def test_a_deadlock_would_be_counted(queue: Queue) -> None:
    """The control: two who lock in crossed order, which `lock_tickets` never does."""
    pair = (make_ticket(queue), make_ticket(queue))
    both_hold_one = threading.Barrier(2)

    def crossed(first: Ticket, second: Ticket) -> object:
        try:
            with transaction.atomic():
                lock_tickets(first.pk)
                both_hold_one.wait(PATIENCE_SECONDS)
                return lock_tickets(second.pk)
        except OperationalError as error:
            return error

    before = deadlocks()
    answers = at_once(
        partial(counted, partial(crossed, *pair)), partial(counted, partial(crossed, *pair[::-1]))
    )
    assert sum(isinstance(answer, OperationalError) for answer in answers) == 1
    assert deadlocks() == before + 1


def test_a_ticket_is_busy_only_when_it_really_is_held(ticket: Ticket, owner: Agent) -> None:
    def impatient() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("3s",)
            cursor.execute("SET lock_timeout = '200ms'")
        return deeds.note(owner, ticket)

    with transaction.atomic():
        lock_tickets(ticket.pk)
        (answer,) = at_once(impatient)
    assert isinstance(answer, TicketBusy)
    assert deeds.note(owner, ticket)
