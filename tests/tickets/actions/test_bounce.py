"""Bounce: a mail goes on as it came; its sender is told if wanted, and nothing goes round in a circle."""

import uuid
from dataclasses import replace
from email import message_from_bytes
from typing import Any

import pytest

from accounts.models import Agent
from blobs.store import read_bytes, store_bytes
from outbox.models import OutboundMessage
from outbox.verp import message_ids_in
from queues.models import Queue, Salutation
from tests.factories import NOW, actor, customer_mail, make_customer, make_ticket, make_upload
from tickets.actions.bounce import Bounce, bounce_mail
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.errors import Ask, BadInput
from tickets.history import history_of
from tickets.kinds import EventKind
from tickets.letters.bouncing import prefill_told
from tickets.models import Article, StateType, Ticket
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

RAW = (
    b"Return-Path: <karin@post.example>\r\nResent-To: vals@kvv.example\r\n"
    b"From: Karin <karin@post.example>\r\n"
    b"Date: Mon, 23 Nov 2026 09:00:00 +0100\r\nMessage-ID: <eigen@post.example>\r\nSubject: \xe9\xe9n\r\n\r\n"
    b"Hoi\r\n.\r\nFrom nu af\r\n\xff\x00\r\n"
)


@pytest.fixture
def mail(queue: Queue) -> Article:
    article = customer_mail(
        subject="één", raw=store_bytes(RAW), message_id="eigen@post.example", reply_to="thuis@post.example"
    )
    ticket = make_ticket(queue, customer=make_customer("karin@post.example"), article=article)
    return Article.objects.select_related("ticket__queue__sender", "ticket__customer").get(ticket=ticket)


def bounce(mail: Article, **changes: Any) -> Bounce:
    """The form as it begins, sent to somebody; the sender is not told."""
    told = prefill_told(ticket=mail.ticket, mail=mail, agent=None)
    filled = Bounce(
        submission=uuid.uuid4(),
        seen_event=newest_event(mail.ticket).event,
        subject=told.subject,
        html=told.html,
        bounced=mail,
        to=("Bram Bos <bram@elders.example>",),
        tells_sender=False,
        state=state_by_key("closed_successful"),
    )
    return replace(filled, **changes)


def send(agent: Agent, mail: Article, **changes: Any) -> Article:
    filled = bounce(mail, **changes)
    return bounce_mail(actor=actor(agent), ticket=mail.ticket, bounce=filled, now=NOW).written


def bytes_of(article: Article) -> bytes:
    assert article.outbound is not None
    return read_bytes(article.outbound.mime_id)


def test_the_mail_leaves_with_its_own_from_date_message_id_and_bytes(mail: Article, owner: Agent) -> None:
    article = send(owner, mail)
    left = bytes_of(article)
    assert left.endswith(b"\r\n" + RAW)
    head = message_from_bytes(left[: -len(RAW)])
    assert head.keys() == ["Resent-Date", "Resent-From", "Resent-To", "Resent-Message-ID"]
    assert head["Resent-Message-ID"] == f"<{article.message_id}>" != "<eigen@post.example>"
    assert mail.ticket.queue.sender is not None
    assert mail.ticket.queue.sender.address in head["Resent-From"]
    assert article.outbound is not None
    assert article.outbound.sender == mail.ticket.queue.sender.address
    assert list(article.outbound.recipients.values_list("address", flat=True)) == ["bram@elders.example"]


def test_what_comes_back_of_it_names_it(mail: Article, owner: Agent, settings: Any) -> None:
    settings.VERP = True
    article = send(owner, mail)
    assert article.outbound is not None
    assert article.message_id in message_ids_in(article.outbound.sender)


def test_the_ticket_says_where_it_went_and_the_customer_sees_nothing(mail: Article, owner: Agent) -> None:
    article = send(owner, mail)
    ticket = Ticket.objects.select_related("state").get(pk=mail.ticket_id)
    assert (ticket.state.key, ticket.locked, ticket.owner) == ("closed_successful", False, owner)
    assert (article.is_visible, article.to, article.subject) == (
        False,
        "Bram Bos <bram@elders.example>",
        "één",
    )
    assert "Karin Klant van 24-11-2026 11:00 is onveranderd doorgestuurd" in article.text
    (line,) = history_of([ticket.events.get(kind=EventKind.REDIRECTED)])
    assert line.what == "gebounced aan bram@elders.example"
    assert OutboundMessage.objects.count() == 1


def test_the_sender_is_told_by_a_mail_of_its_own_where_it_went(mail: Article, owner: Agent) -> None:
    filled = bounce(mail, tells_sender=True)
    file = make_upload(owner, filled.submission, data=b"folder")
    article = send(owner, mail, submission=filled.submission, tells_sender=True, uploads=(file,))
    told = mail.ticket.articles.get(is_visible=True, direction=Article.Direction.OUT)
    assert told.to == "Karin Klant <karin@post.example>"  # not where an unknown Reply-To leads
    assert f"ticketnummer {mail.ticket.number} is doorgestuurd naar bram@elders.example" in told.text
    assert "KVV_" not in told.html
    assert told.attachments.count() == 1
    assert b"folder" not in bytes_of(article)
    assert message_from_bytes(bytes_of(told))["In-Reply-To"] == "<eigen@post.example>"
    assert mail.ticket.events.get(kind=EventKind.ANSWERED).article == told
    ticket = Ticket.objects.get(pk=mail.ticket_id)
    assert (ticket.article_count, ticket.attachment_count) == (3, 1)


def test_the_same_form_twice_sends_each_once(mail: Article, owner: Agent) -> None:
    filled = bounce(mail, tells_sender=True)
    for _time in range(2):
        bounce_mail(actor=actor(owner), ticket=mail.ticket, bounce=filled, now=NOW)
    assert OutboundMessage.objects.count() == 2


def test_what_the_customer_does_not_see_does_not_go_to_them_and_its_own_sender_is_told_by_name(
    mail: Article, queue: Queue, owner: Agent
) -> None:
    queue.salutation = Salutation.objects.create(name="Beste", html="<p>Beste <KVV_CUSTOMER_NAME>,</p>")
    queue.save(update_fields=["salutation"])
    reply = customer_mail(
        from_header="Bram Bos <bram@elders.example>",
        from_address="bram@elders.example",
        raw=store_bytes(RAW),
        is_visible=False,
    )
    add_follow_up(actor=Actor.mail(), ticket=mail.ticket, article=reply, now=NOW)
    hidden = Article.objects.select_related("ticket__queue__salutation").get(is_visible=False)
    with pytest.raises(BadInput, match="klant") as refused:
        send(owner, hidden, to=("Karin <KARIN@post.example>",))
    assert refused.value.field == "to"
    told = prefill_told(ticket=hidden.ticket, mail=hidden, agent=None).html
    assert told.startswith("<p>Beste Bram Bos,</p>")
    assert not OutboundMessage.objects.exists()
    send(owner, hidden, to=("x@elders.example",), tells_sender=True, html="<p>Dag <KVV_CUSTOMER_NAME></p>")
    assert "Dag Bram Bos" in {article.text.strip() for article in Article.objects.filter(direction="out")}


@pytest.mark.parametrize(
    "address", ["karin@post.example", "KARIN@post.example.", "Iemand <Thuis@Post.Example>", "ours", "ours+x"]
)
def test_it_goes_neither_to_us_nor_back_to_its_sender(mail: Article, owner: Agent, address: str) -> None:
    assert mail.ticket.queue.sender is not None
    name, _at, domain = mail.ticket.queue.sender.address.partition("@")
    to = address.replace("ours", name) + (f"@{domain}" if "ours" in address else "")
    with pytest.raises(BadInput) as refusal:
        send(owner, mail, to=("bram@elders.example", to))
    assert refusal.value.field == "to"
    assert not OutboundMessage.objects.exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"raw": None}, "geen e-mail bewaard"),
        ({"direction": Article.Direction.OUT}, "geen e-mail bewaard"),
        ({"raw": b" Bcc: x@y.example\r\n\r\n"}, "beschadigd"),
        ({"raw": b""}, "beschadigd"),
    ],
)
def test_what_is_not_kept_as_it_came_or_has_no_head_cant_be_bounced_and_says_so(
    mail: Article, owner: Agent, changes: dict[str, Any], says: str
) -> None:
    if isinstance(changes.get("raw"), bytes):
        changes = {"raw": store_bytes(changes["raw"])}
    Article.objects.filter(pk=mail.pk).update(**changes)
    kept = Article.objects.select_related("ticket__queue__sender").get(pk=mail.pk)
    with pytest.raises(BadInput, match=says):
        send(owner, kept)


def test_a_mail_of_another_ticket_is_not_there(mail: Article, queue: Queue, owner: Agent) -> None:
    other = make_ticket(queue)
    with pytest.raises(Article.DoesNotExist):
        bounce_mail(actor=actor(owner), ticket=other, bounce=bounce(mail), now=NOW)


def test_without_words_the_sender_is_not_told_and_nothing_leaves(mail: Article, owner: Agent) -> None:
    with pytest.raises(BadInput) as refusal:
        send(owner, mail, tells_sender=True, html="<p> </p>")
    assert refusal.value.field == "text"
    assert not OutboundMessage.objects.exists()


def test_it_is_not_closed_past_a_mail_that_its_writer_has_not_seen(mail: Article, owner: Agent) -> None:
    filled = bounce(mail)
    add_follow_up(actor=Actor.mail(), ticket=mail.ticket, article=customer_mail(), now=NOW)
    with pytest.raises(Ask):
        bounce_mail(actor=actor(owner), ticket=mail.ticket, bounce=filled, now=NOW)
    send(owner, mail, state=state_by_key("open"))
    ticket = Ticket.objects.get(pk=mail.ticket_id)
    assert (ticket.state_type, ticket.locked, ticket.owner) == (StateType.OPEN, True, owner)
