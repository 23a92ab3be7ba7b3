"""A ticket that begins with a mail of ours to a customer who has not asked."""

import email
import uuid
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from accounts.models import Agent, Customer
from blobs.store import read_bytes
from mailgate.delivery.deliver import deliver
from outbox.models import OutboundMessage
from queues.models import Queue, Salutation, Signature
from tests.factories import NOW, actor, make_inbound, make_upload
from tickets.actions.new_mail import MailTicket, create_by_mail
from tickets.changing.once import Done
from tickets.errors import BadInput, NotAllowed
from tickets.history import sentences
from tickets.models import Article, Ticket
from tickets.queries.customers import NewCustomer
from tickets.queries.listed import listed
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
KARIN = "karin@post.example"


@pytest.fixture
def signed(queue: Queue) -> Queue:
    queue.salutation = Salutation.objects.create(name="Beste", html="<p>Beste <KVV_CUSTOMER_NAME>,</p>")
    signature = "<p>Groet, <KVV_CURRENT_USERFIRSTNAME> (<KVV_TICKET_NUMBER>)</p>"
    queue.signature = Signature.objects.create(name="Groet", html=signature)
    queue.save(update_fields=["salutation", "signature"])
    return queue


def filled(queue: Queue, customer: Customer | NewCustomer, **changes: Any) -> MailTicket:
    values: dict[str, Any] = {
        "submission": uuid.uuid4(),
        "subject": "Re: Je verzekering",
        "html": "<p>Die loopt af.</p>",
        "address": KARIN,
        "state": state_by_key("open"),
    }
    return MailTicket(queue=queue, customer=customer, **(values | changes))


def make(agent: Agent, new: MailTicket) -> Done:
    return create_by_mail(actor=actor(agent), new=new, now=NOW)


def sent() -> EmailMessage:
    message = email.message_from_bytes(read_bytes(OutboundMessage.objects.get().mime_id), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_it_leaves_as_a_mail_of_the_queue_with_its_signature_and_no_salutation(
    signed: Queue, customer: Customer, owner: Agent
) -> None:
    copies = {"cc": ("mede@post.example",), "bcc": ("stil@post.example",)}
    done = make(owner, filled(signed, customer, **copies))
    mail, number = sent(), done.ticket.number
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines()[:3] == ["Die loopt af.", "", f"Groet, Owner ({number})"]
    assert mail["To"] == f"Karin Klant <{KARIN}>"
    assert signed.sender is not None
    assert signed.sender.address in mail["From"]
    assert (mail["Subject"], mail["Cc"], mail["Bcc"]) == (
        f"[Ticket#{number}] Je verzekering",
        "mede@post.example",
        None,
    )
    assert mail["In-Reply-To"] is None
    recipients = OutboundMessage.objects.get().recipients.values_list("address", flat=True)
    assert set(recipients) == {KARIN, "mede@post.example", "stil@post.example"}


def test_the_ticket_is_open_answered_and_nobodys_news(
    queue: Queue, customer: Customer, owner: Agent, colleague: Agent
) -> None:
    done = make(owner, filled(queue, customer))
    said, ticket = done.written, done.ticket
    assert (said.sender_type, said.channel, said.direction, said.is_visible, said.agent) == (
        Article.SenderType.AGENT,
        Article.Channel.EMAIL,
        Article.Direction.OUT,
        True,
        owner,
    )
    assert said.outbound == OutboundMessage.objects.get()
    assert (ticket.title, ticket.state.key, ticket.owner, ticket.locked) == (
        "Re: Je verzekering",
        "open",
        owner,
        False,
    )
    assert (ticket.first_answer_at, ticket.waits_since, ticket.sender_name) == (NOW, None, "Karin Klant")
    assert not listed(ids=[ticket.pk], actor=actor(colleague))[0].is_unread
    assert f"Per e-mail, aan: Karin Klant <{KARIN}>" in sentences(done.event)


def test_what_the_customer_answers_joins_it(queue: Queue, customer: Customer, owner: Agent) -> None:
    ticket = make(owner, filled(queue, customer)).ticket
    answer = (
        f"From: {KARIN}\r\nSubject: Antw: verzekering\r\nIn-Reply-To: {sent()['Message-ID']}\r\n"
        "Message-ID: <antwoord@post.example>\r\n\r\nDank je.\r\n"
    )
    deliver([make_inbound(answer.encode())])
    assert list(Ticket.objects.all()) == [ticket]
    assert ticket.articles.latest("pk").is_visible


def test_somebody_new_is_a_customer_once_the_mail_is_under_way(queue: Queue, owner: Agent) -> None:
    new = filled(queue, NewCustomer(name="Nina Nieuw", address="nina@post.example"))
    mine = make(owner, filled(queue, new.customer, address="nina@post.example")).ticket
    assert (str(mine.customer), sent()["To"]) == ("Nina Nieuw", "Nina Nieuw <nina@post.example>")


def test_a_picture_in_the_text_and_a_file_go_with_it(queue: Queue, customer: Customer, owner: Agent) -> None:
    submission = uuid.uuid4()
    image = make_upload(owner, submission, name="kaart.png", content_type="image/png", is_inline=True)
    file = make_upload(owner, submission, name="polis.pdf")
    html = f'<p>Zie</p><img data-upload="{image.pk}" src="/uploads/{image.pk}/">'
    done = make(owner, filled(queue, customer, submission=submission, html=html, uploads=(image, file)))
    names = {part.get_filename() for part in sent().walk()} - {None}
    assert names == {"kaart.png", "polis.pdf"}
    assert [kept.is_inline for kept in done.written.attachments.order_by("name")] == [True, False]


def test_the_same_form_twice_is_one_mail(queue: Queue, customer: Customer, owner: Agent) -> None:
    new = filled(queue, customer)
    assert make(owner, new).ticket == make(owner, new).ticket
    assert OutboundMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"html": "<p></p>"}, "text"),
        ({"address": ""}, "customer"),
        ({"address": "ours"}, "customer"),
        ({"cc": ("niemand",)}, "cc"),
        ({"bcc": ("niemand",)}, "bcc"),
    ],
)
def test_what_can_not_be_sent_makes_nothing(
    queue: Queue, owner: Agent, changes: dict[str, Any], field: str
) -> None:
    assert queue.sender is not None
    if changes.get("address") == "ours":
        changes = {"address": queue.sender.address}
    with pytest.raises(BadInput) as refused:
        make(owner, filled(queue, NewCustomer(name="Nina"), **changes))
    assert refused.value.field == field
    assert (Ticket.objects.count(), Customer.objects.count(), OutboundMessage.objects.count()) == (0, 0, 0)


def test_without_the_right_nothing_leaves(queue: Queue, customer: Customer, reader: Agent) -> None:
    with pytest.raises(NotAllowed):
        make(reader, filled(queue, customer))
    assert not OutboundMessage.objects.exists()
