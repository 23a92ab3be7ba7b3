"""What comes back from where a message was forwarded to: the customer does not see it, whoever writes."""

import uuid
from uuid import uuid4

import pytest

from accounts.models import Agent, CustomerAddress
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from queues.models import Queue
from tests.factories import NOW, actor, answer, make_customer
from tickets.actions.forward import Forwarding, forward_message
from tickets.actions.reply import reply_to_ticket
from tickets.models import Article, StateType, Ticket
from tickets.models.article import UNKNOWN_SENDER
from tickets.queries.zoom import article_to_answer
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

KARIN, BRAM = "karin@post.example", "bram@elders.example"


def comes_in(queue: Queue, *headers: str, sender: str) -> Article:
    """A mail for this queue, and the article that it became."""
    lines = [f"From: {sender}", f"Message-ID: <{uuid4()}@post.example>", *headers]
    raw = "\r\n".join([*lines, "", "Hoi", ""]).encode()
    deliver(take_in_many([Arrival(raw=raw, way=InboundMessage.Way.PIPE, queue=queue)], lease=uuid4()))
    return Article.objects.select_related("ticket__queue__sender").latest("pk")


@pytest.fixture
def question(queue: Queue) -> Article:
    make_customer(KARIN)
    return comes_in(queue, "Subject: De hike", sender=KARIN)


def forwarded(question: Article, owner: Agent, *, is_visible: bool = False, to: str = BRAM) -> Article:
    filled = Forwarding(
        submission=uuid.uuid4(),
        subject="De hike",
        html="<p>Weet jij dit?</p>",
        forwarded=question,
        to=(to,),
        is_visible=is_visible,
        state=state_by_key("closed_successful"),
    )
    return forward_message(actor=actor(owner), ticket=question.ticket, forwarding=filled, now=NOW).written


def test_the_reply_of_whom_we_forwarded_to_is_not_visible_and_not_the_customers_answer(
    queue: Queue, question: Article, owner: Agent
) -> None:
    sent = forwarded(question, owner)
    for headers in (
        (f"In-Reply-To: <{sent.message_id}>",),
        (f"References: <{question.message_id}> <{sent.message_id}>",),
    ):
        reply = comes_in(queue, *headers, sender=BRAM)
        assert (reply.ticket, reply.is_visible, reply.warning) == (question.ticket, False, "")
    ticket = Ticket.objects.get(pk=question.ticket_id)
    assert (ticket.state_type, ticket.customer) == (StateType.OPEN, question.ticket.customer)
    assert ticket.waits_since == question.ticket.waits_since
    assert article_to_answer(ticket) == question
    assert not CustomerAddress.objects.filter(address=BRAM).exists()


def test_so_it_is_with_one_whom_the_ticket_knows_and_a_third_who_answers_for_them(
    queue: Queue, question: Article, owner: Agent
) -> None:
    reply_to_ticket(
        actor=actor(owner),
        ticket=question.ticket,
        answer=answer(question.ticket, to=(KARIN,), cc=(BRAM,)),
        now=NOW,
    )
    assert comes_in(queue, f"In-Reply-To: <{question.message_id}>", sender=BRAM).is_visible
    sent = forwarded(question, owner)
    reply = comes_in(queue, f"In-Reply-To: <{sent.message_id}>", sender=BRAM)
    assert (reply.is_visible, reply.warning) == (False, "")
    onward = comes_in(queue, f"In-Reply-To: <{reply.message_id}>", sender="derde@elders.example")
    assert (onward.is_visible, onward.warning) == (False, UNKNOWN_SENDER)


def test_by_the_number_alone_it_stays_unseen_where_nobody_knows_them(
    queue: Queue, question: Article, owner: Agent
) -> None:
    forwarded(question, owner)
    reply = comes_in(queue, f"Subject: Re: [Ticket#{question.ticket.number}] De hike", sender=BRAM)
    assert (reply.ticket, reply.is_visible) == (question.ticket, False)


def test_what_the_customer_may_see_is_answered_in_their_sight(
    queue: Queue, question: Article, owner: Agent
) -> None:
    sent = forwarded(question, owner, is_visible=True)
    assert comes_in(queue, f"In-Reply-To: <{sent.message_id}>", sender=BRAM).is_visible


def test_what_the_customer_writes_is_theirs_to_see_also_where_others_let_them_know(
    queue: Queue, question: Article, owner: Agent
) -> None:
    sent = forwarded(question, owner)
    reply = comes_in(queue, f"In-Reply-To: <{sent.message_id}>", sender=BRAM)
    theirs = comes_in(queue, f"In-Reply-To: <{reply.message_id}>", sender=KARIN)
    assert (theirs.ticket, theirs.is_visible, theirs.warning) == (question.ticket, True, "")
