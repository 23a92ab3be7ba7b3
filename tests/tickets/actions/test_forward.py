"""Forwarding: the message with its files to somebody else, and the customer sees nothing of it."""

import uuid
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from typing import Any

import pytest

from accounts.models import Agent
from blobs.store import read_bytes
from outbox.models import OutboundMessage, Recipient
from outbox.undelivered import tell_undelivered
from queues.models import Queue, Signature
from tests.factories import NOW, actor, customer_mail, make_customer, make_ticket, make_upload, stored_file
from tickets.actions.follow_up import add_follow_up
from tickets.actions.forward import Forwarding, forward_message
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.changing.written import Written
from tickets.errors import Ask, BadInput
from tickets.history import history_of
from tickets.kinds import EventKind
from tickets.letters.forwarding import prefill_forward
from tickets.letters.inline_images import for_editor
from tickets.models import Article, StateType, Ticket
from tickets.queries.correspondents import known_correspondents
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key
from tickets.undelivered import note_all_undelivered

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
ODD = bytes(range(256)) * 40 + b"\r\n.\r\nFrom x\n"
MAIL = b"From: a@b.example\r\n\r\nAttached\r\n"


@pytest.fixture
def mail(queue: Queue) -> Article:
    """A mail with two files, one of them a mail, and an image in its text."""
    files = (
        stored_file(ODD, name="één lijst.xlsx", content_type="application/vnd.ms-excel"),
        stored_file(PNG, name="logo.png", content_type="image/png", content_id="logo@x", is_inline=True),
        stored_file(MAIL, name="eerder.eml", content_type="message/rfc822"),
    )
    html = '<p>Hoe <b>gaat</b> dat?</p><img src="cid:logo@x">'
    article = customer_mail(subject="Verzekering", html=html, cc="Mede <mede@post.example>", files=files)
    ticket = make_ticket(queue, customer=make_customer("karin@post.example"), article=article)
    return Article.objects.select_related("ticket__queue__sender").get(ticket=ticket)


def forwarding(mail: Article, **changes: Any) -> Forwarding:
    """The form as it begins, sent to somebody."""
    html = for_editor(mail, address=lambda file: f"/{file.pk}/") if mail.html else ""
    begun = prefill_forward(ticket=mail.ticket, article=mail, agent=None, quoted_html=html)
    filled = Forwarding(
        submission=uuid.uuid4(),
        seen_event=newest_event(mail.ticket).event,
        subject=begun.subject,
        html=begun.html,
        forwarded=mail,
        along=list(mail.attachments.filter(is_inline=False).order_by("pk")),
        to=("Bram Bos <bram@elders.example>",),
        state=state_by_key("closed_successful"),
    )
    return replace(filled, **changes)


def forward(agent: Agent, filled: Forwarding) -> Article:
    assert filled.forwarded is not None
    ticket = filled.forwarded.ticket
    return forward_message(actor=actor(agent), ticket=ticket, forwarding=filled, now=NOW).written


def sent(article: Article) -> EmailMessage:
    assert article.outbound is not None
    return message_from_bytes(read_bytes(article.outbound.mime_id), policy=default)


def digests(mail: EmailMessage) -> set[str]:
    payloads = (part.get_payload(decode=True) for part in mail.walk() if part.get_filename())
    return {sha256(payload).hexdigest() for payload in payloads if isinstance(payload, bytes)}


def digests_of(*data: bytes) -> set[str]:
    return {sha256(each).hexdigest() for each in data}


def test_a_signature_names_no_customer_to_others(mail: Article) -> None:
    mail.ticket.queue.signature = Signature(html="<p>Dag <KVV_CUSTOMER_NAME>, <KVV_TICKET_NUMBER></p>")
    assert str(mail.ticket.customer) == "Karin Klant"
    begun = prefill_forward(ticket=mail.ticket, article=mail, agent=None, quoted_html="").html
    assert f"<p>Dag -, {mail.ticket.number}</p>" in begun


def test_it_is_a_mail_with_the_message_and_every_file_byte_for_byte(mail: Article, owner: Agent) -> None:
    article = forward(owner, forwarding(mail))
    ticket = Ticket.objects.select_related("state").get(pk=mail.ticket_id)
    assert (ticket.state.key, ticket.locked, ticket.owner) == ("closed_successful", False, owner)
    assert (article.is_visible, article.to) == (False, "Bram Bos <bram@elders.example>")
    left = sent(article)
    assert (left["Subject"], left["To"]) == (f"Fwd: [Ticket#{ticket.number}] Verzekering", article.to)
    assert digests(left) == digests_of(ODD, PNG, MAIL)
    assert "één lijst.xlsx" in {part.get_filename() for part in left.walk()}
    text = article.text
    for said in ("karin@post.example", "Mede <mede@post.example>", "24-11-2026 11:00", "Verzekering", "gaat"):
        assert said in text
    assert "<b>gaat</b>" in article.html
    assert "één lijst.xlsx, eerder.eml" in text
    line = history_of([ticket.events.get(kind=EventKind.FORWARDED)])[0]
    assert line.what.endswith(" aan bram@elders.example")


def test_a_second_time_and_with_a_draft_elsewhere_in_between_no_file_is_missing(
    mail: Article, queue: Queue, owner: Agent
) -> None:
    forward(owner, forwarding(mail))
    make_upload(owner, uuid.uuid4(), name="elders.txt")
    filled = forwarding(mail)
    own = make_upload(
        owner, filled.submission, name="foto.png", data=PNG[::-1], is_inline=True, content_type="image/png"
    )
    html = f'<p>Zie <img data-upload="{own.pk}"></p>{filled.html}'
    again = forward(owner, replace(filled, html=html, uploads=(own,)))
    assert digests(sent(again)) == digests_of(ODD, PNG, MAIL, PNG[::-1])


def test_a_conversation_names_at_each_message_which_files_were_its_own(mail: Article, owner: Agent) -> None:
    filled = forwarding(mail, is_visible=True)
    own = make_upload(owner, filled.submission, name="offerte.pdf")
    first = forward(owner, replace(filled, uploads=(own,)))
    again = forward(owner, forwarding(first, along=[first.attachments.get(name="offerte.pdf")]))
    ours, quotation = again.text.split("\n>", 1)
    assert ours.strip().endswith(f"\n\nBijlagen bij het bericht van {first.sender}: offerte.pdf")
    named = "> Bijlagen bij het bericht van Karin Klant: één lijst.xlsx, eerder.eml\n>\n>> Hoe gaat dat?"
    assert named in quotation


def test_what_is_left_out_does_not_leave_in_bytes_or_by_name(mail: Article, owner: Agent) -> None:
    kept = mail.attachments.get(name="eerder.eml")
    article = forward(owner, forwarding(mail, along=[kept], html="<p>Kijk eens.</p>"))
    assert digests(sent(article)) == digests_of(MAIL)
    assert "lijst" not in article.text
    assert "Bijlagen bij het bericht van Karin Klant: eerder.eml" in article.text
    assert "Bijlagen" not in forward(owner, forwarding(mail, along=[])).text


def test_a_file_or_an_image_of_another_message_does_not_go_along(
    mail: Article, queue: Queue, owner: Agent
) -> None:
    files = (stored_file(PNG, name="x.png", content_type="image/png", content_id="x", is_inline=True),)
    hidden = customer_mail(is_visible=False, html='<img src="cid:x">', files=files)
    other = add_follow_up(actor=Actor.mail(), ticket=mail.ticket, article=hidden, now=NOW).written
    foreign = other.attachments.get()
    with pytest.raises(BadInput):
        forward(owner, forwarding(mail, along=[foreign]))
    article = forward(
        owner, forwarding(mail, along=[], html=f'<p>Zo</p><img data-attachment="{foreign.pk}">')
    )
    assert not article.attachments.exists()
    assert forward(owner, forwarding(Article.objects.get(pk=other.pk))).attachments.get().blob == foreign.blob


def test_a_note_is_never_forwarded_and_a_hidden_mail_never_shown(mail: Article, owner: Agent) -> None:
    note = Written(submission=uuid.uuid4(), subject="Onder ons", html="<p>geheim</p>")
    internal = add_note(actor=actor(owner), ticket=mail.ticket, note=note, now=NOW).written
    with pytest.raises(BadInput, match="intern"):
        forward(owner, forwarding(internal, html="<p>Zie</p>"))
    assert not OutboundMessage.objects.exists()
    hidden = add_follow_up(
        actor=Actor.mail(), ticket=mail.ticket, article=customer_mail(is_visible=False), now=NOW
    ).written
    assert not forward(owner, forwarding(hidden, is_visible=True)).is_visible
    assert forward(owner, forwarding(mail, is_visible=True)).is_visible


def test_who_got_it_unseen_stays_unseen_and_nobody_is_answered_there_unasked(
    mail: Article, owner: Agent
) -> None:
    filled = forwarding(mail, cc=("c@elders.example",), bcc=("stil@elders.example",))
    article = forward(owner, filled)
    assert article.outbound is not None
    assert article.outbound.recipients.count() == 3
    assert b"stil@" not in read_bytes(article.outbound.mime_id)
    assert known_correspondents(mail.ticket) == {"karin@post.example"}
    assert (
        "stil@" not in prefill_forward(ticket=mail.ticket, article=article, agent=owner, quoted_html="").html
    )


def test_it_is_not_closed_past_a_mail_that_its_writer_has_not_seen(mail: Article, owner: Agent) -> None:
    filled = forwarding(mail)
    add_follow_up(actor=Actor.mail(), ticket=mail.ticket, article=customer_mail(), now=NOW)
    with pytest.raises(Ask) as asked:
        forward(owner, filled)
    assert forward(owner, replace(filled, anyway=[asked.value.key]))
    opened = replace(filled, submission=uuid.uuid4(), state=state_by_key("open"))
    forward(owner, opened)
    ticket = Ticket.objects.get(pk=mail.ticket_id)
    assert (ticket.state_type, ticket.locked, ticket.owner) == (StateType.OPEN, True, owner)


def test_refused_there_it_opens_its_ticket_and_only_another_forward_deals_with_that(
    mail: Article, owner: Agent
) -> None:
    article, ticket = forward(owner, forwarding(mail)), mail.ticket
    assert article.outbound is not None
    Recipient.objects.filter(message=article.outbound).update(result="refused", reply="550 nobody")
    tell_undelivered(article.outbound, failures={"bram@elders.example": "550 nobody"})
    note_all_undelivered()
    ticket.refresh_from_db()
    assert (ticket.state_type, ticket.undelivered_article) == (StateType.OPEN, article.pk)
    opened = state_by_key("open")
    forward(owner, forwarding(mail, is_visible=True, state=opened))
    ticket.refresh_from_db()
    assert ticket.undelivered_article == article.pk
    forward(owner, forwarding(mail, state=opened))
    ticket.refresh_from_db()
    assert ticket.undelivered_article is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": ()}, "to"),
        ({"to": ("geen adres",)}, "to"),
        ({"bcc": ("nonsens@",)}, "bcc"),
        ({"html": "<p> </p>", "along": []}, "text"),
        ({"forwarded": None}, "forwarded"),
    ],
)
def test_nonsense_is_refused_with_the_field_it_is_in(
    mail: Article, owner: Agent, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        forward_message(
            actor=actor(owner), ticket=mail.ticket, forwarding=forwarding(mail, **changes), now=NOW
        )
    assert refusal.value.field == field
    assert not OutboundMessage.objects.exists()


def test_an_address_of_our_own_is_refused(mail: Article, owner: Agent, other_queue: Queue) -> None:
    assert other_queue.sender is not None
    with pytest.raises(BadInput, match=other_queue.sender.address):
        forward(owner, forwarding(mail, cc=(other_queue.sender.address,)))


def test_a_hostile_message_is_quoted_as_words(queue: Queue, owner: Agent) -> None:
    hostile = customer_mail(
        subject="<script>x</script>\r\nBcc: all@elders.example",
        from_header='"<img src=x onerror=y>" <karin@post.example>',
        text="",
        html="<p>Dag<script>alert(1)</script></p>",
    )
    ticket = make_ticket(queue, article=hostile)
    article = forward(owner, forwarding(Article.objects.get(ticket=ticket)))
    assert "<script" not in article.html
    assert "onerror=" not in article.html.replace("onerror=y&gt;", "")
    assert sent(article)["Bcc"] is None
