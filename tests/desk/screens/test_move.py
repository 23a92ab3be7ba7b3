"""Wijzig wachtrij: where the ticket goes, to whom, and where its agent is led."""

from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import grant
from tests.house.screens import filled_in
from tests.tickets.actions.written import words
from tickets.actions.owner import change_owner
from tickets.actor import Actor
from tickets.kinds import EventKind
from tickets.models import Event, Ticket

Right = QueuePermission.Right


def owned_by(*agents: Agent, ticket: Ticket) -> None:
    """The ticket goes through these hands."""
    for agent in agents:
        grant(agent, ticket.queue, Right.OWNER)
        change_owner(actor=Actor.timer(), ticket=ticket, new_owner=agent, **words())
        ticket.refresh_from_db()


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


def test_who_owned_it_before_can_be_chosen_of_those_who_answer_there(
    desk: Client, ticket: Ticket, other_queue: Queue, owner: Agent, colleague: Agent, stranger: Agent
) -> None:
    owned_by(stranger, colleague, owner, ticket=ticket)
    address = reverse("desk:move", args=[ticket.number])
    choice = (
        desk.get(address).content.decode().partition('name="previous_owner"')[2].partition("</select>")[0]
    )
    queues = " ".join(map(str, sorted((ticket.queue_id, other_queue.pk))))
    lines = [
        f'value="{stranger.pk}" data-queues="{queues}"',
        f'value="{colleague.pk}" data-queues="{ticket.queue_id}"',
    ]
    assert choice.index(lines[1]) < choice.index(lines[0])
    form = filled_in("move", ticket=ticket, target=other_queue, previous_owner=stranger.pk)
    assert desk.post(address, form).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (stranger, True)


def test_a_new_owner_and_another_previous_one_are_one_too_many(
    desk: Client, ticket: Ticket, other_queue: Queue, owner: Agent, stranger: Agent, superuser: Agent
) -> None:
    owned_by(stranger, owner, ticket=ticket)
    form = filled_in(
        "move", ticket=ticket, target=other_queue, new_owner=superuser.pk, previous_owner=stranger.pk
    )
    page = desk.post(reverse("desk:move", args=[ticket.number]), form)
    assert page.status_code == 422
    assert "Kies een nieuwe eigenaar of een vorige, niet allebei." in page.content.decode()
