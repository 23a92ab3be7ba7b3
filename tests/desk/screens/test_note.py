"""Notitie: what colleagues write to each other, and nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.house.screens import address_of, filled_in
from tickets.kinds import EventKind
from tickets.models import Article, Event, Ticket


def test_a_note_is_kept_for_agents_only(desk: Client, ticket: Ticket, owner: Agent) -> None:
    answer = desk.post(
        reverse("desk:note", args=[ticket.number]), filled_in("note", ticket=ticket, target=ticket.queue)
    )
    assert answer.headers["Location"] == reverse("desk:zoom", args=[ticket.number])
    note = Article.objects.get(ticket=ticket, channel=Article.Channel.NOTE)
    assert (note.is_visible, note.agent, note.subject) == (False, owner, "Kort")
    assert Event.objects.filter(ticket=ticket, kind=EventKind.NOTED).count() == 1
    ticket.refresh_from_db()
    assert not ticket.locked
    assert not OutboundMessage.objects.exists()


@pytest.mark.parametrize(
    ("name", "subject"), [("note", "Notitie"), ("close", "Sluiten"), ("move", "Wijzig wachtrij")]
)
def test_what_is_written_beside_a_deed_is_called_by_it_where_its_subject_was_taken_away(
    desk: Client, ticket: Ticket, other_queue: Queue, name: str, subject: str
) -> None:
    page = desk.get(address_of(name, ticket)).content.decode()
    assert 'Onderwerp <span class="opt">(niet verplicht)</span>' in page
    form = filled_in(name, ticket=ticket, target=other_queue) | {"subject": " "}
    assert desk.post(address_of(name, ticket), form).status_code == 302
    assert Article.objects.get(ticket=ticket, channel=Article.Channel.NOTE).subject == subject


def test_a_note_can_be_written_on_a_ticket_that_a_colleague_works_on(
    desk: Client, ticket: Ticket, colleague: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
    form = filled_in("note", ticket=ticket, target=ticket.queue)
    assert desk.post(reverse("desk:note", args=[ticket.number]), form).status_code == 302


def test_a_note_that_the_customer_may_read_says_so_and_is_not_mailed(desk: Client, ticket: Ticket) -> None:
    address = reverse("desk:note", args=[ticket.number])
    page = desk.post(
        address, filled_in("note", ticket=ticket, target=ticket.queue, kind="external"), follow=True
    ).content.decode()
    assert "is opgeslagen. De klant kan die lezen." in page
    assert "medewerker – notitie extern" in page
    assert Article.objects.get(ticket=ticket, channel=Article.Channel.NOTE).is_visible
    assert not OutboundMessage.objects.exists()


def test_a_note_whose_kind_is_not_told_is_not_kept(desk: Client, ticket: Ticket) -> None:
    for kind in ("", "secret"):
        form = filled_in("note", ticket=ticket, target=ticket.queue, kind=kind)
        assert desk.post(reverse("desk:note", args=[ticket.number]), form).status_code == 422
