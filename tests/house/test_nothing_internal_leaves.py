"""A canary in everything internal, then all that can be sent is sent, and every byte that left is looked at.

The bytes are those that a real mail server received, each part and header of them decoded.
"""

import base64
import email
import quopri
import uuid
from email.header import decode_header, make_header

import pytest
from aiosmtpd.smtp import Envelope
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agent, Customer, Group
from outbox.models import OutboundMessage, Recipient, Transport
from outbox.send import send_due
from queues.models import Queue, QueuePermission, ResponseTemplate, Salutation, Signature
from tests.factories import (
    NOW,
    actor,
    customer_mail,
    grant,
    make_agent,
    make_free_field,
    make_ticket,
    stored_file,
)
from tests.house.screens import WRITING, address_of
from tests.smtp_server import Server
from tests.webforms.customers import answered, page_of, said
from tickets.actions.follow_up import add_follow_up
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.changing.written import Written
from tickets.free_values import Filled
from tickets.models import Article, FreeField, Ticket, Upload
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

CANARY = "kanarie"
PNG = b"\x89PNG\r\n\x1a\n" + CANARY.encode()


def found_in(raw: bytes) -> list[str]:
    """Where the canary sings: in the raw bytes, a header, or a part, however they are encoded."""
    word, places = CANARY.encode(), []
    if word in raw.lower():
        places.append("raw")
    for part in email.message_from_bytes(raw).walk():
        for name, value in part.items():
            if CANARY in str(make_header(decode_header(str(value)))).lower():
                places.append(name)
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and word in payload.lower():
            places.append(part.get_content_type())
        if CANARY in str(part.get_filename() or "").lower():
            places.append("filename")
    return places


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (f"Subject: {CANARY}\r\n\r\n", "Subject"),
        (f"Subject: =?utf-8?b?{base64.b64encode(CANARY.encode()).decode()}?=\r\n\r\n", "Subject"),
        (
            "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.b64encode(PNG).decode(),
            "image/png",
        ),
        (
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
            + quopri.encodestring(CANARY.encode()).decode().replace("n", "=6E"),
            "text/plain",
        ),
        (f"Content-Disposition: attachment; filename*=utf-8''k%61n{CANARY[3:]}.pdf\r\n\r\n", "filename"),
    ],
)
def test_the_canary_would_be_heard(raw: str, place: str) -> None:
    assert place in found_in(raw.encode())


@pytest.fixture
def house(server: Server, queue: Queue, owner: Agent, colleague: Agent, customer: Customer) -> Queue:
    """Canaries in what agents and admins keep for themselves, and texts of the queue that may leave."""
    Queue.objects.update(comment=CANARY)
    Transport.objects.update(name=CANARY)
    Group.objects.create(name=CANARY, comment=CANARY).agents.add(owner, colleague)
    Agent.objects.filter(pk=colleague.pk).update(
        username=CANARY, first_name=CANARY, last_name=CANARY, email=f"{CANARY}@kvv.example"
    )
    Agent.objects.filter(pk=owner.pk).update(username=f"{CANARY}2", email=f"{CANARY}2@kvv.example")
    customer.phone, customer.username = CANARY, CANARY
    customer.save(update_fields=["phone", "username"])
    queue.salutation = Salutation.objects.create(name=CANARY, html="<p>Beste <KVV_CUSTOMER_NAME>,</p>")
    queue.signature = Signature.objects.create(name=CANARY, html="<p><KVV_CURRENT_USERFIRSTNAME></p>")
    queue.save(update_fields=["salutation", "signature"])
    ResponseTemplate.objects.create(name=f"{CANARY} niet gekozen", html=f"<p>{CANARY}</p>")
    make_ticket(queue, customer=customer, article=customer_mail(subject=CANARY, text=CANARY))
    make_free_field("short", name_nl=CANARY, help_nl=CANARY, on_answer="shown", on_close="shown")
    return queue


@pytest.fixture
def talk(house: Queue, owner: Agent, colleague: Agent, customer: Customer) -> Ticket:
    """A ticket with a mail, notes with files, and a stranger's mail that the customer does not see."""
    picture = stored_file(
        b"\x89PNG\r\n\x1a\n", name="foto.png", content_type="image/png", content_id="foto@post.example",
        is_inline=True,
    )  # fmt: skip
    mail = customer_mail(
        html='<p>Hoe gaat dat?</p><img src="cid:foto@post.example">',
        cc="Mede Lezer <mede@post.example>",
        files=(picture,),
    )
    filled = Filled({FreeField.objects.get().pk: CANARY})
    ticket = make_ticket(house, customer=customer, article=mail, filled=filled)
    hidden = customer_mail(
        subject=CANARY, text=CANARY, html=f"<p>{CANARY}</p>", is_visible=False, warning="unknown_sender",
        from_address=f"{CANARY}@post.example", from_header=f"{CANARY} <{CANARY}@post.example>",
        message_id=f"{CANARY}@post.example",
        files=(
            stored_file(
                PNG, name=f"{CANARY}.png", content_type="image/png", content_id="x", is_inline=True
            ),
        ),
    )  # fmt: skip
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=hidden, now=NOW)
    for agent in (owner, colleague):
        note = Written(submission=uuid.uuid4(), subject=CANARY, html=f"<p>{CANARY}</p>")
        add_note(actor=actor(agent), ticket=ticket, note=note, now=NOW)
    return ticket


def write(client: Client, ticket: Ticket, screen: str, **changes: object) -> str:
    """Send a pop-up's form; gives its identity."""
    seen = newest_event(ticket).event
    form: dict[str, object] = {"submission": str(uuid.uuid4()), "rich": "1", "seen_event": seen}
    answer = client.post(address_of(screen, ticket), form | changes)
    assert answer.status_code == 302, answer.content.decode()
    return str((form | changes)["submission"])


def begun(client: Client, ticket: Ticket, **asked: int | str) -> dict[str, object]:
    """What a fresh answer's form holds, to be sent as it is, with quotation and all."""
    page = client.get(reverse("desk:reply", args=[ticket.number]), asked)
    assert page.status_code == 200
    form = page.context["form"]
    names = ("submission", "to", "cc", "subject", "seen_event", "answered", "html", "text")
    begun = {name: form[name].value() if form[name].value() is not None else "" for name in names}
    to = begun["to"] or "karin@post.example"
    return begun | {
        "rich": "1",
        "kind": "external",
        "state": state_by_key("open").pk,
        "to": to,
        "anyway": "nothing_written",
    }


def sent_on(client: Client, ticket: Ticket, screen: str, article: Article, **changes: str) -> int:
    """What comes of sending a message on as the screen begins, with all that goes along by itself."""
    address = f"{address_of(screen, ticket)}?article={article.pk}"
    form = client.get(address).context["form"]
    names = [name for name in ("submission", "subject", "html", "text", "along") if name in form.fields]
    values = {name: form[name].value() or "" for name in names}
    to = {"to": "bram@elders.example", "rich": "1", "state": state_by_key("open").pk}
    return client.post(address, values | to | changes).status_code


def test_nothing_internal_is_in_any_byte_that_leaves(
    client: Client,
    server: Server,
    house: Queue,
    other_queue: Queue,
    talk: Ticket,
    owner: Agent,
    settings: Settings,
) -> None:
    settings.EMAIL_BACKEND = "outbox.backend.EmailBackend"  # which Django's tests put aside
    grant(owner, other_queue, QueuePermission.Right.ALL)
    Queue.objects.update(comment=CANARY)
    client.force_login(Agent.objects.get(pk=owner.pk))
    question, hidden = talk.articles.filter(sender_type=Article.SenderType.CUSTOMER).order_by("pk")
    note = talk.articles.filter(channel=Article.Channel.NOTE).latest("pk")
    chosen = ResponseTemplate.objects.create(name="Gekozen", html="<p>Dat gaat zo.</p>")
    secret = f'<p>{CANARY}</p><img src="x">'

    # Forms that were never sent, and a file that was taken away again.
    address = reverse("desk:reply", args=[talk.number])
    client.post(address, {"submission": str(uuid.uuid4()), "rich": "1", "html": secret, "add_files": "1"})
    client.post(address, {"submission": str(uuid.uuid4()), "rich": "1", "html": secret, "subject": CANARY})
    file = SimpleUploadedFile(f"{CANARY}.pdf", CANARY.encode())
    first = begun(client, talk, article=question.pk, template=chosen.pk)
    uploads = reverse("desk:reply_files", args=[talk.number])
    client.post(uploads, {"submission": first["submission"], "files": [file]})
    upload = Upload.objects.get()
    client.post(reverse("desk:remove_upload", args=[upload.pk]), {"submission": first["submission"]})

    # Answers by each path: as it began, to everybody, to our own answer, to what is internal, without script.
    bcc = f"{CANARY}.stil@post.example"
    write(client, talk, "reply", **first, bcc=bcc)
    write(client, talk, "reply", **begun(client, talk, article=question.pk, all="1"))
    ours = talk.articles.filter(sender_type=Article.SenderType.AGENT, is_visible=True).latest("pk")
    write(client, talk, "reply", **begun(client, talk, article=ours.pk, all="1"))
    _what_is_internal_is_not_answered_to_the_customer(client, talk, note=note, hidden=hidden)
    plain = begun(client, talk) | {"rich": "", "html": secret}
    write(client, talk, "reply", **plain)

    # Notes of every kind, then answers after them, from here and from another queue.
    inside = {"subject": CANARY, "html": secret, "files": [SimpleUploadedFile(f"{CANARY}.txt", b"kanarie")]}
    for name, row in WRITING.items():
        if not row.sends:
            write(client, talk, name, **row.fill(talk, other_queue) | inside)
    write(client, talk, "reply", **begun(client, talk))
    add_follow_up(
        actor=Actor.mail(), ticket=talk, article=customer_mail(references=question.message_id), now=NOW
    )
    write(client, talk, "reply", **begun(client, talk))

    # Forwarded, whoever wrote it; but no note. Bounced, with a word to the sender.
    for article in (question, ours):
        assert sent_on(client, talk, "forward", article) == 302
    assert sent_on(client, talk, "forward", note) == 422
    assert sent_on(client, talk, "forward", question, subject=CANARY, to="geen adres") == 422
    assert sent_on(client, talk, "bounce", question, tells_sender="on") == 302

    # A mail that makes a ticket of its own.
    new = {"subject": "Nieuws", "html": "<p>Dat gaat zo.</p>", "bcc": bcc}
    write(client, talk, "new_email", **WRITING["new_email"].fill(talk, other_queue) | new)

    # A forgotten password.
    admin = make_agent("vergeetachtig")
    Client().post(reverse("account_reset_password"), {"email": admin.email})

    send_due()
    assert OutboundMessage.objects.exclude(state=OutboundMessage.SENT).count() == 0
    assert len(server.taken) == OutboundMessage.objects.count() == 15
    heard = [(mail.subject, found_in(row.original_content or b"")) for mail, row in _pairs(server)]
    assert [result for result in heard if result[1]] == []
    _bcc_gets_the_mail_and_is_in_nobodys(server, bcc)


def test_nothing_internal_is_on_a_customers_own_page(talk: Ticket, owner: Agent) -> None:
    answered(talk, owner)
    Queue.objects.update(link_suffices=True)
    Article.objects.update(created=timezone.now())
    page = said(Client().get(page_of(talk)))
    assert [words in page for words in ("Hoe gaat dat?", "Zo gaat dat.", CANARY)] == [True, True, False]


def _what_is_internal_is_not_answered_to_the_customer(
    client: Client, talk: Ticket, *, note: Article, hidden: Article
) -> None:
    zo, karin = {"html": "<p>Zo.</p>"}, {"to": "karin@post.example"}
    write(client, talk, "reply", **begun(client, talk, article=note.pk, all="1") | zo)
    assert CANARY not in str(begun(client, talk, article=note.pk)["html"])
    form = begun(client, talk, article=hidden.pk, all="1") | karin
    assert client.post(address_of("reply", talk), form).status_code == 422
    image = hidden.attachments.get()
    named = f'<p>Zie</p><img data-attachment="{image.pk}"><img src="cid:{image.content_id}">'
    write(client, talk, "reply", **begun(client, talk) | {"html": named})


def _pairs(server: Server) -> list[tuple[OutboundMessage, Envelope]]:
    by_id = {mail.message_id: mail for mail in OutboundMessage.objects.all()}
    mails = []
    for envelope in server.taken:
        head = email.message_from_bytes(envelope.original_content or b"")
        message_id = head["Resent-Message-ID"] or head["Message-ID"]
        mails.append((by_id[str(message_id).strip("<>")], envelope))
    return mails


def _bcc_gets_the_mail_and_is_in_nobodys(server: Server, bcc: str) -> None:
    got = [envelope for envelope in server.taken if bcc in envelope.rcpt_tos]
    assert len(got) == Recipient.objects.filter(address=bcc).count() == 2
    for envelope in server.taken:
        raw = envelope.original_content or b""
        assert b"bcc" not in {name.lower().encode() for name in email.message_from_bytes(raw)}
        assert bcc.encode() not in raw
