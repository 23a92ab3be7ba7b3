"""Merging: what goes along, what stays, and who may."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.factories import (
    NOW,
    actor,
    answer,
    customer_mail,
    make_queue,
    make_ticket,
    stored_file,
)
from tests.tickets.actions.merged import NORMAL, PARENT, merge, note, undo
from tickets.actions.follow_up import add_follow_up
from tickets.actions.link import link_tickets
from tickets.actions.lock import lock_ticket
from tickets.actions.note import add_note
from tickets.actions.reply import reply_to_ticket
from tickets.actions.seen import mark_seen
from tickets.actions.terms import fill_facts
from tickets.actions.watch import watch_ticket
from tickets.actor import Actor
from tickets.changing.written import Written
from tickets.errors import Ask, BadInput, LockedByOther, NotAllowed, TicketMerged
from tickets.kinds import EventKind
from tickets.models import (
    StateType,
    Ticket,
    TicketLink,
    TicketMerge,
    TicketSeen,
    TicketWatcher,
)
from tickets.states import state_by_key
from tickets.tally import wrong_tallies

pytestmark = pytest.mark.django_db


def test_all_that_was_said_goes_along_and_the_main_ticket_is_told_afresh(
    ticket: Ticket, main: Ticket, queue: Queue, owner: Agent, reader: Agent
) -> None:
    file = customer_mail(files=(stored_file(),))
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=file, now=NOW)
    written = Written(submission=uuid.uuid4(), subject="N", html="<p>Zo.</p>", time_units=Decimal("2.5"))
    add_note(actor=actor(owner), ticket=ticket, note=written, now=NOW)
    mark_seen(agent=reader, ticket=main, upto=10**9)
    queue_before = main.queue_id
    done = merge(owner, ticket, main)
    ticket.refresh_from_db()
    main.refresh_from_db()
    assert (ticket.state_type, ticket.merged_into, ticket.locked) == (StateType.MERGED, main, False)
    assert (ticket.article_count, ticket.time_units, ticket.latest_customer_article) == (0, Decimal(0), None)
    assert (ticket.escalates_at, ticket.first_response_due, ticket.solution_due) == (None, None, None)
    assert (main.article_count, main.attachment_count, main.time_units) == (4, 1, Decimal("2.5"))
    assert (main.state_type, main.owner, main.queue_id) == (StateType.NEW, None, queue_before)
    assert main.latest_customer_article == main.articles.filter(sender_type="customer").latest("pk").pk
    assert not TicketSeen.objects.filter(ticket=main).exists()
    kinds = list(ticket.events.values_list("kind", flat=True))
    assert kinds == [EventKind.MERGED]
    assert done.event.changes["merged_into"][1]["label"] == main.number
    newest = main.events.latest("pk")
    assert (newest.kind, newest.changes["merged_from"][1]["label"]) == (EventKind.MERGED, ticket.number)
    assert wrong_tallies() == 0


def test_a_merged_ticket_has_no_term_that_runs_and_the_main_one_those_of_all_its_mail(
    queue: Queue, customer: Customer, owner: Agent
) -> None:
    queue.first_response_minutes = queue.update_minutes = queue.solution_minutes = 60
    queue.save()
    main = make_ticket(queue, customer=customer, now=NOW - timedelta(days=2))
    filled = answer(main, state=state_by_key("open"))
    reply_to_ticket(actor=actor(owner), ticket=main, answer=filled, now=NOW - timedelta(days=1))
    main.refresh_from_db()
    assert (main.waits_since, main.update_due) == (None, None)
    ticket = make_ticket(queue, customer=customer, now=NOW)
    merge(owner, ticket, main)
    main.refresh_from_db()
    ticket.refresh_from_db()
    assert main.waits_since == NOW
    assert main.update_due is not None
    assert main.first_answer_at == NOW - timedelta(days=1)
    assert {ticket.escalates_at, ticket.update_due, ticket.solution_due, ticket.warns_at} == {None}
    assert fill_facts() == 0  # nobody has to read its story


def test_links_and_followers_move_along_without_doubles(
    ticket: Ticket, main: Ticket, queue: Queue, owner: Agent, colleague: Agent
) -> None:
    own, both, child = (make_ticket(queue) for _n in range(3))
    for source, target, kind in (
        (own, ticket, NORMAL),
        (both, ticket, NORMAL),
        (main, both, PARENT),
        (ticket, child, PARENT),
        (ticket, main, NORMAL),
    ):
        link_tickets(actor=actor(owner), source=source, target=target, kind=kind, now=NOW)
    for agent, followed in ((owner, ticket), (owner, main), (colleague, ticket)):
        watch_ticket(actor=actor(agent), ticket=followed, now=NOW)
    merge(owner, ticket, main)
    links = set(TicketLink.objects.values_list("source", "target", "kind"))
    assert links == {
        (min(own.pk, main.pk), max(own.pk, main.pk), NORMAL),
        (main.pk, both.pk, PARENT),
        (main.pk, child.pk, PARENT),
    }
    assert set(TicketWatcher.objects.values_list("ticket", "agent")) == {
        (main.pk, owner.pk),
        (main.pk, colleague.pk),
    }


def test_an_open_question_opens_a_closed_main_ticket_and_a_closed_one_does_not(
    ticket: Ticket, queue: Queue, owner: Agent, customer: Customer
) -> None:
    closed = state_by_key("closed_successful")
    main, other = (make_ticket(queue, customer=customer, state=closed) for _n in range(2))
    merge(owner, other, main)
    main.refresh_from_db()
    assert not main.is_open
    merge(owner, ticket, main)
    main.refresh_from_db()
    assert main.state == state_by_key("open")
    undo(owner)
    main.refresh_from_db()
    assert (main.state, main.closed_at, main.reopened_at) == (closed, NOW, None)


def test_rights_are_needed_in_both_and_the_lock_of_the_one_that_goes(
    ticket: Ticket, main: Ticket, owner: Agent, colleague: Agent, reader: Agent
) -> None:
    elsewhere = make_ticket(make_queue())
    for agent, into in ((reader, main), (owner, elsewhere)):
        with pytest.raises(NotAllowed):
            merge(agent, ticket, into)
    with pytest.raises(BadInput):
        merge(owner, ticket, ticket)
    lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    with pytest.raises(LockedByOther):
        merge(owner, ticket, main)
    merge(owner, main, ticket)  # whoever works on it gets more to read


def test_who_merges_has_seen_what_came_in_and_is_asked_about_two_customers(
    ticket: Ticket, main: Ticket, queue: Queue, owner: Agent
) -> None:
    seen = ticket.events.latest("pk").pk
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    with pytest.raises(Ask):
        merge(owner, ticket, main, with_={"seen_event": seen})
    stranger = Customer.objects.create(code="piet", first_name="Piet", last_name="Puk")
    theirs = make_ticket(queue, customer=stranger)
    with pytest.raises(Ask) as asked:
        merge(owner, ticket, theirs)
    assert "Karin Klant" in asked.value.message
    assert "Piet Puk" in asked.value.message
    assert not TicketMerge.objects.exists()
    merge(owner, ticket, theirs, with_={"anyway": [asked.value.key]})


def test_nothing_is_said_or_done_in_a_merged_ticket_any_more(
    ticket: Ticket, main: Ticket, queue: Queue, owner: Agent
) -> None:
    stale = Ticket.objects.select_related("queue__sender").get(pk=ticket.pk)
    filled = answer(stale)
    merge(owner, ticket, main)
    for deed in (
        lambda: note(owner, stale),
        lambda: reply_to_ticket(actor=actor(owner), ticket=stale, answer=filled, now=NOW),
        lambda: merge(owner, stale, main),
        lambda: merge(owner, main, stale),
        lambda: watch_ticket(actor=actor(owner), ticket=stale, now=NOW),
        lambda: link_tickets(
            actor=actor(owner), source=stale, target=make_ticket(queue), kind=NORMAL, now=NOW
        ),
    ):
        with pytest.raises(TicketMerged):
            deed()
    assert ticket.articles.count() == 0
