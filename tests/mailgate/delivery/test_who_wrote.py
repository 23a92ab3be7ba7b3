"""What becomes of a mail by who wrote it: a machine, a stranger, or somebody whom the ticket knows."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent, CustomerAddress
from blobs.store import read_bytes
from mailgate.delivery.deliver import deliver
from mailgate.delivery.follow_up import read_participants
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.tasks import autoresponse
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.factories import (
    NOW,
    actor,
    answer,
    customer_mail,
    make_auto_response,
    make_queue,
    make_ticket,
)
from tickets.actions.reply import reply_to_ticket
from tickets.letters.answering import answer_to
from tickets.models import Article, Event, StateType, Ticket, TicketLink
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
KARIN, STRANGER = "karin@post.example", "vreemd@post.example"
POSTMASTER, DAEMON = "postmaster@club.example", "mail-daemon@club.example"


def comes_in(queue: Queue, *headers: str, sender: str = KARIN, subject: str = "De hike") -> Article:
    """A mail for this queue, and the article that it became; one of the headers may be a From of its own."""
    written_by = [] if any(header.startswith("From: ") for header in headers) else [f"From: {sender}"]
    lines = [*written_by, f"Subject: {subject}", f"Message-ID: <{uuid4()}@post.example>", *headers]
    raw = "\r\n".join([*lines, "", "Hoi", ""]).encode()
    deliver(take_in_many([Arrival(raw=raw, way=InboundMessage.Way.PIPE, queue=queue)], lease=uuid4()))
    return Article.objects.select_related("ticket__queue", "ticket__state").latest("pk")


@pytest.fixture
def answered(queue: Queue, owner: Agent) -> Article:
    """Our answer, by which a ticket was closed; a colleague and two servers' addresses got it in Bcc."""
    ticket = comes_in(queue).ticket
    written = answer(ticket, to=(KARIN,), bcc=("collega@post.example", POSTMASTER, DAEMON))
    return reply_to_ticket(actor=actor(owner), ticket=ticket, answer=written, now=NOW).written


def number(answered: Article) -> str:
    return f"Re: [Ticket#{answered.ticket.number}] De hike"


def state_of(answered: Article) -> str:
    return Ticket.objects.get(pk=answered.ticket_id).state_type


@pytest.mark.parametrize(
    ("header", "state"),
    [
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", StateType.OPEN),
        ("Precedence: list", StateType.OPEN),
        ("List-Id: <x.example>", StateType.OPEN),
        ("X-Loop: y", StateType.OPEN),
        (f"From: Piet <{POSTMASTER}>", StateType.OPEN),
        (f"From: Piet <{DAEMON}>", StateType.CLOSED),
        ("Auto-Submitted: auto-replied", StateType.CLOSED),
        ("X-Autoreply: yes", StateType.CLOSED),
        ("X-Apple-Action: VACATION", StateType.CLOSED),
    ],
)
def test_only_what_a_machine_claims_to_have_written_leaves_a_closed_ticket_closed(
    queue: Queue, answered: Article, header: str, state: str
) -> None:
    make_auto_response(queue, kind="follow_up")
    joined = comes_in(queue, header, subject=number(answered))
    assert (joined.ticket_id, state_of(answered)) == (answered.ticket_id, state)
    before = OutboundMessage.objects.count()
    autoresponse()
    assert OutboundMessage.objects.count() == before


@pytest.mark.parametrize(("key", "which"), [("closed_successful", "gesloten"), ("pending_reminder", "open")])
def test_a_list_shows_that_a_closed_or_waiting_ticket_got_mail(
    queue: Queue, client: Client, owner: Agent, key: str, which: str
) -> None:
    client.force_login(owner)
    ticket = comes_in(queue).ticket
    written = answer(ticket, to=(KARIN,), state=state_by_key(key), pending_until=NOW + DAY)
    answered = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=written, now=NOW).written
    client.get(reverse("desk:zoom", args=[ticket.number]))
    page = reverse("desk:status", args=[which])
    assert "nieuwe e-mail" not in client.get(page).content.decode()
    comes_in(queue, "Auto-Submitted: auto-replied", subject=number(answered))
    assert "nieuwe e-mail" in client.get(page).content.decode()
    client.get(reverse("desk:zoom", args=[answered.ticket.number]))
    assert "nieuwe e-mail" not in client.get(page).content.decode()


@pytest.mark.parametrize("policy", [Queue.FollowUp.POSSIBLE, Queue.FollowUp.NEW_TICKET])
def test_a_stranger_who_names_a_closed_ticket_gets_a_new_one_and_learns_nothing(
    queue: Queue, other_queue: Queue, answered: Article, client: Client, owner: Agent, policy: str
) -> None:
    Queue.objects.update(follow_up=policy)
    for kind in ("new_ticket", "follow_up", "new_after_closed"):
        make_auto_response(queue, kind=kind, subject=kind, html="<p><KVV_TICKET_TITLE></p>")
    article = comes_in(other_queue, sender=STRANGER, subject=f"Re: [Ticket#{answered.ticket.number}] Foto")
    ticket = article.ticket
    assert (ticket.queue, ticket.state_type, ticket.title) == (queue, StateType.NEW, "Re: Foto")
    assert ticket.customer is not None
    assert str(ticket.customer.addresses.get()) == STRANGER
    assert state_of(answered) == StateType.CLOSED
    link = TicketLink.objects.get()
    assert (link.source_id, link.target, link.kind) == (answered.ticket_id, ticket, "follow_up")
    autoresponse()
    sent = OutboundMessage.objects.latest("pk")
    assert sent.subject == f"[Ticket#{ticket.number}] new_ticket"
    assert answered.ticket.number.encode() not in read_bytes(sent.mime_id)
    client.force_login(owner)
    page = client.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
    assert "Mogelijk vervolg op" in page
    assert reverse("desk:zoom", args=[answered.ticket.number]) in page
    for each, other in ((ticket, answered.ticket), (answered.ticket, ticket)):
        assert other.number in client.get(reverse("desk:history", args=[each.number])).content.decode()


def test_where_follow_ups_are_refused_a_strangers_is_too(queue: Queue, answered: Article) -> None:
    Queue.objects.update(follow_up=Queue.FollowUp.REJECT)
    article = comes_in(queue, sender=STRANGER, subject=number(answered))
    assert (article.ticket_id, article.is_visible) == (answered.ticket_id, False)
    assert state_of(answered) == StateType.CLOSED


@pytest.mark.parametrize("how", ["customer", "second address", "Bcc", "signed id", "id and no number"])
def test_who_is_no_stranger_opens_a_closed_ticket_as_before(
    queue: Queue, answered: Article, how: str
) -> None:
    customer = answered.ticket.customer
    assert customer is not None
    CustomerAddress.objects.create(customer=customer, address="karin@werk.example")
    sender = {"customer": "KARIN@post.example", "second address": "karin@werk.example"}
    refers = [f"In-Reply-To: <{answered.message_id}>"] if "id" in how else []
    subject = "Iets anders" if how == "id and no number" else number(answered)
    other = "Collega@post.example" if how == "Bcc" else STRANGER
    article = comes_in(queue, *refers, sender=sender.get(how, other), subject=subject)
    is_customers = how in sender
    assert article.ticket_id == answered.ticket_id
    assert (article.is_visible, article.warning) == (is_customers, "" if is_customers else "unknown_sender")
    assert state_of(answered) == StateType.OPEN


def test_a_stranger_who_wrote_in_an_open_ticket_does_not_open_it_by_that(
    queue: Queue, answered: Article
) -> None:
    rows = Ticket.objects.filter(pk=answered.ticket_id)
    rows.update(state_type=StateType.OPEN, closed_at=None)
    first = comes_in(queue, sender=STRANGER, subject=number(answered))
    assert first.ticket_id == answered.ticket_id
    rows.update(state_type=StateType.CLOSED, closed_at=NOW)
    for subject in (number(answered), "Nog iets"):
        again = comes_in(queue, f"In-Reply-To: <{first.message_id}>", sender=STRANGER, subject=subject)
        assert again.ticket_id != answered.ticket_id
    assert state_of(answered) == StateType.CLOSED


def test_a_stranger_to_an_open_ticket_joins_it_unseen(queue: Queue) -> None:
    ticket = comes_in(queue).ticket
    article = comes_in(queue, sender=STRANGER, subject=f"[Ticket#{ticket.number}]")
    assert (article.ticket, article.is_visible, article.warning) == (ticket, False, "unknown_sender")


def test_numbers_do_not_pile_up_in_subjects(queue: Queue, owner: Agent) -> None:
    Queue.objects.update(follow_up=Queue.FollowUp.NEW_TICKET)
    foreign = "[Ticket#2026112499000019]"  # of another system
    article = comes_in(queue, subject=f"huur {foreign} tent")
    for _time in range(3):
        written = answer(article.ticket, subject=article.subject, to=(KARIN,))
        sent = reply_to_ticket(actor=actor(owner), ticket=article.ticket, answer=written, now=NOW).written
        assert sent.subject == f"Re: [Ticket#{article.ticket.number}] huur {foreign} tent"
        article = comes_in(queue, subject=sent.subject)
        assert article.ticket.title == article.subject == f"Re: huur {foreign} tent"


OURS = "Authentication-Results: mx.kvv.example; dmarc=fail; spf=fail; dkim=none"


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ([OURS], "dmarc=fail spf=fail dkim=none"),
        (["Authentication-Results: elders.example; dmarc=fail"], ""),
        (["Authentication-Results: elders.example; dmarc=pass", OURS], "dmarc=fail spf=fail dkim=none"),
        (["Authentication-Results: MX.kvv.example; dmarc=pass", OURS], "dmarc=pass"),
        ([OURS.replace("dkim", "iprev")], "dmarc=fail spf=fail"),
        ([], ""),
    ],
)
def test_what_our_own_mail_server_found_out_is_kept(
    queue: Queue, settings: Any, headers: list[str], kept: str
) -> None:
    settings.AUTHSERV_IDS = frozenset({"mx.kvv.example"})
    assert comes_in(queue, *headers).authentication == kept


def test_nobody_is_believed_where_no_server_is_set(queue: Queue) -> None:
    assert comes_in(queue, OURS).authentication == ""


@pytest.mark.parametrize(
    ("results", "shown"),
    [
        ("dmarc=fail; spf=fail", "DMARC, SPF"),
        ("dkim=fail", "DKIM"),
        ("dkim=fail; dkim=pass; spf=softfail; dmarc=none", ""),
    ],
)
def test_a_check_that_failed_is_shown_and_without_dmarc_or_spf_nothing_is_answered(
    queue: Queue, client: Client, owner: Agent, settings: Any, results: str, shown: str
) -> None:
    settings.AUTHSERV_IDS = frozenset({"mx.kvv.example"})
    make_auto_response(queue)
    ticket = comes_in(queue, f"Authentication-Results: mx.kvv.example; {results}").ticket
    client.force_login(owner)
    page = client.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
    assert ("kon niet bevestigen" in page) == bool(shown)
    assert f": {shown} is mislukt" in page or not shown
    autoresponse()
    assert OutboundMessage.objects.exists() == (shown in {"", "DKIM"})
    assert Event.objects.filter(kind="auto_withheld").exists() == (shown == "DMARC, SPF")


def test_an_address_of_another_queue_with_a_tag_is_no_writer(queue: Queue) -> None:
    own = make_queue().sender
    assert own is not None
    tagged = own.address.replace("@", "+lijst@")
    article = comes_in(queue, "Reply-To: jan@post.example", sender=tagged)
    assert article.ticket.customer is not None
    assert str(article.ticket.customer.addresses.get()) == "jan@post.example"


def test_a_reply_to_does_not_make_its_address_take_part_in_the_ticket(queue: Queue) -> None:
    ticket = make_ticket(queue, article=customer_mail(reply_to="ik@elders.example"))
    participants = read_participants([ticket])
    assert participants.has("karin@post.example", ticket=ticket)
    assert not participants.has("ik@elders.example", ticket=ticket)


def test_an_automatic_answer_makes_nobody_known(queue: Queue) -> None:
    make_auto_response(queue, kind="follow_up")
    ticket = comes_in(queue).ticket
    number = f"[Ticket#{ticket.number}]"
    comes_in(queue, f"Reply-To: {STRANGER}", subject=number)
    autoresponse()
    answered = Article.objects.latest("pk")
    assert (answered.ticket, answered.is_visible, answered.to) == (ticket, True, STRANGER)
    article = comes_in(queue, sender=STRANGER, subject=number)
    assert (article.ticket, article.is_visible, article.warning) == (ticket, False, "unknown_sender")


def test_whom_an_agent_writes_to_takes_part_and_nobody_whom_a_mail_from_outside_names(
    queue: Queue, owner: Agent
) -> None:
    ticket = comes_in(queue, "Cc: a@x.example").ticket
    written = answer(ticket, to=("b@x.example",), cc=("c@x.example",), bcc=("d@x.example",))
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=written, now=NOW)
    number = f"[Ticket#{ticket.number}]"
    comes_in(queue, "Cc: e@x.example", sender="B@x.example", subject=number)
    participants = read_participants([ticket])
    known = [letter for letter in "abcde" if participants.has(f"{letter}@x.example", ticket=ticket)]
    assert known == ["b", "c"]


@pytest.mark.parametrize("header", ["Cc", "To"])
def test_a_forged_mail_of_the_customer_makes_nobody_known(
    queue: Queue, client: Client, owner: Agent, header: str
) -> None:
    ticket = comes_in(queue).ticket
    number = f"[Ticket#{ticket.number}]"
    forged = comes_in(queue, f"{header}: {STRANGER}", subject=number)
    assert (forged.ticket, forged.is_visible) == (ticket, True)
    refers = f"In-Reply-To: <{forged.message_id}>"
    joined = comes_in(queue, refers, sender=STRANGER, subject=number)
    assert (joined.ticket, joined.is_visible, joined.warning) == (ticket, False, "unknown_sender")
    client.force_login(owner)
    page = client.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
    assert reverse("desk:add_address", args=[ticket.number, joined.pk]) in page
    asks = comes_in(queue, f"Reply-To: {STRANGER}", subject=number)
    recipients = answer_to(article=asks, ticket=ticket, reply_all=False)
    assert (recipients.to, recipients.elsewhere) == ((KARIN,), (STRANGER,))
