"""Automatic answers: from a mail that came in to what leaves, or to a line in the history that says why."""

import base64
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent, CustomerAddress
from blobs.store import read_bytes
from mailgate.autoresponse.answers import forget_sent
from mailgate.delivery.deliver import deliver
from mailgate.delivery.follow_up import read_participants
from mailgate.intake import Arrival, take_in_many
from mailgate.models import AutoResponseSent, InboundMessage
from mailgate.tasks import autoresponse
from outbox.addresses import read_addresses
from outbox.models import OutboundMessage
from queues.models import AutoResponse, MailAddress, Queue
from tests.factories import (
    NOW,
    actor,
    customer_mail,
    make_auto_response,
    make_customer,
    make_queue,
    make_ticket,
)
from tickets.actions.close import close_ticket
from tickets.actions.create import create_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.changing.written import Written
from tickets.kinds import EventKind, Withheld
from tickets.letters.answering import answer_to
from tickets.models import Article, Event, EventTask, Ticket
from tickets.states import state_by_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_told")]


def sent() -> EmailMessage:
    """The one mail that is leaving."""
    return message_from_bytes(read_bytes(OutboundMessage.objects.get().mime_id), policy=default)


def withheld() -> str:
    """Why nothing leaves: the history says so, and no task is left."""
    assert not OutboundMessage.objects.exists()
    assert not EventTask.objects.exists()
    return str(Event.objects.get(kind=EventKind.AUTO_WITHHELD).changes["withheld"][1]["id"])


def closed(ticket: Ticket, owner: Agent) -> Ticket:
    close_ticket(
        actor=actor(owner),
        ticket=ticket,
        state=state_by_key("closed_successful"),
        note=Written(submission=uuid4(), subject="Klaar", html="<p>Klaar</p>"),
        now=NOW,
    )
    ticket.refresh_from_db()
    return ticket


def test_a_new_ticket_is_answered_by_the_queues_text(queue: Queue) -> None:
    make_auto_response(
        queue, html="<p>Dank je, <KVV_CUSTOMER_REALNAME>!</p><p>&lt;KVV_CUSTOMER_EMAIL[1]&gt;</p>"
    )
    mail = customer_mail(subject="Hoe lang <b>duurt</b> de hike?", text="Eén <script>\nTwee")
    ticket = make_ticket(queue, article=mail)
    before = model_to_dict(Ticket.objects.get())
    assert autoresponse() == 1
    left = sent()
    assert queue.sender is not None
    assert (left["To"], left["From"]) == (
        "Karin Klant <karin@post.example>",
        f"Spel <{queue.sender.address}>",
    )
    assert left["Subject"] == f"[Ticket#{ticket.number}] Gelezen: Hoe lang <b>duurt</b> de hike?"
    assert left["In-Reply-To"] == left["References"] == f"<{mail.message_id}>"
    assert (left["Auto-Submitted"], left["Precedence"]) == ("auto-replied", "bulk")
    assert (left["X-Loop"], left["X-Auto-Response-Suppress"]) == ("kvv", "All")
    html, plain = left.get_body(("html",)), left.get_body(("plain",))
    assert html is not None
    assert plain is not None
    assert "Dank je, Karin Klant!" in html.get_content()
    assert "&gt; Eén &lt;script&gt;" in html.get_content()
    assert "Twee" not in html.get_content()
    assert "> Eén <script>" in plain.get_content()
    outbound = OutboundMessage.objects.get()
    assert outbound.sender == ""
    assert [str(each) for each in outbound.recipients.all()] == ["karin@post.example"]
    _stays_as_it_was(before)


def _stays_as_it_was(before: dict[str, Any]) -> None:
    after = model_to_dict(Ticket.objects.get())
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"changed", "article_count"}
    article = Article.objects.latest("pk")
    assert (article.sender_type, article.direction, article.is_visible) == ("system", "out", True)
    event = Event.objects.get(kind=EventKind.AUTO_RESPONDED)
    assert event.article == article
    assert not EventTask.objects.exists()


def test_without_a_text_nothing_leaves_and_nothing_is_told(queue: Queue) -> None:
    make_auto_response(make_queue())
    make_auto_response(queue, kind=AutoResponse.Kind.FOLLOW_UP)
    make_ticket(queue)
    autoresponse()
    assert not OutboundMessage.objects.exists()
    assert not EventTask.objects.exists()
    assert [event.kind for event in Event.objects.all()] == [EventKind.CREATED]


def test_each_kind_has_its_own_text(queue: Queue, ticket: Ticket, owner: Agent) -> None:
    for kind in AutoResponse.Kind:
        make_auto_response(queue, kind=kind, subject=kind.value)
    autoresponse()
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    autoresponse()
    closed(ticket, owner)
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW, reopen=False)
    autoresponse()
    make_ticket(queue, instead_of=ticket)
    autoresponse()
    subjects = [message.subject.split("] ")[1] for message in OutboundMessage.objects.order_by("pk")]
    assert subjects == ["new_ticket", "follow_up", "reject", "new_after_closed"]


def test_reply_to_gets_it_and_of_several_the_first(queue: Queue) -> None:
    make_auto_response(queue)
    make_ticket(queue, article=customer_mail(reply_to="Piet <Piet@post.example>, b@post.example"))
    autoresponse()
    assert sent()["To"] == "Piet <Piet@post.example>"
    assert [str(each) for each in OutboundMessage.objects.get().recipients.all()] == ["Piet@post.example"]


def test_a_stranger_in_a_ticket_learns_nothing_of_it(queue: Queue, ticket: Ticket) -> None:
    tags = "<KVV_TICKET_TITLE> <KVV_CUSTOMER_REALNAME> <KVV_CUSTOMER_DATA_USERLASTNAME>"
    make_auto_response(queue, kind="reject", html=f"<p>{tags}</p>")
    stranger = "vreemd@post.example"
    mail = customer_mail(from_header=stranger, from_address=stranger, is_visible=False)
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW, reopen=False)
    autoresponse()
    body = sent().get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "- vreemd@post.example -"
    assert not Article.objects.latest("pk").is_visible


DATA = "<KVV_TICKET_TITLE>|<KVV_CUSTOMER_DATA_USERLASTNAME>"


@pytest.mark.parametrize(
    ("reply_to", "expected"),
    [
        ("ik@elders.example", "-|-"),
        ("Karin Klant <karin@post.example>, ik@elders.example", "Geheim|Klant"),
        ("karin@werk.example", "Geheim|Klant"),
        ("", "Geheim|Klant"),
    ],
)
def test_a_reply_to_somebody_else_tells_them_nothing_of_the_ticket(
    queue: Queue, reply_to: str, expected: str
) -> None:
    karin = make_customer("karin@post.example")
    CustomerAddress.objects.create(customer=karin, address="karin@werk.example")
    ticket = make_ticket(queue, customer=karin, title="Geheim")
    make_auto_response(queue, kind="follow_up", html=f"<p>{DATA}</p>")
    add_follow_up(
        actor=Actor.mail(), ticket=ticket, article=customer_mail(reply_to=reply_to, subject="Hoi"), now=NOW
    )
    autoresponse()
    body = sent().get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == expected


def test_who_wants_the_answer_elsewhere_is_told_the_subject_they_wrote(queue: Queue) -> None:
    make_auto_response(queue, html=f"<p>{DATA}</p>")
    karin = make_customer("karin@post.example")
    mail = customer_mail(reply_to="ik@elders.example", subject="Hoi")
    make_ticket(queue, customer=karin, title="Hoi", article=mail)
    autoresponse()
    body = sent().get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Hoi|-"


def test_brackets_without_an_end_are_answered_as_any_mail(queue: Queue) -> None:
    make_auto_response(queue)
    header = f"karin@post.example {'(' * 950}"
    article = make_ticket(queue, article=customer_mail(from_header=header)).articles.get()
    autoresponse()
    assert sent()["To"] == "karin@post.example"
    assert answer_to(article=article, ticket=article.ticket, reply_all=True).to == ("karin@post.example",)
    assert read_participants([article.ticket]).has("karin@post.example", ticket=article.ticket)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sender_type": "system", "is_automatic": True}, Withheld.BOUNCE),
        ({"is_automatic": True}, Withheld.AUTOMATIC),
        ({"wants_no_answer": True}, Withheld.UNWANTED),
        ({"authentication": "dmarc=pass spf=fail"}, Withheld.UNPROVEN),
        ({"from_header": "Karin"}, Withheld.NO_ADDRESS),
        ({"from_header": "karin@"}, Withheld.NO_ADDRESS),
        ({"from_header": "<karin@po st>"}, Withheld.NO_ADDRESS),
        ({"from_header": "Post <MAILER-DAEMON@post.example>"}, Withheld.MACHINE),
        ({"from_header": "postmaster@post.example"}, Withheld.MACHINE),
        ({"from_header": "abuse@post.example"}, Withheld.MACHINE),
        ({"from_header": "nieuws-no-reply@post.example"}, Withheld.MACHINE),
        ({"from_header": "noreply+x@post.example"}, Withheld.MACHINE),
        ({"reply_to": "donotreply@post.example"}, Withheld.MACHINE),
    ],
)
def test_who_is_not_answered_and_why(queue: Queue, changes: dict[str, Any], reason: Withheld) -> None:
    make_auto_response(queue)
    make_ticket(queue, article=customer_mail(**changes))
    autoresponse()
    assert withheld() == reason


@pytest.mark.parametrize("address", ["noreplyman@post.example", "postma@post.example", "abused@post.example"])
def test_names_that_only_look_like_a_machines_are_answered(queue: Queue, address: str) -> None:
    make_auto_response(queue)
    make_ticket(queue, article=customer_mail(from_header=address))
    autoresponse()
    assert sent()["To"] == address


def test_our_own_addresses_are_not_answered_in_whatever_case(queue: Queue) -> None:
    make_auto_response(queue)
    sender = make_queue().sender
    assert sender is not None
    make_ticket(queue, article=customer_mail(from_header=f"Ons <{sender.address.upper()}>"))
    autoresponse()
    assert withheld() == Withheld.OURS


@pytest.mark.parametrize("own", ["Ons <QUEUE+x@kvv.example>", "queue@kvv.example"])
def test_a_reply_to_that_leads_to_us_is_passed_over_for_who_wrote(queue: Queue, own: str) -> None:
    make_auto_response(queue)
    Queue.objects.filter(pk=queue.pk).update(sender=MailAddress.objects.create(address="queue@kvv.example"))
    make_ticket(queue, article=customer_mail(reply_to=own))
    autoresponse()
    assert sent()["To"] == "Karin Klant <karin@post.example>"


@pytest.mark.parametrize("odd", ["jan..jansen@docomo.example", ".jan@post.example", "jan@intranet"])
def test_an_odd_address_is_answered_and_the_mail_server_decides(queue: Queue, odd: str) -> None:
    make_auto_response(queue)
    make_ticket(queue, article=customer_mail(from_header=f"Jan <{odd}>"))
    autoresponse()
    assert sent()["To"] == f"Jan <{odd}>"


def test_a_queue_without_a_sender_says_so(queue: Queue) -> None:
    make_auto_response(queue)
    Queue.objects.filter(pk=queue.pk).update(sender=None)
    make_ticket(queue)
    autoresponse()
    assert withheld() == Withheld.NO_SENDER


def test_a_ticket_that_is_closed_by_now_gets_no_welcome(queue: Queue, ticket: Ticket, owner: Agent) -> None:
    make_auto_response(queue)
    closed(ticket, owner)
    autoresponse()
    assert withheld() == Withheld.CLOSED


def test_a_call_and_a_note_are_not_answered(queue: Queue) -> None:
    make_auto_response(queue)
    make_ticket(queue, article=customer_mail(channel="phone"))
    make_ticket(queue, article=customer_mail(channel="note", direction="internal"))
    autoresponse()
    assert not OutboundMessage.objects.exists()
    assert not Event.objects.filter(kind=EventKind.AUTO_WITHHELD).exists()


def test_an_address_gets_so_many_a_day_whatever_name_stands_before_it(queue: Queue, settings: Any) -> None:
    settings.AUTO_RESPONSES_PER_ADDRESS = 2
    make_auto_response(queue)
    for header in ("A <x@post.example>", "B <X@Post.example>", "x@post.example"):
        make_ticket(queue, article=customer_mail(from_header=header))
        autoresponse()
    assert OutboundMessage.objects.count() == 2
    refused = Event.objects.get(kind=EventKind.AUTO_WITHHELD).changes["withheld"][1]
    assert refused == {"id": Withheld.ENOUGH_FOR_ADDRESS, "label": "x@post.example"}
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        make_ticket(queue, article=customer_mail(from_header="x@post.example"))
        autoresponse()
    assert OutboundMessage.objects.count() == 3


def test_a_ticket_sends_so_many_a_day_whoever_writes(queue: Queue, ticket: Ticket) -> None:
    make_auto_response(queue, kind="follow_up")
    for n in range(5):
        mail = customer_mail(from_header=f"n{n}@post.example")
        add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW)
        autoresponse()
    assert OutboundMessage.objects.count() == 3
    reasons = Event.objects.filter(kind=EventKind.AUTO_WITHHELD).values_list(
        "changes__withheld__1__id", flat=True
    )
    assert list(reasons) == [Withheld.ENOUGH_IN_TICKET] * 2


def test_the_history_tells_in_words_what_left_and_what_did_not(
    queue: Queue, owner: Agent, client: Client
) -> None:
    make_auto_response(queue, name="Ontvangen")
    tickets = [make_ticket(queue), make_ticket(queue, article=customer_mail(is_automatic=True))]
    autoresponse()
    client.force_login(owner)
    answered, refused = (
        client.get(reverse("desk:history", args=[ticket.number])).content.decode() for ticket in tickets
    )
    assert "Automatisch antwoord: Ontvangen → Karin Klant &lt;karin@post.example&gt;" in answered
    assert "Geen automatisch antwoord" in refused
    reason = "Niet verstuurd: het bericht komt van een machine"
    assert f"{reason} (Karin Klant &lt;karin@post.example&gt;)" in refused


def test_what_no_limit_counts_any_more_is_forgotten(queue: Queue) -> None:
    make_auto_response(queue)
    make_ticket(queue)
    autoresponse()
    forget_sent(now=timezone.now() + timedelta(hours=47))
    assert AutoResponseSent.objects.count() == 1
    forget_sent(now=timezone.now() + timedelta(hours=49))
    assert not AutoResponseSent.objects.exists()


def test_what_an_import_tells_is_no_news(queue: Queue) -> None:
    create_ticket(
        actor=Actor(kind=Event.ActorKind.IMPORT),
        queue=queue,
        title="Oud",
        customer=None,
        article=customer_mail(),
        now=NOW,
    )
    assert Event.objects.exists()
    assert not EventTask.objects.exists()


@pytest.mark.parametrize("length", [950, 984, 999, 1500])
def test_a_sender_with_a_very_long_name_is_answered_all_the_same(queue: Queue, length: int) -> None:
    """The name is cut, not the address behind it."""
    make_auto_response(queue)
    name = base64.b64encode(b"x" * length).decode()
    raw = f"From: =?utf-8?b?{name}?= <karin@post.example>\r\nMessage-ID: <a@post.example>\r\n\r\nHoi\r\n"
    arrival = Arrival(raw=raw.encode(), way=InboundMessage.Way.PIPE, queue=queue)
    deliver(take_in_many([arrival], lease=uuid4()))
    autoresponse()
    assert sent()["To"].addresses[0].addr_spec == "karin@post.example"
    answered = Article.objects.get(direction=Article.Direction.IN)
    assert "karin@post.example" in answer_to(article=answered, ticket=answered.ticket, reply_all=False).to[0]


def test_of_many_addresses_in_reply_to_none_is_cut_in_two(queue: Queue) -> None:
    """A form of ours says there whom to answer."""
    many = ", ".join(f"{'x' * 200} <k{n}@post.example>" for n in range(9))
    raw = f"From: karin@post.example\r\nReply-To: {many}\r\nMessage-ID: <a@post.example>\r\n\r\nHoi\r\n"
    arrival = Arrival(raw=raw.encode(), way=InboundMessage.Way.PIPE, queue=queue)
    deliver(take_in_many([arrival], lease=uuid4()))
    kept = read_addresses(Article.objects.get().reply_to)
    assert kept == [("x" * 200, f"k{n}@post.example") for n in range(4)]
