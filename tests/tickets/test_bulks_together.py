"""A bulk action that makes one ticket of many, or links them: each once, or it says why not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Agent, Customer
from queues.models import Queue, QueuePermission
from tests.factories import NOW, customer_mail, grant, make_agent, make_customer, make_ticket
from tests.tickets.actions.merged import merge, undo
from tests.tickets.bulks import came_of, chosen, joined
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.bulk_work import work_off
from tickets.changing.once import one_of_bulk
from tickets.errors import Ask, BadInput
from tickets.models import Bulk, BulkTicket, Event, Ticket, TicketLink, TicketMerge
from work.claim import claim

pytestmark = pytest.mark.django_db
DONE, REFUSED, CHOSEN = BulkTicket.DONE, BulkTicket.REFUSED, BulkTicket.CHOSEN
MERGED, LINKED, PARTS = Bulk.Together.MERGED, Bulk.Together.LINKED, Bulk.Together.PARTS
LINKS = ("source", "target", "kind")


@pytest.fixture
def tickets(queue: Queue, customer: Customer) -> list[Ticket]:
    return [make_ticket(queue, customer=customer) for _n in range(3)]


def led_to(*tickets: Ticket) -> list[Ticket | None]:
    return [Ticket.objects.select_related("merged_into").get(pk=each.pk).merged_into for each in tickets]


def test_all_are_merged_into_the_oldest_each_by_one_event_and_it_is_undone(
    owner: Agent, colleague: Agent, tickets: list[Ticket]
) -> None:
    """That a colleague holds the main ticket is no matter, as where one is merged by hand."""
    oldest, *others = tickets
    Ticket.objects.filter(pk=oldest.pk).update(owner=colleague, locked=True, locked_at=NOW)
    bulk = joined(owner, tickets, into=oldest)
    assert work_off() == len(others)
    assert came_of(bulk) == [(CHOSEN, ""), (DONE, ""), (DONE, "")]
    assert led_to(*tickets) == [None, oldest, oldest]
    assert oldest.articles.count() == 3
    for ticket in others:
        event = ticket.events.get(submission=one_of_bulk(bulk.submission, ticket=ticket))
        assert (event.agent, event.kind, ticket.events.count()) == (owner, "merged", 1)
        assert bulk.rows.get(ticket=ticket).event == event
    assert work_off() == 0
    for done in TicketMerge.objects.order_by("-pk"):
        undo(owner, done)
    assert led_to(*tickets) == [None] * 3


@pytest.mark.parametrize("kind", [LINKED, PARTS])
def test_all_are_linked_to_the_one_that_is_their_whole_or_no_more_than_a_friend(
    reader: Agent, owner: Agent, tickets: list[Ticket], kind: str
) -> None:
    """As on the screen of one: who may read both may link them, whoever holds them."""
    oldest, held, linked = tickets
    Ticket.objects.filter(pk=held.pk).update(owner=owner, locked=True, locked_at=NOW)
    TicketLink.objects.create(source=oldest, target=linked, kind="normal", at=NOW)
    bulk = joined(reader, tickets, into=oldest, kind=kind)
    work_off()
    (one, _none), (two, _no), (three, why) = came_of(bulk)
    assert (one, two, three) == (CHOSEN, DONE, REFUSED)
    assert why.startswith("Deze tickets zijn al gekoppeld")
    made = "parent" if kind == PARTS else "normal"
    assert (oldest.pk, held.pk, made) in TicketLink.objects.values_list(*LINKS)
    assert [bulk.rows.get(ticket=held).event] == list(held.events.filter(kind="linked"))


def test_the_same_form_twice_and_a_worker_that_is_killed_merge_each_once(
    owner: Agent, tickets: list[Ticket]
) -> None:
    """Also where the last had done its work and could not say so any more."""
    bulk = chosen(owner, tickets)
    for _time in range(2):
        assert joined(owner, tickets, into=tickets[0], bulk=bulk, digest="a") == bulk
    with pytest.raises(BadInput):
        joined(owner, tickets, into=tickets[1], bulk=bulk, digest="b")
    claim(BulkTicket, limit=1, lease=timedelta(0), now=timezone.now())
    work_off()
    bulk.rows.filter(state=DONE).update(state=BulkTicket.QUEUED, event=None)
    work_off()
    assert [state for state, _why in came_of(bulk)] == [CHOSEN, DONE, DONE]
    assert (TicketMerge.objects.count(), Event.objects.filter(kind="merged").count()) == (2, 4)


def test_what_the_other_one_was_merged_into_meanwhile_is_what_is_meant(
    owner: Agent, tickets: list[Ticket], queue: Queue, customer: Customer
) -> None:
    """Also where that is one of the chosen, which then stays what it is."""
    oldest, second, third = tickets
    elsewhere = make_ticket(queue, customer=customer)
    bulk = joined(owner, tickets, into=oldest)
    merge(owner, oldest, elsewhere)
    merge(owner, elsewhere, second)
    work_off()
    _oldest, (state, why), last = came_of(bulk)
    assert (state, last) == (REFUSED, (DONE, ""))
    assert "met zichzelf" in why
    assert led_to(second, third) == [None, second]


def test_a_ticket_that_went_its_own_way_meanwhile_says_so_and_stops_no_other(
    owner: Agent, colleague: Agent, queue: Queue, customer: Customer, tickets: list[Ticket]
) -> None:
    held, written_to, gone, free = (make_ticket(queue, customer=customer) for _n in range(4))
    bulk = joined(owner, [*tickets, held, written_to, gone, free], into=tickets[0])
    Ticket.objects.filter(pk=held.pk).update(owner=colleague, locked=True, locked_at=NOW)
    add_follow_up(actor=Actor.mail(), ticket=written_to, article=customer_mail(), now=NOW)
    merge(owner, gone, make_ticket(queue, customer=customer))
    work_off()
    reasons = [why for state, why in came_of(bulk) if state == REFUSED]
    beginnings = ["Colleague heeft dit ticket vergrendeld", "De klant heeft", "Dit ticket is samengevoegd"]
    assert [why.startswith(begin) for why, begin in zip(reasons, beginnings, strict=True)] == [True] * 3
    assert led_to(free, written_to) == [tickets[0], None]


def test_tickets_of_several_customers_are_asked_about_once_and_by_name(
    owner: Agent, queue: Queue, tickets: list[Ticket]
) -> None:
    """What was asked holds for these customers, not for whoever comes to be one meanwhile."""
    theirs = [make_ticket(queue, customer=make_customer(f"k{n}")) for n in range(2)]
    nobodys, changed = make_ticket(queue), theirs[1]
    bulk = chosen(owner, [*tickets, *theirs, nobodys])
    with pytest.raises(Ask) as question:
        joined(owner, [], into=tickets[0], bulk=bulk)
    for ticket in (tickets[0], *theirs):
        assert question.value.message.count(str(ticket.customer)) == 1
    with pytest.raises(Ask):
        joined(owner, [], into=changed, bulk=bulk, anyway=(question.value.key,))
    joined(owner, [], into=tickets[0], bulk=bulk, anyway=(question.value.key,))
    Ticket.objects.filter(pk=changed.pk).update(customer=make_customer("nieuw"))
    work_off()
    assert led_to(theirs[0], changed, nobodys) == [tickets[0], None, tickets[0]]
    assert "twee klanten" in bulk.rows.get(ticket=changed).refusal


def test_linked_tickets_may_be_of_any_customers(owner: Agent, queue: Queue, tickets: list[Ticket]) -> None:
    joined(owner, [make_ticket(queue, customer=make_customer("k"))], into=tickets[0], kind=LINKED)
    work_off()
    assert TicketLink.objects.count() == 1


@pytest.mark.parametrize("kind", [MERGED, LINKED])
def test_a_ticket_and_nothing_else_can_not_be_put_together(owner: Agent, ticket: Ticket, kind: str) -> None:
    with pytest.raises(BadInput):
        joined(owner, [ticket], into=ticket, kind=kind)
    assert not Bulk.objects.exclude(asked=None).exists()


def test_every_right_is_needed_on_both_sides_and_one_out_of_sight_tells_nothing(
    queue: Queue, other_queue: Queue
) -> None:
    agent = make_agent()
    for where, right in ((queue, QueuePermission.Right.ALL), (other_queue, QueuePermission.Right.READ)):
        grant(agent, where, right)
    mine, other, theirs = make_ticket(queue), make_ticket(queue), make_ticket(other_queue)
    refused = joined(agent, [mine, theirs], into=mine), joined(agent, [other], into=theirs)
    work_off()
    assert [bulk.rows.exclude(state=CHOSEN).get().refusal[:15] for bulk in refused] == ["Je mag dit niet"] * 2
    hidden = joined(agent, [other], into=theirs, kind=LINKED)
    QueuePermission.objects.filter(queue=other_queue).delete()
    work_off()
    assert came_of(hidden) == [(REFUSED, "Het andere ticket is er voor jou niet meer.")]
    assert (TicketMerge.objects.count(), TicketLink.objects.count()) == (0, 0)
