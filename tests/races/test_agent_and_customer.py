"""The customer writes while an agent closes or answers, in each order."""

import threading
from functools import partial
from unittest.mock import Mock

import pytest

from accounts.models import Agent
from outbox.models import OutboundMessage
from tests.factories import NOW, customer_mail, make_ticket
from tests.races import deeds
from tests.races.meeting import PATIENCE_SECONDS, at_once, locked, unlocked
from tickets.actions import reply
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.changing import frame, locking
from tickets.changing.once import Done
from tickets.errors import Ask
from tickets.models import Article, StateType, Ticket
from tickets.tally import wrong_tallies

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def write_again(ticket: Ticket) -> Article:
    return add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW).written


def counted(ticket: Ticket) -> tuple[int, int]:
    """What the ticket says it has, and what it has."""
    ticket.refresh_from_db()
    return ticket.article_count, ticket.articles.count()


def test_a_ticket_that_is_closed_while_the_customer_writes_stays_whole(ticket: Ticket, owner: Agent) -> None:
    fresh = make_ticket(ticket.queue, customer=ticket.customer)
    with unlocked():
        at_once(partial(deeds.close, owner, ticket), partial(write_again, ticket))
    assert counted(ticket) == (2, 3)
    with locked():
        at_once(partial(deeds.close, owner, fresh), partial(write_again, fresh))
    assert counted(fresh) == (3, 3)
    newest = fresh.articles.latest("pk")
    reopened = newest.sender_type == Article.SenderType.CUSTOMER
    assert fresh.state_type in ((StateType.OPEN,) if reopened else (StateType.CLOSED,))
    assert fresh.latest_customer_article == fresh.articles.filter(sender_type="customer").latest("pk").pk
    assert wrong_tallies() == 0
    assert not OutboundMessage.objects.exists()


@pytest.mark.parametrize("with_lock", [False, True], ids=["read only", "locked"])
def test_a_mail_that_comes_just_before_the_answer_leaves_holds_it(
    ticket: Ticket, owner: Agent, monkeypatch: pytest.MonkeyPatch, *, with_lock: bool
) -> None:
    """The mail comes after the answer was written and before its ticket is locked (or, without, was read)."""
    written, arrived = threading.Event(), threading.Event()

    def after_the_mail(*ids: int) -> list[Ticket]:
        if written.is_set():  # the mail's own lock
            return locking.lock_tickets(*ids)
        read = list(Ticket.objects.filter(pk__in=ids).select_related("queue__sender", "state", "owner"))
        written.set()
        assert arrived.wait(PATIENCE_SECONDS)
        return locking.lock_tickets(*ids) if with_lock else read

    def mail() -> Article:
        assert written.wait(PATIENCE_SECONDS)
        article = write_again(ticket)
        arrived.set()
        return article

    monkeypatch.setattr(frame, "lock_tickets", after_the_mail)
    if not with_lock:  # what the answer was checked against is as old as what it read
        monkeypatch.setattr(reply, "ask_about_unseen", Mock())
    answered, article = at_once(partial(deeds.answer_and_close, owner, ticket), mail)
    if with_lock:
        assert isinstance(answered, Ask)
        assert list(answered.details) == [article]
        assert counted(ticket) == (2, 2)
        assert not OutboundMessage.objects.exists()
    else:
        assert isinstance(answered, Done)
        assert counted(ticket) == (2, 3)


def test_a_mail_that_comes_just_after_the_answer_opens_the_ticket_again(
    ticket: Ticket, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail waits for the answer's lock: it finds the ticket closed, and opens it."""
    held, waiting = threading.Event(), threading.Event()

    def hold(*ids: int) -> list[Ticket]:
        if held.is_set():  # the mail's own lock
            return locking.lock_tickets(*ids)
        tickets = locking.lock_tickets(*ids)
        held.set()
        assert waiting.wait(PATIENCE_SECONDS)
        return tickets

    def mail() -> Article:
        assert held.wait(PATIENCE_SECONDS)
        waiting.set()
        return write_again(ticket)

    monkeypatch.setattr(frame, "lock_tickets", hold)
    answered, article = at_once(partial(deeds.answer_and_close, owner, ticket), mail)
    assert isinstance(answered, Done)
    assert isinstance(article, Article)
    assert article.pk > answered.written.pk
    assert counted(ticket) == (3, 3)
    assert (ticket.state_type, ticket.locked, ticket.owner) == (StateType.OPEN, False, owner)
    assert ticket.latest_customer_article == article.pk
    assert OutboundMessage.objects.count() == 1
