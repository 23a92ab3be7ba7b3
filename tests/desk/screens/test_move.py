"""Wijzig wachtrij: where the ticket goes, to whom, and where its agent is led."""

from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.house.screens import filled_in
from tickets.kinds import EventKind
from tickets.models import Event, Ticket

Right = QueuePermission.Right


def test_moving_leads_on_when_the_new_queue_is_not_theirs_to_see(
    desk: Client, ticket: Ticket, other_queue: Queue
) -> None:
    answer = desk.post(
        reverse("desk:move", args=[ticket.number]), filled_in("move", ticket=ticket, target=other_queue)
    )
    assert answer.headers["Location"] == reverse("desk:queues")
    ticket.refresh_from_db()
    assert (ticket.queue, ticket.locked) == (other_queue, False)
    assert Event.objects.filter(ticket=ticket, kind=EventKind.MOVED).count() == 1


def test_moving_to_a_new_owner_locks_for_them(
    desk: Client, ticket: Ticket, other_queue: Queue, stranger: Agent
) -> None:
    form = filled_in("move", ticket=ticket, target=other_queue, new_owner=stranger.pk)
    assert desk.post(reverse("desk:move", args=[ticket.number]), form).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (stranger, True)


def test_moving_begins_with_the_sentence_of_the_manual(desk: Client, ticket: Ticket) -> None:
    page = desk.get(reverse("desk:move", args=[ticket.number])).content.decode()
    assert "Dit ticket is verplaatst naar de nieuwe wachtrij." in page


def test_moving_says_where_to_and_leads_there_who_may_go(
    desk: Client, ticket: Ticket, other_queue: Queue, owner: Agent
) -> None:
    other_queue.name = "Kennisnetwerk::<b>Verzekeringen"
    other_queue.save(update_fields=["name"])
    form = filled_in("move", ticket=ticket, target=other_queue)
    page = desk.post(reverse("desk:move", args=[ticket.number]), form, follow=True).content.decode()
    to = "Kennisnetwerk::<wbr>&lt;b&gt;Verzekeringen"
    assert f"Ticket#{ticket.number} is verplaatst naar {to}." in page


def test_the_required_queue_has_the_focus_and_no_text_is_needed(
    desk: Client, ticket: Ticket, other_queue: Queue
) -> None:
    address = reverse("desk:move", args=[ticket.number])
    page = desk.get(address).content.decode()
    assert "data-focus" in page.partition('name="queue"')[2].partition(">")[0]
    assert 'Tekst\n      <span class="opt">(niet verplicht)' in page
    assert (
        desk.post(address, filled_in("move", ticket=ticket, target=other_queue, html="")).status_code == 302
    )
    assert ticket.articles.count() == 1
