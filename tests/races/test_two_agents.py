"""Two agents, the same ticket, the same moment: one wins, the other is told who.

First without the lock, to see that the race is real; then with it.
"""

import uuid
from contextlib import AbstractContextManager
from functools import partial

import pytest

from accounts.models import Agent
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import NOW, grant, make_ticket
from tests.races import deeds
from tests.races.deeds import Deed, Form
from tests.races.meeting import at_once, locked, unlocked
from tickets.actions.also_received import link_same_mail
from tickets.actor import Actor
from tickets.changing.once import Done
from tickets.errors import Ask, LockedByOther, MovedMeanwhile, Refusal, TicketClosed
from tickets.kinds import EventKind
from tickets.models import Event, Ticket
from tickets.tally import wrong_tallies

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _ways_out(owner: Agent, colleague: Agent) -> None:
    for agent in (owner, colleague):
        target = Queue.objects.create(name=f"Naar {agent.username}")
        for mover in (owner, colleague):
            grant(mover, target, QueuePermission.Right.ALL)


def both(deed: Deed, way: AbstractContextManager[None], ticket: Ticket, *agents: Agent) -> list[object]:
    """Both do it at once, each with the ticket as their own page showed it."""
    pages = [Ticket.objects.select_related("queue__sender").get(pk=ticket.pk) for _agent in agents]
    with way:
        return at_once(*[partial(deed, agent, page) for agent, page in zip(agents, pages, strict=True)])


@pytest.mark.parametrize(
    ("deed", "kind", "refusal"),
    [
        (deeds.lock, EventKind.LOCKED, LockedByOther),
        (deeds.answer_and_close, EventKind.ANSWERED, Ask),
        (deeds.answer_and_go_on, EventKind.ANSWERED, LockedByOther),
        (deeds.close, EventKind.CLOSED, TicketClosed),
        (deeds.move, EventKind.MOVED, MovedMeanwhile),
    ],
)
def test_without_the_lock_both_would_win_and_with_it_one_does_and_the_other_is_told_who(
    ticket: Ticket, owner: Agent, colleague: Agent, deed: Deed, kind: EventKind, refusal: type[Refusal]
) -> None:
    results = both(deed, unlocked(), ticket, owner, colleague)
    assert not any(isinstance(result, Refusal) for result in results)
    assert Event.objects.filter(ticket=ticket, kind=kind).count() == 2
    OutboundMessage.objects.update(state=OutboundMessage.CANCELLED)

    fresh = make_ticket(ticket.queue, customer=ticket.customer)
    results = both(deed, locked(), fresh, owner, colleague)
    (refused,) = [result for result in results if isinstance(result, Refusal)]
    assert isinstance(refused, refusal)
    assert str(Event.objects.get(ticket=fresh, kind=kind).agent) in refused.message
    assert OutboundMessage.objects.filter(state=OutboundMessage.QUEUED).count() == (
        kind == EventKind.ANSWERED
    )
    assert wrong_tallies() == 0


@pytest.mark.parametrize("send", [deeds.send_note, deeds.send_close, deeds.send_move, deeds.send_answer])
def test_the_same_form_twice_at_once_is_one_article_and_both_get_it(
    ticket: Ticket, owner: Agent, send: Form
) -> None:
    """Without the lock both have found the form unused: its identity alone keeps it to one."""
    for way in (unlocked(), locked()):
        fresh, form = make_ticket(ticket.queue, customer=ticket.customer), uuid.uuid4()
        pages = [Ticket.objects.select_related("queue__sender").get(pk=fresh.pk) for _page in range(2)]
        with way:
            first, second = at_once(*[partial(send, owner, page, form) for page in pages])
        assert isinstance(first, Done)
        assert first == second
        assert Event.objects.filter(submission=form).count() == 1
        outgoing = OutboundMessage.objects.filter(dedupe_key=f"reply:{form}").count()
        assert outgoing == (1 if first.written.outbound_id else 0)
    assert wrong_tallies() == 0


def test_two_answers_to_the_same_mail_in_two_queues_the_second_is_told(
    queue: Queue, other_queue: Queue, owner: Agent, stranger: Agent
) -> None:
    """Each holds the lock of their own ticket only; without both locks neither would know of the other."""
    for way in (unlocked, locked):
        ticket, twin = make_ticket(queue), make_ticket(other_queue)
        link_same_mail(
            actor=Actor.mail(), made=[ticket.articles.get()], copies=[twin.articles.get()], now=NOW
        )
        with way():
            results = at_once(
                partial(deeds.answer_and_close, owner, ticket),
                partial(deeds.answer_and_close, stranger, twin),
            )
        asked = [result for result in results if isinstance(result, Ask)]
        sent = [result for result in results if isinstance(result, Done)]
        assert (len(sent), len(asked)) == ((2, 0) if way is unlocked else (1, 1))
