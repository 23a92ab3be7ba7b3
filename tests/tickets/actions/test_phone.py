"""Telephone calls: one of ours counts as an answer, one of the customer's as a question; no mail leaves."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Agent, Customer, CustomerAddress
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, answer, customer_mail, grant, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.close import close_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import give_back_ticket, lock_ticket, take_ticket
from tickets.actions.phone import Call, note_call_of_customer, note_call_to_customer
from tickets.actor import Actor
from tickets.changing.once import Done
from tickets.errors import Ask, BadInput, LockedByOther, NotAllowed
from tickets.letters.answering import answer_to, prefill
from tickets.models import Article, Ticket
from tickets.queries.correspondents import correspondent_of, known_correspondents
from tickets.queries.listed import listed
from tickets.queries.zoom import article_to_answer, newest_event
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def noted(state: str = "open", **changes: Any) -> Call:
    return replace(
        Call(
            submission=uuid.uuid4(),
            subject="Gebeld",
            html="<p>Over de bagage.</p>",
            state=state_by_key(state),
        ),
        **changes,
    )


def we_call(ticket: Ticket, agent: Agent, **changes: Any) -> Done:
    return note_call_to_customer(actor=actor(agent), ticket=ticket, call=noted(**changes), now=NOW + HOUR)


def they_call(ticket: Ticket, agent: Agent, **changes: Any) -> Done:
    return note_call_of_customer(actor=actor(agent), ticket=ticket, call=noted(**changes), now=NOW + HOUR)


def close(ticket: Ticket, agent: Agent) -> None:
    close_ticket(actor=actor(agent), ticket=ticket, state=state_by_key("closed_successful"), **words())
    ticket.refresh_from_db()


def test_a_call_of_ours_is_an_answer_that_the_customer_may_see(ticket: Ticket, owner: Agent) -> None:
    call = we_call(ticket, owner, state="closed_successful").written
    assert (call.sender_type, call.channel, call.direction, call.is_visible) == (
        Article.SenderType.AGENT,
        Article.Channel.PHONE,
        Article.Direction.OUT,
        True,
    )
    assert (call.agent, call.from_header, call.to) == (owner, str(owner), "Karin Klant <karin@post.example>")
    ticket.refresh_from_db()
    assert (ticket.first_answer_at, ticket.waits_since, ticket.last_contact) == (NOW + HOUR, None, NOW + HOUR)
    assert (ticket.is_open, ticket.locked, ticket.owner) == (False, False, owner)
    assert not OutboundMessage.objects.exists()


def test_a_ticket_that_stays_open_after_a_call_of_ours_is_the_agents_own(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    we_call(ticket, owner, state="open")
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner) == (True, owner)
    with pytest.raises(LockedByOther):
        we_call(ticket, colleague)


def test_a_call_of_the_customer_opens_the_ticket_and_is_unread_to_colleagues_alone(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    close(ticket, owner)
    call = they_call(ticket, owner).written
    assert (call.sender_type, call.channel, call.direction, call.is_visible) == (
        Article.SenderType.CUSTOMER,
        Article.Channel.PHONE,
        Article.Direction.IN,
        True,
    )
    assert (call.agent, call.from_header, call.from_address, call.to) == (
        owner,
        "Karin Klant <karin@post.example>",
        "karin@post.example",
        "",
    )
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.waits_since, ticket.reopened_at) == ("open", NOW, NOW + HOUR)
    assert (ticket.locked, ticket.owner) == (False, owner)
    assert [listed(actor=actor(agent), ids=[ticket.pk])[0].is_unread for agent in (owner, colleague)] == [
        False,
        True,
    ]
    assert not OutboundMessage.objects.exists()


def test_what_a_call_opens_is_locked_as_a_mail_would_lock_it(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    Queue.objects.filter(pk=ticket.queue_id).update(lock_on_follow_up=True)
    for is_there in (True, False):  # who is gone for good keeps no lock
        Ticket.objects.filter(pk=ticket.pk).update(locked=False)
        close(ticket, owner)
        Agent.objects.filter(pk=owner.pk).update(is_active=is_there)
        they_call(ticket, colleague)
        ticket.refresh_from_db()
        assert (ticket.locked, ticket.owner) == (is_there, owner)


def test_the_customer_may_call_whoever_picks_up(ticket: Ticket, owner: Agent, colleague: Agent) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    they_call(ticket, colleague)
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner) == (True, owner)


def test_a_call_that_comes_in_beside_an_open_answer_leaves_its_lock_to_be_given_back(
    ticket: Ticket, owner: Agent
) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    they_call(ticket, owner)
    give_back_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner) == (False, None)


@pytest.mark.parametrize("call", [we_call, they_call])
def test_nobody_closes_by_a_call_past_what_the_customer_wrote_meanwhile(
    ticket: Ticket, owner: Agent, call: Any
) -> None:
    seen = newest_event(ticket).event
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    with pytest.raises(Ask) as ask:
        call(ticket, owner, state="closed_successful", seen_event=seen)
    assert call(ticket, owner, state="closed_successful", seen_event=seen, anyway=[ask.value.key])


def test_a_call_that_a_colleague_noted_is_told_of_and_ones_own_is_not(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    closing: dict[str, Any] = {"state": "closed_successful", "seen_event": newest_event(ticket).event}
    they_call(ticket, colleague)
    with pytest.raises(Ask) as ask:
        they_call(ticket, owner, **closing)
    assert "gebeld" in ask.value.message
    assert they_call(ticket, colleague, **closing)


@pytest.mark.parametrize("call", [we_call, they_call])
def test_a_call_needs_a_text_every_right_and_a_time_to_wait_for(
    ticket: Ticket, owner: Agent, reader: Agent, call: Any
) -> None:
    with pytest.raises(BadInput):
        call(ticket, owner, html="<p> </p>")
    with pytest.raises(BadInput):
        call(ticket, owner, state="pending_reminder")
    grant(reader, ticket.queue, QueuePermission.Right.NOTE)
    with pytest.raises(NotAllowed):
        call(ticket, reader)


@pytest.mark.parametrize("call", [we_call, they_call])
def test_an_answer_goes_to_who_was_on_the_line_and_repeats_nothing_that_was_noted(
    ticket: Ticket, owner: Agent, call: Any
) -> None:
    mail = ticket.articles.get()
    article = call(ticket, owner).written
    begun = prefill(ticket=ticket, article=article, template=None, agent=owner)
    assert answer_to(article=article, ticket=ticket, reply_all=False).to == (
        "Karin Klant <karin@post.example>",
    )
    assert ("bagage" in begun.html, "Gebeld" in begun.subject) == (False, False)
    assert article_to_answer(ticket) == mail
    assert answer(ticket).answered == mail


def test_on_the_line_is_the_customer_by_the_address_that_they_last_wrote_from(
    queue: Queue, customer: Customer
) -> None:
    CustomerAddress.objects.create(customer=customer, address="karin@werk.example")
    mail = customer_mail(from_header="K <Karin@Werk.example>", from_address="karin@werk.example")
    ticket = make_ticket(queue, customer=customer, article=mail)
    away = customer_mail(from_header="Een Ander <ander@post.example>", from_address="ander@post.example")
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=away, now=NOW)
    ticket.refresh_from_db()
    assert correspondent_of(ticket).header == "Karin Klant <Karin@Werk.example>"
    ticket.articles.all().update(from_address="weg@post.example")
    assert correspondent_of(ticket).header == "Karin Klant <karin@post.example>"


def test_without_a_customer_who_last_wrote_is_on_the_line_and_becomes_known_to_nobody(
    queue: Queue, owner: Agent
) -> None:
    ticket = make_ticket(queue)
    assert we_call(ticket, owner).written.to == "Karin Klant <karin@post.example>"
    assert known_correspondents(ticket) == frozenset()
    ticket.articles.all().update(from_address="")
    assert correspondent_of(ticket).header == ""
