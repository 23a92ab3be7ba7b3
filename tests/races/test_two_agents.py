"""Two agents, the same ticket, the same moment: one wins, the other is told who.

First without the lock, to see that the race is real; then with it.
"""

import re
import threading
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Agent
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, grant, make_ticket
from tests.races import deeds
from tests.races.deeds import Deed, Form
from tests.races.meeting import PATIENCE_SECONDS, at_once, at_the_lock, locked, unlocked
from tickets.actions.also_received import link_same_mail
from tickets.actions.merge import merge_tickets
from tickets.actions.note import add_note
from tickets.actions.uploads import Composing, NewFile, add_upload
from tickets.actor import Actor
from tickets.changing.once import Done
from tickets.changing.written import Written
from tickets.errors import (
    Ask,
    BadInput,
    LockedByOther,
    MovedMeanwhile,
    OwnedMeanwhile,
    Refusal,
    TicketClosed,
    TicketMerged,
)
from tickets.kinds import EventKind
from tickets.models import Event, Ticket, TicketLink, TicketMerge, Upload
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
        (deeds.own, EventKind.OWNER_CHANGED, OwnedMeanwhile),
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


def test_of_two_who_merge_one_ticket_into_two_others_the_second_is_told_that_it_is_merged(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    """Without the lock only the database's own rule would stop the second, and tell them nothing."""
    others = [make_ticket(ticket.queue, customer=ticket.customer) for _n in range(2)]

    def merge(agent: Agent, into: Ticket) -> object:
        form = Written(submission=uuid.uuid4(), subject="", html="")
        return merge_tickets(actor=actor(agent), ticket=ticket, into=into, form=form, now=NOW)

    with locked():
        results = at_once(partial(merge, owner, others[0]), partial(merge, colleague, others[1]))
    assert [type(result) for result in results if isinstance(result, Refusal)] == [TicketMerged]
    made = TicketMerge.objects.get()
    assert made.target.articles.count() == 2
    assert wrong_tallies() == 0


def test_a_link_whose_both_ends_are_merged_away_at_the_same_moment_links_what_they_became(
    queue: Queue, owner: Agent, colleague: Agent
) -> None:
    """Neither merge holds a ticket of the other: they meet where they read the link."""
    one, one_into, other, other_into = (make_ticket(queue) for _n in range(4))
    link = TicketLink.objects.create(source=one, target=other, kind=TicketLink.Kind.NORMAL)

    def merge(agent: Agent, ticket: Ticket, into: Ticket) -> object:
        form = Written(submission=uuid.uuid4(), subject="", html="")
        return merge_tickets(actor=actor(agent), ticket=ticket, into=into, form=form, now=NOW)

    results = at_the_lock(
        partial(merge, owner, one, one_into),
        partial(merge, colleague, other, other_into),
        lock=re.compile('FROM "tickets_ticketlink"'),
    )
    assert [result for result in results if not isinstance(result, Done)] == []
    link.refresh_from_db()
    assert (link.source, link.target) == (one_into, other_into)


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


def test_a_file_that_is_being_added_when_the_form_is_sent_holds_it_and_is_not_lost(
    ticket: Ticket, owner: Agent
) -> None:
    """The file's draft is locked, and the form comes: it waits, and then shows what it did not know."""
    form, kept, sent = uuid.uuid4(), threading.Event(), threading.Event()
    composing = Composing(submission=form, screen="note", actor=actor(owner), ticket=ticket)

    def add(data: bytes) -> Upload:
        return add_upload(composing, NewFile(name="a", content_type="", data=data), now=NOW)

    def slowly() -> Upload:
        with transaction.atomic():
            upload = add(b"second")
            kept.set()
            assert sent.wait(PATIENCE_SECONDS)
        return upload

    def send() -> object:
        assert kept.wait(PATIENCE_SECONDS)
        note = Written(submission=form, subject="Notitie", html="<p>Eén</p>", uploads=(first,))
        with connection.execute_wrapper(when_it_locks_a_draft(sent)):
            return add_note(actor=actor(owner), ticket=ticket, note=note, now=NOW)

    first = Upload.objects.select_related("draft__writer", "blob").get(pk=add(b"first").pk)
    _second, refused = at_once(slowly, send)
    assert isinstance(refused, BadInput)
    assert Upload.objects.filter(draft__submission=form).count() == 2
    assert not Event.objects.filter(ticket=ticket, kind=EventKind.NOTED).exists()


def when_it_locks_a_draft(arrived: threading.Event) -> Callable[..., Any]:
    """Says so just before this connection asks for the lock of a draft."""

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "tickets_draft" in sql and "FOR NO KEY UPDATE" in sql:
            arrived.set()
        return execute(sql, *rest)

    return watch
