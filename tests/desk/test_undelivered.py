"""What agents see of an answer that somebody did not get, sent through a real mail server."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent
from kvv.watch.look import look
from outbox.holding import drop_held
from outbox.models import OutboundMessage, Transport
from outbox.send import send_due
from queues.models import Queue
from tests.factories import NOW, actor, answer
from tests.smtp_server import Server
from tickets.actions.reply import reply_to_ticket
from tickets.models import Ticket
from tickets.undelivered import note_all_undelivered

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

KARIN, PIET = "karin@post.example", "piet@post.example"
FULL = "552 5.2.2 Mailbox full"


@pytest.fixture
def desk(client: Client, owner: Agent, ticket: Ticket) -> Client:
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket, to=(KARIN, PIET)), now=NOW)
    client.force_login(owner)
    return client


def read(desk: Client, name: str, *args: object) -> str:
    return re.sub(r"\s+", " ", desk.get(reverse(name, args=args)).content.decode())


def bars(page: str, kind: str) -> list[str]:
    return re.findall(rf'class="hint hint--bar hint--{kind}".*?</div>', page)


def lines(page: str) -> tuple[list[str], list[str]]:
    """What an answer says of its recipients: those who did not get it, those who did."""
    (said,) = re.findall(r'<ul class="sent">.*?</ul>', page) or [""]
    bad = re.findall(r'<li class="is-bad">.*?</li>', said)
    return bad, re.findall(r"<li>.*?</li>", said)


def test_who_was_refused_is_red_who_got_it_green_and_nothing_is_folded_away(
    desk: Client, ticket: Ticket, server: Server
) -> None:
    server.answers[KARIN] = FULL
    send_due()
    note_all_undelivered()
    page = read(desk, "desk:zoom", ticket.number)
    (red,), (green,) = lines(page)
    assert f"Niet bezorgd aan {KARIN}: {FULL}" in red
    assert f"Bezorgd aan {PIET}" in green
    opened = re.search(r'<article class="box article art--agent"', page)
    assert opened is not None
    assert page.count("antwoord niet bezorgd") == 1
    assert f"Niet bezorgd: {KARIN}: {FULL}" in read(desk, "desk:history", ticket.number)


def test_an_answer_that_nobody_took_opens_the_ticket_and_the_lists_and_the_admin_say_so(
    desk: Client, ticket: Ticket, server: Server, queue: Queue
) -> None:
    server.answers |= {KARIN: FULL, PIET: "550 No"}
    send_due()
    note_all_undelivered()
    assert [trouble.kind.name for trouble in look(now=timezone.now())] == ["stuck"]
    page = read(desk, "desk:zoom", ticket.number)
    (one, other), delivered = lines(page)
    assert f"{KARIN}: {FULL}" in one
    assert f"{PIET}: 550 No" in other
    assert not delivered
    assert "Opnieuw versturen" in page
    listed = read(desk, "desk:queue", queue.pk)
    assert "antwoord niet bezorgd" in listed
    desk.post(reverse("desk:send_again", args=[ticket.number, ticket.articles.latest("pk").pk]))
    assert look(now=timezone.now()) == []
    assert "antwoord niet bezorgd" not in read(desk, "desk:queue", queue.pk)


@pytest.mark.parametrize("action", ["try_again", "declare_sent"])
def test_what_an_admin_decides_is_dealt_with_in_the_lists_too(
    desk: Client, ticket: Ticket, server: Server, queue: Queue, superuser: Agent, action: str
) -> None:
    server.answers |= {KARIN: FULL, PIET: FULL}
    send_due()
    note_all_undelivered()
    assert "antwoord niet bezorgd" in read(desk, "desk:queue", queue.pk)
    admin = Client()
    admin.force_login(superuser)
    chosen = {"action": action, "_selected_action": OutboundMessage.objects.get().pk}
    admin.post(reverse("admin:outbox_outboundmessage_changelist"), chosen)
    note_all_undelivered()
    assert "antwoord niet bezorgd" not in read(desk, "desk:queue", queue.pk)


@pytest.mark.parametrize("state", [OutboundMessage.DOUBTFUL, OutboundMessage.HELD])
def test_what_waits_for_a_decision_is_open_and_what_was_dropped_may_have_left(
    desk: Client, ticket: Ticket, state: str
) -> None:
    OutboundMessage.objects.update(state=state)
    page = read(desk, "desk:zoom", ticket.number)
    assert bars(page, "warn")
    assert re.search(r'<article class="box article art--agent"', page)
    if state == OutboundMessage.HELD:
        drop_held()
        (said,) = bars(read(desk, "desk:zoom", ticket.number), "info")
        assert "kan al eerder verstuurd zijn" in said


def test_agents_are_told_in_a_sentence_that_our_own_mail_server_is_away(
    desk: Client, ticket: Ticket, server: Server
) -> None:
    Transport.objects.update(port=1)
    send_due()
    (waits,) = bars(read(desk, "desk:zoom", ticket.number), "info")
    assert "Onze eigen mailserver neemt op dit moment niets aan." in waits
    assert "127.0.0.1" not in waits
    OutboundMessage.objects.update(attempts=22, retry_at=None)
    send_due()
    note_all_undelivered()
    red, _delivered = lines(page := read(desk, "desk:zoom", ticket.number))
    for line, said in zip(
        red, (KARIN, PIET, "Onze eigen mailserver nam twee dagen lang niets aan."), strict=True
    ):
        assert said in line
    assert "127.0.0.1" not in page
    ticket.refresh_from_db()
    assert ticket.is_open
