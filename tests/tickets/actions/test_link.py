"""Linking tickets: told in both histories, once, and only by who may read both."""

from uuid import uuid4

import pytest

from accounts.models import Agent
from queues.models import Queue
from tests.factories import NOW, actor, make_ticket
from tickets.actions.link import link_tickets, unlink_tickets
from tickets.changing.forms import Form
from tickets.errors import BadInput, NotAllowed
from tickets.kinds import EventKind
from tickets.models import Event, Ticket, TicketLink

pytestmark = pytest.mark.django_db
NORMAL, PARENT, FOLLOW_UP = TicketLink.Kind.NORMAL, TicketLink.Kind.PARENT, TicketLink.Kind.FOLLOW_UP


@pytest.fixture
def other(queue: Queue) -> Ticket:
    return make_ticket(queue)


def link(agent: Agent, source: Ticket, target: Ticket, kind: TicketLink.Kind = NORMAL) -> TicketLink:
    link_tickets(actor=actor(agent), source=source, target=target, kind=kind, now=NOW)
    return TicketLink.objects.latest("pk")


def told(kind: EventKind) -> dict[str, list[str]]:
    """Ticket number → the labels of the link that its history names."""
    events = Event.objects.filter(kind=kind).select_related("ticket")
    return {event.ticket.number: [side["label"] for side in event.changes["link"]] for event in events}


def test_a_link_is_told_in_both_histories(ticket: Ticket, other: Ticket, reader: Agent) -> None:
    made = link(reader, ticket, other)
    assert told(EventKind.LINKED) == {ticket.number: ["", other.number], other.number: ["", ticket.number]}
    unlink_tickets(actor=actor(reader), link=made, now=NOW)
    assert told(EventKind.UNLINKED) == {ticket.number: [other.number, ""], other.number: [ticket.number, ""]}
    assert not TicketLink.objects.exists()


def test_a_normal_link_has_no_direction_and_is_made_once(ticket: Ticket, other: Ticket, owner: Agent) -> None:
    link(owner, other, ticket)
    for source, target in ((ticket, other), (other, ticket)):
        with pytest.raises(BadInput):
            link(owner, source, target)
    assert Event.objects.filter(kind=EventKind.LINKED).count() == 2


def test_the_same_form_twice_makes_one_link(ticket: Ticket, other: Ticket, owner: Agent) -> None:
    form = Form(submission=uuid4())
    first, second = (
        link_tickets(actor=actor(owner), source=ticket, target=other, kind=PARENT, form=form, now=NOW)
        for _time in range(2)
    )
    assert first.event == second.event == Event.objects.get(submission=form.submission)
    assert TicketLink.objects.count() == 1


def test_a_link_that_is_gone_is_taken_away_once(ticket: Ticket, other: Ticket, owner: Agent) -> None:
    made = TicketLink.objects.get(pk=link(owner, ticket, other).pk)
    unlink_tickets(actor=actor(owner), link=made, now=NOW)
    made = TicketLink(pk=made.pk or 0, source=ticket, target=other, kind=NORMAL)
    with pytest.raises(BadInput):
        unlink_tickets(actor=actor(owner), link=made, now=NOW)
    assert Event.objects.filter(kind=EventKind.UNLINKED).count() == 2


def test_a_link_that_a_merge_has_led_elsewhere_is_not_taken_away_by_who_read_it_before(
    ticket: Ticket, other: Ticket, owner: Agent, other_queue: Queue
) -> None:
    made = link(owner, ticket, other)
    TicketLink.objects.filter(pk=made.pk).update(target=make_ticket(other_queue))
    with pytest.raises(BadInput):
        unlink_tickets(actor=actor(owner), link=made, now=NOW)
    assert TicketLink.objects.exists()


def test_the_parent_of_a_ticket_is_not_its_child_and_not_merely_linked(
    ticket: Ticket, other: Ticket, owner: Agent
) -> None:
    link(owner, ticket, other, PARENT)
    for source, target, kind in ((other, ticket, PARENT), (ticket, other, NORMAL)):
        with pytest.raises(BadInput):
            link(owner, source, target, kind)
    assert link(owner, other, ticket, FOLLOW_UP)


def test_a_part_of_a_part_is_not_above_what_it_is_a_part_of(
    ticket: Ticket, other: Ticket, queue: Queue, owner: Agent
) -> None:
    third = make_ticket(queue)
    link(owner, ticket, other, PARENT)
    link(owner, other, third, PARENT)
    with pytest.raises(BadInput):
        link(owner, third, ticket, PARENT)
    assert link(owner, third, ticket)


def test_a_ticket_has_so_many_links_and_no_more(
    ticket: Ticket, other: Ticket, queue: Queue, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.actions.link.LINKS_MOST", 1)
    link(owner, ticket, other)
    for source, target in ((ticket, make_ticket(queue)), (make_ticket(queue), other)):
        with pytest.raises(BadInput):
            link(owner, source, target)


def test_a_ticket_is_not_linked_to_itself(ticket: Ticket, owner: Agent) -> None:
    for kind in (NORMAL, PARENT):
        with pytest.raises(BadInput):
            link(owner, ticket, ticket, kind)


def test_who_may_not_read_one_of_them_links_nothing(
    ticket: Ticket, other_queue: Queue, owner: Agent, stranger: Agent
) -> None:
    hidden = make_ticket(other_queue)
    for agent in (owner, stranger):
        with pytest.raises(NotAllowed):
            link(agent, ticket, hidden)
    assert not TicketLink.objects.exists()
