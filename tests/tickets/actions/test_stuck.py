"""An answer that got stuck: sent again or taken for sent, by who may, and only while it is stuck."""

import pytest

from accounts.models import Agent
from outbox.models import OutboundMessage, Recipient
from tests.factories import NOW, actor, answer
from tickets.actions.reply import reply_to_ticket
from tickets.actions.stuck import declare_answer_sent, send_answer_again
from tickets.errors import NotAllowed, NotStuck
from tickets.kinds import EventKind
from tickets.models import Article, Event, Ticket

pytestmark = pytest.mark.django_db
Result = Recipient.Result
UNSETTLED = [OutboundMessage.DOUBTFUL, OutboundMessage.HELD]


@pytest.fixture
def sent(ticket: Ticket, owner: Agent) -> Article:
    """An answer to two people."""
    two = answer(ticket, cc=("ook@post.example",))
    return reply_to_ticket(actor=actor(owner), ticket=ticket, answer=two, now=NOW).written


def become(article: Article, state: str) -> Article:
    OutboundMessage.objects.update(state=state, attempts=3, last_error="The line broke.")
    article.refresh_from_db()
    return article


@pytest.mark.parametrize("state", [*UNSETTLED, OutboundMessage.REFUSED, OutboundMessage.FAILED])
def test_it_is_sent_again_to_those_who_have_not_got_it(sent: Article, owner: Agent, state: str) -> None:
    Recipient.objects.filter(address="ook@post.example").update(result=Result.ACCEPTED)
    send_answer_again(actor=actor(owner), ticket=sent.ticket, article=become(sent, state), now=NOW)
    message = OutboundMessage.objects.get()
    assert (message.state, message.attempts) == (OutboundMessage.QUEUED, 0)
    results = dict(message.recipients.values_list("address", "result"))
    assert results == {"karin@post.example": Result.WAITING, "ook@post.example": Result.ACCEPTED}
    assert Event.objects.get(kind=EventKind.SENT_AGAIN).article == sent


@pytest.mark.parametrize("state", UNSETTLED)
def test_what_may_have_left_can_be_taken_for_sent(sent: Article, owner: Agent, state: str) -> None:
    doubtful = become(sent, state)
    declare_answer_sent(actor=actor(owner), ticket=sent.ticket, article=doubtful, now=NOW)
    assert OutboundMessage.objects.get().state == OutboundMessage.SENT
    assert Event.objects.get(kind=EventKind.DECLARED_SENT).agent == owner


def test_of_a_refused_one_nobody_says_that_it_arrived(sent: Article, owner: Agent) -> None:
    refused = become(sent, OutboundMessage.REFUSED)
    with pytest.raises(NotStuck):
        declare_answer_sent(actor=actor(owner), ticket=sent.ticket, article=refused, now=NOW)


@pytest.mark.parametrize("state", [OutboundMessage.QUEUED, OutboundMessage.CLAIMED, OutboundMessage.SENT])
def test_one_that_is_not_stuck_is_left_alone(sent: Article, owner: Agent, state: str) -> None:
    going = become(sent, state)
    for decide in (send_answer_again, declare_answer_sent):
        with pytest.raises(NotStuck):
            decide(actor=actor(owner), ticket=sent.ticket, article=going, now=NOW)
    assert OutboundMessage.objects.get().state == state


def test_two_agents_who_decide_send_it_once_more_not_twice(
    sent: Article, owner: Agent, colleague: Agent
) -> None:
    stale = become(sent, OutboundMessage.DOUBTFUL)
    send_answer_again(actor=actor(owner), ticket=sent.ticket, article=stale, now=NOW)
    with pytest.raises(NotStuck):
        send_answer_again(actor=actor(colleague), ticket=sent.ticket, article=stale, now=NOW)


def test_who_may_only_read_decides_nothing(sent: Article, reader: Agent) -> None:
    doubtful = become(sent, OutboundMessage.DOUBTFUL)
    for decide in (send_answer_again, declare_answer_sent):
        with pytest.raises(NotAllowed):
            decide(actor=actor(reader), ticket=sent.ticket, article=doubtful, now=NOW)


def test_a_note_never_leaves(ticket: Ticket, owner: Agent) -> None:
    article = ticket.articles.get()
    with pytest.raises(NotStuck):
        send_answer_again(actor=actor(owner), ticket=ticket, article=article, now=NOW)
