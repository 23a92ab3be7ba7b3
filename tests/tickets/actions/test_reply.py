"""Answering: article, mail, state and event in one, once, and only by who may."""

import uuid
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from accounts.models import Agent
from blobs.store import read_bytes
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.factories import NOW, actor, answer, customer_mail, make_customer, make_upload, stored_file
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket
from tickets.actions.reply import reply_to_ticket
from tickets.actor import Actor
from tickets.errors import Ask, BadInput, LockedByOther, NotAllowed
from tickets.kinds import EventKind
from tickets.letters.answering import answer_to
from tickets.models import Article, Event, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def sent_mail(article: Article) -> EmailMessage:
    assert article.outbound is not None
    return message_from_bytes(read_bytes(article.outbound.mime_id), policy=default)


def test_an_answer_is_an_article_a_mail_a_state_and_one_event(ticket: Ticket, owner: Agent) -> None:
    article = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket), now=NOW).written
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.locked, ticket.owner) == ("closed_successful", False, owner)
    assert ticket.closed_at == NOW
    assert article.subject == f"Re: [Ticket#{ticket.number}] Vraag"
    assert Event.objects.get(kind=EventKind.ANSWERED).article == article
    mail = sent_mail(article)
    question = ticket.articles.order_by("pk")[0]
    assert mail["In-Reply-To"] == f"<{question.message_id}>"
    assert mail["References"] == f"<{question.message_id}>"
    assert mail["Message-ID"] == f"<{article.message_id}>"
    assert ticket.queue.sender is not None
    assert ticket.queue.sender.address in mail["From"]


def test_an_answer_that_leaves_it_open_locks_it_for_who_answered(ticket: Ticket, owner: Agent) -> None:
    reply_to_ticket(
        actor=actor(owner), ticket=ticket, answer=answer(ticket, state=state_by_key("open")), now=NOW
    )
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.locked, ticket.owner) == ("open", True, owner)


def test_the_same_form_twice_makes_one_answer(ticket: Ticket, owner: Agent) -> None:
    filled = answer(ticket)
    first = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW)
    assert reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW) == first
    assert OutboundMessage.objects.count() == 1


def test_a_newer_mail_of_the_customer_is_shown_before_anything_is_sent(ticket: Ticket, owner: Agent) -> None:
    filled = answer(ticket)
    newer = add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    with pytest.raises(Ask) as ask:
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW)
    assert ask.value.key == f"unseen:{newer.event.pk}"
    assert list(ask.value.details) == [newer.article]
    assert not OutboundMessage.objects.exists()
    anyway = replace(filled, anyway=[ask.value.key])
    assert reply_to_ticket(actor=actor(owner), ticket=ticket, answer=anyway, now=NOW)


def test_a_ticket_that_a_colleague_locked_is_left_alone(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    with pytest.raises(LockedByOther):
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket), now=NOW)


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_who_may_not_is_refused_and_nothing_leaves(
    ticket: Ticket, who: str, request: pytest.FixtureRequest
) -> None:
    agent = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        reply_to_ticket(actor=actor(agent), ticket=ticket, answer=answer(ticket), now=NOW)
    assert not OutboundMessage.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": ()}, "to"),
        ({"to": ("geen adres",)}, "to"),
        ({"cc": ("a@post.example", "nonsens@")}, "cc"),
        ({"html": "<p> </p>"}, "text"),
        ({"state": "pending_reminder"}, "pending_until"),
        ({"to": tuple(f"a{n}@post.example" for n in range(60))}, "to"),
        ({"is_visible": False}, "to"),
        ({"is_visible": False, "to": ("a@post.example",), "bcc": ("K <KARIN@post.example>",)}, "bcc"),
    ],
)
def test_nonsense_is_refused_with_the_field_it_is_in(
    ticket: Ticket, owner: Agent, changes: dict[str, Any], field: str
) -> None:
    if "state" in changes:
        changes = {"state": state_by_key(changes["state"])}
    with pytest.raises(BadInput) as refusal:
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket, **changes), now=NOW)
    assert refusal.value.field == field
    assert not OutboundMessage.objects.exists()


def test_an_address_of_our_own_is_refused(ticket: Ticket, owner: Agent, other_queue: Queue) -> None:
    assert other_queue.sender is not None
    filled = answer(ticket, cc=(other_queue.sender.address,))
    with pytest.raises(BadInput, match=other_queue.sender.address):
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW)


def test_bcc_gets_the_mail_but_is_not_in_it(ticket: Ticket, owner: Agent) -> None:
    filled = answer(ticket, bcc=("geheim@post.example",))
    article = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW).written
    assert article.outbound is not None
    assert set(article.outbound.recipients.values_list("address", flat=True)) == {
        "karin@post.example",
        "geheim@post.example",
    }
    assert b"geheim" not in read_bytes(article.outbound.mime_id)


def test_what_is_asked_of_others_is_no_answer_to_the_customer(ticket: Ticket, owner: Agent) -> None:
    filled = answer(ticket, is_visible=False, to=("expert@elders.example",), state=state_by_key("open"))
    article = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW).written
    ticket.refresh_from_db()
    assert (article.is_visible, ticket.first_answer_at, ticket.waits_since) == (False, None, ticket.created)
    assert sent_mail(article)["To"] == "expert@elders.example"


def test_whose_the_ticket_has_become_meanwhile_gets_nothing_that_is_kept_from_the_customer(
    ticket: Ticket, owner: Agent
) -> None:
    new = make_customer("expert@elders.example")
    Ticket.objects.filter(pk=ticket.pk).update(customer=new)
    filled = answer(ticket, is_visible=False, to=("expert@elders.example",))
    with pytest.raises(BadInput) as refused:
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW)
    assert (refused.value.field, OutboundMessage.objects.count()) == ("to", 0)


def test_who_asked_in_a_ticket_of_no_customer_gets_nothing_that_is_kept_from_the_customer(
    ticket: Ticket, owner: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(customer=None)
    expert = customer_mail(
        from_header="expert@elders.example",
        from_address="expert@elders.example",
        cc="Karin <KARIN@post.example>",
        is_visible=False,
    )
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=expert, now=NOW)
    ticket, hidden = Ticket.objects.get(pk=ticket.pk), ticket.articles.latest("pk")
    to = answer_to(article=hidden, ticket=ticket, reply_all=True)
    assert to.to == ("expert@elders.example",)
    assert "karin" not in str(to).lower()
    filled = answer(ticket, answered=hidden, to=("karin@post.example",))
    with pytest.raises(BadInput) as refused:
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW)
    assert (refused.value.field, OutboundMessage.objects.count()) == ("to", 0)


def test_files_leave_with_it_and_those_of_another_form_do_not(ticket: Ticket, owner: Agent) -> None:
    filled = answer(ticket)
    mine = make_upload(owner, filled.submission, data=b"inhoud")
    foreign = make_upload(owner, uuid.uuid4())
    with pytest.raises(BadInput):
        reply_to_ticket(
            actor=actor(owner), ticket=ticket, answer=replace(filled, uploads=(foreign,)), now=NOW
        )
    filled = replace(filled, uploads=(mine,))
    article = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW).written
    assert [file.name for file in article.attachments.all()] == ["bijlage.txt"]
    assert [part.get_filename() for part in sent_mail(article).iter_attachments()] == ["bijlage.txt"]


def test_images_of_the_quoted_mail_become_parts_of_ours_and_foreign_ones_vanish(
    queue: Queue, owner: Agent, ticket: Ticket
) -> None:
    mail = customer_mail(
        files=(stored_file(b"\x89PNG", name="logo.png", content_type="image/png", content_id="x"),)
    )
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW)
    ticket.refresh_from_db()
    image = ticket.articles.order_by("-pk")[0].attachments.get()
    html = (
        f'<p>Kijk <img data-attachment="{image.pk}" src="/x/"> <img data-attachment="999999" src="/y/"></p>'
    )
    filled = answer(ticket, html=html)
    article = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW).written
    inline = article.attachments.get()
    assert inline.is_inline
    assert f"cid:{inline.content_id}" in article.html
    assert "/y/" not in article.html


def test_script_in_an_answer_does_not_leave(ticket: Ticket, owner: Agent) -> None:
    filled = answer(ticket, html="<p>Dag<script>alert(1)</script></p>")
    article = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW).written
    assert "script" not in sent_mail(article).as_string()
