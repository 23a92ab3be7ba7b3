"""An answer that did not arrive: one outcome, whatever the way it is learned."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Agent
from kvv.watch.look import look
from kvv.watch.words import place
from outbox.models import OutboundMessage, Recipient, Undelivered
from outbox.undelivered import tell_undelivered
from queues.models import Queue
from tests.factories import NOW, actor, answer, customer_mail, make_customer, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.close import close_ticket
from tickets.actions.reply import reply_to_ticket
from tickets.actions.seen import mark_seen
from tickets.actions.stuck import send_answer_again
from tickets.actions.undelivered import note_undelivered
from tickets.actor import Actor
from tickets.kinds import EventKind
from tickets.models import Article, StateType, Ticket
from tickets.queries.listed import Listed, listed
from tickets.states import state_by_key
from tickets.undelivered import note_all_undelivered

pytestmark = pytest.mark.django_db

KARIN, PIET = "karin@post.example", "piet@post.example"
NO = "550 5.1.1 No such user"


@pytest.fixture
def ticket(queue: Queue) -> Ticket:
    return make_ticket(queue, customer=make_customer(KARIN))


def sent(ticket: Ticket, owner: Agent, *, to: str = KARIN, cc: tuple[str, ...] = (PIET,)) -> Article:
    """An answer that closed the ticket, and that its owner has seen."""
    given = answer(ticket, to=(to,), cc=cc)
    article = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=given, now=NOW).written
    mark_seen(agent=owner, ticket=ticket, upto=article.pk)
    return article


def refused(article: Article, address: str) -> None:
    """As the outbox writes it down."""
    assert article.outbound is not None
    Recipient.objects.filter(message=article.outbound, address=address).update(result="refused", reply=NO)
    tell_undelivered(article.outbound, failures={address: NO})


def came_back(article: Article, address: str) -> None:
    """As the mail gate does with a report."""
    report = article.ticket.articles.earliest("pk")
    failures = {address: NO}
    note_undelivered(actor=Actor.mail(), answer=article, report=report, failures=failures, now=NOW)


def in_list(ticket: Ticket, owner: Agent) -> Listed:
    return listed(actor=actor(owner), ids=[ticket.pk])[0]


@pytest.mark.parametrize("learn", [refused, came_back])
def test_the_ticket_opens_unread_and_says_so_everywhere(
    ticket: Ticket, owner: Agent, learn: Callable[[Article, str], None]
) -> None:
    article = sent(ticket, owner)
    assert not in_list(ticket, owner).is_unread
    learn(article, KARIN)
    note_all_undelivered()
    ticket.refresh_from_db()
    assert ticket.state_type == StateType.OPEN
    row = in_list(ticket, owner)
    assert (row.is_unread, row.is_undelivered) == (True, True)
    event = ticket.events.get(kind=EventKind.BOUNCED)
    assert (event.article, event.changes["undelivered"][1]["label"]) == (article, f"{KARIN}: {NO}")
    assert not Undelivered.objects.exists()


@pytest.mark.parametrize("learn", [refused, came_back])
@pytest.mark.parametrize(
    ("to", "cc", "failed", "opens"),
    [
        (KARIN, (PIET,), PIET, False),
        (PIET, (KARIN,), PIET, False),
        (PIET, (KARIN,), KARIN, True),
        (PIET, (), PIET, True),
        (PIET, ("x@post.example",), PIET, True),
        (PIET, ("x@post.example",), "x@post.example", False),
    ],
)
def test_it_opens_where_the_customer_did_not_get_it(
    ticket: Ticket,
    owner: Agent,
    learn: Callable[[Article, str], None],
    to: str,
    cc: tuple[str, ...],
    failed: str,
    *,
    opens: bool,
) -> None:
    learn(sent(ticket, owner, to=to, cc=cc), failed)
    note_all_undelivered()
    ticket.refresh_from_db()
    assert ticket.is_open == opens
    assert in_list(ticket, owner).is_undelivered


@pytest.mark.parametrize("learn", [refused, came_back])
def test_the_administrators_are_told_once_until_an_agent_has_dealt_with_it(
    ticket: Ticket, owner: Agent, learn: Callable[[Article, str], None]
) -> None:
    article = sent(ticket, owner)
    OutboundMessage.objects.update(state=OutboundMessage.SENT)
    learn(article, PIET)  # in Cc: nobody has to decide
    note_all_undelivered()
    assert look(now=timezone.now()) == []
    learn(article, KARIN)
    note_all_undelivered()
    (told,) = look(now=timezone.now())
    assert (told.kind.name, told.n, told.name) == ("not-arrived", 1, "Spel")
    assert place(told) == "/wachtrijen/"
    OutboundMessage.objects.update(state=OutboundMessage.REFUSED)
    assert [(told.kind.name, told.n) for told in look(now=timezone.now())] == [("stuck", 1)]
    ticket.refresh_from_db()
    close_ticket(actor=actor(owner), ticket=ticket, state=state_by_key("closed_unsuccessful"), **words())
    assert look(now=timezone.now()) == []


@pytest.mark.parametrize("learn", [refused, came_back])
def test_of_an_automatic_answer_only_the_history_tells(
    ticket: Ticket, owner: Agent, learn: Callable[[Article, str], None]
) -> None:
    article = sent(ticket, owner)
    Article.objects.filter(pk=article.pk).update(sender_type=Article.SenderType.SYSTEM)
    OutboundMessage.objects.update(state=OutboundMessage.FAILED)
    learn(article, KARIN)
    note_all_undelivered()
    ticket.refresh_from_db()
    row = in_list(ticket, owner)
    assert (ticket.state_type, row.is_unread, row.is_undelivered) == (StateType.CLOSED, False, False)
    assert ticket.events.filter(kind=EventKind.BOUNCED).exists()
    for state in (OutboundMessage.FAILED, OutboundMessage.REFUSED):
        OutboundMessage.objects.update(state=state)
        assert look(now=timezone.now()) == []


@pytest.mark.parametrize("whom", ["", "sent.on@elders.example"])
def test_a_report_that_names_none_of_several_says_that_somebody_did_not_get_it(
    ticket: Ticket, owner: Agent, whom: str
) -> None:
    article = sent(ticket, owner)
    came_back(article, whom)
    ticket.refresh_from_db()
    row = in_list(ticket, owner)
    assert (ticket.state_type, row.is_unread, row.is_undelivered) == (StateType.OPEN, True, True)
    event = ticket.events.get(kind=EventKind.BOUNCED)
    assert event.changes["undelivered"][1]["label"] == (f"{whom}: {NO}" if whom else NO)
    assert not Recipient.objects.filter(result=Recipient.Result.BOUNCED).exists()


def test_the_same_report_twice_is_told_once(ticket: Ticket, owner: Agent) -> None:
    article = sent(ticket, owner)
    for _time in range(2):
        came_back(article, PIET)
    assert ticket.events.filter(kind=EventKind.BOUNCED).count() == 1


def test_it_is_the_ticket_in_which_the_answer_stands_now(ticket: Ticket, owner: Agent, queue: Queue) -> None:
    article, other = sent(ticket, owner), make_ticket(queue, article=customer_mail())
    refused(article, KARIN)
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=other)
    note_all_undelivered()
    other.refresh_from_db()
    assert other.undelivered_article == article.pk
    assert other.events.filter(kind=EventKind.BOUNCED).exists()


@pytest.mark.parametrize("deed", ["answers", "sends again", "closes"])
def test_the_overviews_name_it_until_an_agent_has_dealt_with_it(
    ticket: Ticket, owner: Agent, deed: str
) -> None:
    article = sent(ticket, owner)
    refused(article, KARIN)
    note_all_undelivered()
    if deed == "answers":
        sent(ticket, owner, to=PIET, cc=())
    elif deed == "sends again":
        OutboundMessage.objects.update(state=OutboundMessage.REFUSED)
        send_answer_again(actor=actor(owner), ticket=ticket, article=article, now=NOW)
    else:
        state = state_by_key("closed_unsuccessful")
        close_ticket(actor=actor(owner), ticket=ticket, state=state, **words())
    assert not in_list(ticket, owner).is_undelivered


def test_a_mail_that_is_no_answer_is_told_in_no_ticket(ticket: Ticket, owner: Agent) -> None:
    article = sent(ticket, owner)
    Article.objects.filter(pk=article.pk).update(outbound=None)
    refused(article, KARIN)
    note_all_undelivered()
    assert not Undelivered.objects.exists()
    assert not ticket.events.filter(kind=EventKind.BOUNCED).exists()
