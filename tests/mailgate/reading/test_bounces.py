"""What comes back: each kind of report by its example, and what it does to the answer that failed."""

import base64
import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent, Customer
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.reading.child import read_as_report
from mailgate.reading.incoming import IncomingMail
from mailgate.reading.read import read_mails
from mailgate.tasks import autoresponse
from outbox.message_ids import new_message_id
from outbox.models import OutboundMessage, Recipient
from outbox.send import _record
from outbox.smtp import Replies
from outbox.verp import bounce_address, message_ids_in
from queues.models import Queue
from tests.factories import NOW, actor, answer, make_agent, make_auto_response
from tickets.actions.reply import reply_to_ticket
from tickets.actions.seen import mark_seen
from tickets.kinds import EventKind
from tickets.models import Article, Event, StateType, Ticket
from tickets.queries.listed import listed
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

MAILS = Path(__file__).parents[2] / "mail" / "bounces"
NAMES = sorted(path.stem for path in MAILS.glob("*.eml"))
KARIN = "karin@post.example"


@pytest.fixture
def sent(ticket: Ticket, owner: Agent) -> Article:
    """The answer that closed the ticket."""
    article = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket), now=NOW).written
    Recipient.objects.update(result=Recipient.Result.ACCEPTED)
    return article


def example(name: str, sent: Article) -> bytes:
    """The example as if it told of this answer."""
    head = f"Message-ID: <{sent.message_id}>\r\nSubject: Vraag\r\n".encode()
    text = (MAILS / f"{name}.eml").read_text().replace("\n", "\r\n")
    for mark, value in (
        ("@@ID@@", sent.message_id),
        ("@@NUMBER@@", sent.ticket.number),
        ("@@HEAD64@@", base64.b64encode(head).decode()),
    ):
        text = text.replace(mark, value)
    return text.encode()


def arrive(raw: bytes, **values: Any) -> IncomingMail:
    """Deliver a mail; gives how it was read."""
    given = {"way": InboundMessage.Way.PIPE, "envelope_from": ""} | values
    rows = take_in_many([Arrival(raw=raw, **given)], lease=uuid4())
    (mail,) = read_mails(rows)
    deliver(rows)
    return mail


def came_back() -> dict[str, str]:
    rows = Recipient.objects.filter(result=Recipient.Result.BOUNCED)
    return dict(rows.values_list("address", "reply"))


@pytest.mark.parametrize("name", NAMES)
def test_a_report_does_what_it_should(name: str, sent: Article, queue: Queue) -> None:
    make_auto_response(queue, kind="follow_up")
    expected = json.loads((MAILS / f"{name}.json").read_text())
    mail = arrive(example(name, sent))
    assert mail.parsed.is_bounce == expected["is_bounce"]
    assert (mail.report and mail.report.is_delay) == expected["is_delay"]
    article = Article.objects.latest("pk")
    assert article.ticket_id == sent.ticket_id
    assert article.sender_type == ("system" if expected["is_bounce"] else "customer")
    by_machine = expected.get("is_automatic", True)
    assert (article.is_visible, article.is_automatic) == (expected["visible"], by_machine)
    article.ticket.refresh_from_db()
    assert (article.ticket.state_type == StateType.OPEN) == expected["reopens"]
    reasons = came_back()
    if expected["failed"] is None:
        assert reasons == {}
        assert not Event.objects.filter(kind=EventKind.BOUNCED).exists()
    else:
        assert expected["failed"] in reasons[KARIN]
        event = Event.objects.get(kind=EventKind.BOUNCED)
        assert (event.article, event.changes["undelivered"][1]["id"]) == (sent, article.pk)


REPORT_OF_ANYBODY = "forged-in-a-daemons-name"


def test_what_somebody_says_of_an_answer_stands_unread_for_agents_and_changes_nothing(
    sent: Article, owner: Agent, client: Client
) -> None:
    mark_seen(agent=owner, ticket=sent.ticket, upto=sent.pk)
    arrive(example(REPORT_OF_ANYBODY, sent))
    said = Article.objects.latest("pk")
    assert (said.ticket, said.warning) == (sent.ticket, "unproven_report")
    (row,) = listed(actor=actor(owner), ids=[sent.ticket_id])
    assert (row.is_unread, row.is_undelivered, row.state_type) == (True, False, StateType.CLOSED)
    client.force_login(owner)
    page = client.get(reverse("desk:zoom", args=[sent.ticket.number]), {"article": said.pk}).content.decode()
    assert "Iemand zegt dat een antwoord van dit ticket niet is aangekomen." in page


@pytest.mark.parametrize("name", [REPORT_OF_ANYBODY, "postfix"])
def test_a_report_makes_nobody_known(name: str, sent: Article) -> None:
    arrive(example(name, sent).replace(b"To: spel@kvv.example", b"To: buitenstaander@elders.example"))
    head = f"Subject: [Ticket#{sent.ticket.number}]\r\nIn-Reply-To: <{sent.message_id}>\r\n"
    for n, writer in enumerate(("buitenstaander@elders.example", "mailer-daemon@elders.example")):
        arrive(f"From: {writer}\r\n{head}Message-ID: <w{n}@elders.example>\r\n\r\nVertel eens\r\n".encode())
        article = Article.objects.latest("pk")
        assert (article.ticket, article.is_visible, article.warning) == (sent.ticket, False, "unknown_sender")


def test_a_report_of_a_mail_that_we_do_not_know_makes_nobody_a_customer(queue: Queue) -> None:
    head = "Return-Path: <>\r\nFrom: mailer-daemon@elders.example\r\nMessage-ID: <n@elders.example>\r\n"
    arrive(f"{head}Subject: Undelivered\r\n\r\n<x@elders.example>: user unknown\r\n".encode(), queue=queue)
    assert Article.objects.get().ticket.customer is None
    assert not Customer.objects.exists()


@pytest.mark.parametrize(("to", "is_proven"), [("the token", True), ("spel@kvv.example", False)])
def test_where_an_answer_left_with_a_token_its_report_has_to_bring_it(
    ticket: Ticket, owner: Agent, settings: Any, to: str, *, is_proven: bool
) -> None:
    settings.VERP = True
    sent = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket), now=NOW).written
    assert sent.outbound is not None
    address = sent.outbound.sender if to == "the token" else to
    raw = example("postfix", sent).replace(b"To: spel@kvv.example", f"To: {address}".encode(), 1)
    arrive(raw)
    assert bool(came_back()) == is_proven
    assert Article.objects.latest("pk").warning == ("" if is_proven else "unproven_report")


def test_there_is_an_example_of_each_kind() -> None:
    assert len(NAMES) >= 12
    assert sorted(path.stem for path in MAILS.glob("*.json")) == NAMES


def test_of_several_recipients_only_those_that_are_named(ticket: Ticket, owner: Agent) -> None:
    given = answer(ticket, to=(KARIN, "piet@post.example"))
    sent = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=given, now=NOW).written
    arrive(example("postfix", sent))
    assert set(came_back()) == {KARIN}
    state = state_by_key("closed_successful")
    Ticket.objects.update(state=state, state_type=StateType.CLOSED, closed_at=NOW, undelivered_article=None)
    mark_seen(agent=owner, ticket=ticket, upto=ticket.articles.latest("pk").pk)
    arrive(example("unknown-words", sent).replace(f"To: {KARIN}\r\n".encode(), b""))
    assert set(came_back()) == {KARIN}
    (row,) = listed(actor=actor(owner), ids=[ticket.pk])
    assert (row.is_unread, row.is_undelivered, row.state_type) == (True, True, StateType.OPEN)
    assert Event.objects.filter(kind=EventKind.BOUNCED).count() == 2


def test_the_same_report_by_another_way_is_told_once(sent: Article) -> None:
    arrive(example("exim", sent))
    arrive(example("qmail", sent))
    assert Event.objects.filter(kind=EventKind.BOUNCED).count() == 1


def test_a_report_may_be_faster_than_our_own_record(sent: Article) -> None:
    Recipient.objects.update(result=Recipient.Result.WAITING)
    arrive(example("exim", sent))
    _record(OutboundMessage.objects.get(), Replies(accepted=[KARIN]))
    assert set(came_back()) == {KARIN}


def test_an_answer_has_an_envelope_sender_of_its_own_and_its_report_needs_nothing_else(
    ticket: Ticket, owner: Agent, settings: Any
) -> None:
    settings.VERP = True
    sent = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket), now=NOW).written
    assert sent.outbound is not None
    address = sent.outbound.sender
    assert address.startswith(f"{sent.from_address.partition('@')[0]}+b=")
    assert message_ids_in(address.upper()) == (sent.message_id,)
    raw = (
        b"From: mailer-daemon@post.example\r\nSubject: Mislukt\r\nMessage-ID: <kaal@post.example>\r\n\r\n"
        b"Uw bericht kon niet worden bezorgd.\r\n"
    )
    listener = InboundMessage.Way.LISTENER
    arrive(raw, way=listener, envelope_to=(address,))
    assert came_back() == {KARIN: "Uw bericht kon niet worden bezorgd."}


def test_an_absence_notice_to_the_envelope_sender_finds_its_ticket_and_fails_nothing(
    ticket: Ticket, owner: Agent, settings: Any
) -> None:
    settings.VERP = True
    sent = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket), now=NOW).written
    assert sent.outbound is not None
    raw = b"From: karin@post.example\r\nSubject: Weg\r\nMessage-ID: <w@post.example>\r\n\r\nWeg.\r\n"
    mail = arrive(raw, way=InboundMessage.Way.LISTENER, envelope_to=(sent.outbound.sender,))
    assert (mail.parsed.is_bounce, mail.parsed.is_automatic) == (False, True)
    assert Article.objects.latest("pk").ticket == ticket
    assert came_back() == {}


@pytest.mark.parametrize("change", ["token", "off", "long", "not ours"])
def test_a_token_that_is_not_ours_or_does_not_fit_is_none(sent: Article, settings: Any, change: str) -> None:
    settings.VERP = change != "off"
    message_id = "een@post.example" if change == "not ours" else sent.message_id
    address = f"{'lang' * 10 if change == 'long' else 'spel'}@kvv.example"
    marked = bounce_address(address, message_id=message_id)
    if change == "token":
        wrong = marked.replace("@", "a@")
        assert message_ids_in(wrong) == ()
        assert message_ids_in(marked[:-13] + ("a" if marked[-13] != "a" else "b") + marked[-12:]) == ()
    else:
        assert marked == address
        assert message_ids_in(address) == ()


def test_a_report_of_a_mail_the_customer_did_not_get_stays_unseen(sent: Article) -> None:
    Article.objects.filter(pk=sent.pk).update(is_visible=False)
    arrive(example("exim", sent))
    assert not Article.objects.latest("pk").is_visible


def test_a_machine_that_answers_a_notification_is_never_seen_by_the_customer(ticket: Ticket) -> None:
    notification = new_message_id()
    raw = absence(KARIN, ticket, more=f"In-Reply-To: <{notification}>")
    arrive(raw)
    article = Article.objects.latest("pk")
    assert (article.ticket, article.is_visible) == (ticket, False)


def test_the_absence_of_one_of_us_is_never_seen_by_the_customer(ticket: Ticket, sent: Article) -> None:
    make_agent("bea")
    Agent.objects.filter(username="bea").update(email="Bea@kvv.example")
    Article.objects.filter(pk=sent.pk).update(cc="bea@kvv.example")
    arrive(absence("bea@kvv.example", ticket))
    article = Article.objects.latest("pk")
    assert (article.ticket, article.is_visible, article.warning) == (ticket, False, "")


def absence(sender: str, ticket: Ticket, *, more: str = "X-Loop: 1") -> bytes:
    subject = f"Afwezig: [Ticket#{ticket.number}]"
    head = f"From: {sender}\r\nSubject: {subject}\r\nAuto-Submitted: auto-replied\r\n{more}"
    return f"{head}\r\nMessage-ID: <afwezig@post.example>\r\n\r\nIk ben er niet.\r\n".encode()


def test_the_desk_says_to_whom_an_answer_came_back(sent: Article, owner: Agent, client: Client) -> None:
    arrive(example("postfix", sent))
    client.force_login(owner)
    page = client.get(reverse("desk:zoom", args=[sent.ticket.number])).content.decode()
    assert f"Niet bezorgd aan {KARIN}" in page
    assert "550 5.1.1" in page


def test_a_hostile_report_is_read_in_no_time(sent: Article) -> None:
    parts = "".join(
        f"--g{n}\r\nContent-Type: multipart/mixed; boundary=g{n + 1}\r\n\r\n" for n in range(3000)
    )
    raw = (
        "Return-Path: <>\r\nFrom: mailer-daemon@post.example\r\nMessage-ID: <q@post.example>\r\n"
        f"Content-Type: multipart/mixed; boundary=g0\r\n\r\n{parts}" + "a" * 500_000
    ).encode()
    began = time.process_time()
    read_as_report(raw)
    assert time.process_time() - began < 5
    arrive(raw)


def test_a_report_that_was_tried_twice_is_read_as_before(sent: Article) -> None:
    rows = take_in_many(
        [Arrival(raw=example("qmail", sent), way=InboundMessage.Way.PIPE, envelope_from="")], lease=uuid4()
    )
    (first,) = read_mails(rows)
    rows[0].attempts = 3
    (third,) = read_mails(rows)
    assert (third.parsed, third.report, third.reported) == (first.parsed, first.report, first.reported)
    assert third.reported == (sent.message_id,)


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_postmasters_commas_hold_up_nobody(sent: Article, attempts: int) -> None:
    raw = b"From: postmaster@x.example\r\n\r\n" + b"," * 8000 + b"@" * 8000
    rows = take_in_many([Arrival(raw=raw, way=InboundMessage.Way.PIPE, envelope_from="")], lease=uuid4())
    rows[0].attempts = attempts
    assert len(read_mails(rows)) == 1
    began = time.process_time()
    read_as_report(raw)
    assert time.process_time() - began < 1


def test_a_postmaster_who_tells_of_a_report_is_a_person(sent: Article) -> None:
    raw = (
        f"From: Piet <postmaster@post.example>\r\nSubject: [Ticket#{sent.ticket.number}]\r\n"
        "Message-ID: <p@post.example>\r\n\r\nBij ons staat in het log:\r\n"
        "----- The following addresses had permanent fatal errors -----\r\n<karin@post.example>\r\n"
    ).encode()
    assert not arrive(raw).parsed.is_bounce
    assert Article.objects.latest("pk").sender_type == Article.SenderType.CUSTOMER
    assert came_back() == {}


def test_a_report_opens_a_ticket_whose_queue_takes_no_follow_up(sent: Article, queue: Queue) -> None:
    for policy in (Queue.FollowUp.REJECT, Queue.FollowUp.NEW_TICKET):
        Queue.objects.filter(pk=queue.pk).update(follow_up=policy)
        Ticket.objects.update(state=state_by_key("closed_successful"), state_type="closed", closed_at=NOW)
        Recipient.objects.update(result=Recipient.Result.ACCEPTED)
        arrive(example("exim" if policy == Queue.FollowUp.REJECT else "qmail", sent))
        assert Ticket.objects.get().state_type == StateType.OPEN


@pytest.mark.parametrize("policy", [Queue.FollowUp.REJECT, Queue.FollowUp.NEW_TICKET])
def test_who_writes_after_a_report_has_opened_the_ticket_joins_it_as_open_also_in_one_batch(
    sent: Article, queue: Queue, policy: str
) -> None:
    Queue.objects.filter(pk=queue.pk).update(follow_up=policy)
    head = f"From: {KARIN}\r\nSubject: Re: Vraag\r\nIn-Reply-To: <{sent.message_id}>\r\n"
    reply = f"{head}Message-ID: <r@post.example>\r\n\r\nToch gezien.\r\n".encode()
    batch = [Arrival(raw=raw, way=InboundMessage.Way.PIPE) for raw in (example("exim", sent), reply)]
    deliver(take_in_many(batch, lease=uuid4()))
    joined = Event.objects.get(article__message_id="r@post.example")
    assert (joined.ticket_id, joined.kind) == (sent.ticket_id, EventKind.FOLLOW_UP)


def test_a_machine_gets_no_automatic_answer_and_the_history_says_why(sent: Article, queue: Queue) -> None:
    make_auto_response(queue, kind="follow_up")
    before = OutboundMessage.objects.count()
    arrive(example("postfix", sent))
    arrive(example("absence-without-sender", sent))
    autoresponse()
    assert OutboundMessage.objects.count() == before
    events = Event.objects.filter(kind=EventKind.AUTO_WITHHELD).order_by("pk")
    assert [event.changes["withheld"][1]["id"] for event in events] == ["bounce", "automatic"]


@pytest.mark.parametrize("times", [0, 1, 10])
def test_who_takes_our_message_id_for_their_own_gets_neither_its_replies_nor_its_bounces(
    sent: Article, queue: Queue, other_queue: Queue, times: int
) -> None:
    for n in range(times):
        head = f"From: boos@post.example\r\nSubject: x{n}\r\nMessage-ID: <{sent.message_id}>\r\n\r\n"
        arrive(f"{head}Tekst {n}\r\n".encode(), queue=other_queue)
    reply = f"In-Reply-To: <{sent.message_id}>\r\nMessage-ID: <r@post.example>\r\n\r\nVertrouwelijk\r\n"
    arrive(f"From: karin@post.example\r\nSubject: Re: Vraag\r\n{reply}".encode(), queue=queue)
    assert sent.ticket.articles.latest("pk").message_id == "r@post.example"
    arrive(example("postfix", sent), queue=queue)
    assert came_back()
