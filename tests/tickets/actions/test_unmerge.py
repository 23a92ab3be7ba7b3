"""Undoing a merge: all is as it was, or it says what stands in the way."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Agent, Customer
from queues.models import Queue, QueuePermission
from tests.factories import (
    NOW,
    actor,
    customer_mail,
    make_free_field,
    make_ticket,
    make_upload,
)
from tests.tickets.actions.merged import NORMAL, PARENT, merge, undo, whole
from tests.tickets.actions.written import words
from tickets.actions.close import close_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.link import link_tickets
from tickets.actions.lock import give_back_ticket, lock_ticket, take_ticket
from tickets.actions.wait import let_ticket_wait
from tickets.actions.watch import unwatch_ticket, watch_ticket
from tickets.actor import Actor
from tickets.changing.free_fields import write_values
from tickets.errors import MergeStands, NotAllowed
from tickets.free_values import Value
from tickets.history import sentences
from tickets.models import (
    Draft,
    FreeField,
    FreeValue,
    Ticket,
    TicketLink,
    TicketMerge,
    TicketWatcher,
)
from tickets.queries.free_fields import all_values_of
from tickets.states import state_by_key
from tickets.tally import wrong_tallies

pytestmark = pytest.mark.django_db


def test_undone_all_is_as_it_was(
    ticket: Ticket, main: Ticket, queue: Queue, owner: Agent, colleague: Agent
) -> None:
    both, child = make_ticket(queue), make_ticket(queue)
    for source, target, kind in (
        (both, ticket, NORMAL),
        (main, both, PARENT),
        (ticket, child, PARENT),
        (ticket, main, NORMAL),
    ):
        link_tickets(actor=actor(owner), source=source, target=target, kind=kind, now=NOW)
    for agent, followed in ((owner, ticket), (owner, main), (colleague, ticket)):
        watch_ticket(actor=actor(agent), ticket=followed, now=NOW)
    waiting: dict[str, Any] = {"state": state_by_key("pending_reminder"), "pending_until": NOW + timedelta(3)}
    let_ticket_wait(actor=actor(owner), ticket=ticket, **words(), **waiting)
    make_upload(owner, uuid.uuid4())
    Draft.objects.update(ticket=ticket)
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    before = whole(ticket, main)
    merge(owner, ticket, main)
    assert whole(ticket, main) != before
    undo(owner)
    assert whole(ticket, main) == before
    assert [event.kind for event in (ticket.events.latest("pk"), main.events.latest("pk"))] == [
        "unmerged"
    ] * 2
    assert wrong_tallies() == 0
    with pytest.raises(MergeStands):
        undo(owner)
    merge(owner, ticket, main)  # and once more
    assert ticket.articles.count() == 0


def test_what_a_free_field_lacks_is_taken_over_told_and_given_back_unless_somebody_changed_it(
    ticket: Ticket, main: Ticket, owner: Agent, other_queue: Queue
) -> None:
    """What the main ticket has of its own stays; the merged one keeps what it had."""
    both, lacking, changed = (make_free_field("short", name_nl=name) for name in ("Groep", "Plaats", "Naam"))
    kinds = make_free_field("several", "A", "B", is_active=False, queues=[other_queue])
    choices = tuple(choice.pk for choice in kinds.choices.all())
    theirs: dict[FreeField, Value] = {both: "Zuid", lacking: "Breda", changed: "Jip", kinds: choices}
    ours: dict[FreeField, Value] = {both: "Noord"}
    for holder, values in ((ticket, theirs), (main, ours)):
        write_values(holder.pk, {f.pk: f for f in values}, {f.pk: v for f, v in values.items()}, present={})
    before = all_values_of(main.pk), all_values_of(ticket.pk)
    merge(owner, ticket, main)
    assert all_values_of(main.pk) == before[1] | {both.pk: "Noord"}
    told = sentences(main.events.latest("pk"))
    assert {"Plaats: – → Breda", "Naam: – → Jip"} <= set(told)
    FreeValue.objects.filter(ticket=main, field=changed).update(short="Janneke")
    undo(owner)
    assert (all_values_of(main.pk), all_values_of(ticket.pk)) == (
        before[0] | {changed.pk: "Janneke"},
        before[1],
    )
    assert "Plaats: Breda → –" in sentences(main.events.latest("pk"))


def test_the_lock_that_the_screen_took_is_given_back_before(
    ticket: Ticket, main: Ticket, owner: Agent
) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    merge(owner, ticket, main)
    undo(owner)
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner, ticket.merged_into) == (False, None, None)


def test_a_screen_that_is_open_on_the_main_ticket_still_gives_its_lock_back(
    ticket: Ticket, main: Ticket, owner: Agent
) -> None:
    take_ticket(actor=actor(owner), ticket=main, right=QueuePermission.Right.ALL, now=NOW)
    merge(owner, ticket, main)
    undo(owner)
    merge(owner, ticket, main)
    given_back = give_back_ticket(actor=actor(owner), ticket=main, now=NOW)
    assert (given_back.locked, given_back.owner) == (False, None)


def test_notes_and_other_states_do_not_stand_in_the_way_of_undoing_and_stay(
    ticket: Ticket, main: Ticket, queue: Queue, owner: Agent, colleague: Agent
) -> None:
    child = make_ticket(queue)
    link_tickets(actor=actor(owner), source=ticket, target=child, kind=PARENT, now=NOW)
    watch_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    merge(owner, ticket, main)
    close_ticket(actor=actor(colleague), ticket=main, state=state_by_key("closed_unsuccessful"), **words())
    unwatch_ticket(actor=actor(colleague), ticket=main, now=NOW)
    undo(owner)
    main.refresh_from_db()
    assert (main.state.key, main.article_count) == ("closed_unsuccessful", 2)
    assert TicketLink.objects.get().source == ticket
    assert not TicketWatcher.objects.exists()  # who follows it no more does so after, too


def test_it_says_what_stands_in_the_way_of_undoing(
    ticket: Ticket, main: Ticket, queue: Queue, owner: Agent, customer: Customer, reader: Agent
) -> None:
    merge(owner, ticket, main)
    first, third = TicketMerge.objects.get(), make_ticket(queue, customer=customer)
    merge(owner, third, main)
    with pytest.raises(MergeStands, match="nog een ticket"):
        undo(owner, first)
    with pytest.raises(NotAllowed):
        undo(reader)
    undo(owner)
    add_follow_up(actor=Actor.mail(), ticket=main, article=customer_mail(), now=NOW)
    with pytest.raises(MergeStands, match="Karin Klant"):
        undo(owner, first)
    merge(owner, main, third)
    with pytest.raises(MergeStands, match=main.number):
        undo(owner, first)
