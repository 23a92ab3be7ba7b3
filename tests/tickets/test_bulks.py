"""A bulk action: chosen, asked for once, worked off ticket by ticket, and forgotten after a week."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent, Preferences
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, customer_mail, grant, make_ticket, make_upload
from tests.tickets.bulks import asked, came_of, chosen, note
from tickets import bulk_work
from tickets.actions.bulk import Change
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.bulk_work import TRIES, work_off
from tickets.bulks import TICKETS_MOST, ask, choose, forget_old
from tickets.changing.once import one_of_bulk
from tickets.errors import BadInput, TicketBusy
from tickets.models import Article, Bulk, BulkTicket, Event, Priority, Ticket
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key
from work.claim import claim

pytestmark = pytest.mark.django_db
Right = QueuePermission.Right
DONE, REFUSED, QUEUED, FAILED = BulkTicket.DONE, BulkTicket.REFUSED, BulkTicket.QUEUED, BulkTicket.FAILED


@pytest.fixture
def tickets(queue: Queue) -> list[Ticket]:
    return [make_ticket(queue) for _n in range(3)]


def make_due() -> None:
    BulkTicket.objects.filter(state=QUEUED).update(not_before=timezone.now() - timedelta(seconds=1))


def test_each_ticket_gets_all_of_it_by_one_event_and_one_note(
    owner: Agent, colleague: Agent, tickets: list[Ticket]
) -> None:
    closed = state_by_key("closed_successful")
    bulk = asked(owner, tickets, state=closed, new_owner=colleague, priority=Priority.HIGH)
    assert work_off() == len(tickets)
    assert came_of(bulk) == [(DONE, "")] * len(tickets)
    for ticket in tickets:
        ticket.refresh_from_db()
        assert (ticket.state, ticket.owner, ticket.locked, ticket.priority) == (
            closed,
            colleague,
            False,
            Priority.HIGH,
        )
        event = ticket.events.get(submission=one_of_bulk(bulk.submission, ticket=ticket))
        assert (event.agent, ticket.events.count(), ticket.articles.count()) == (owner, 2, 2)
        assert bulk.rows.get(ticket=ticket).event == event
    assert work_off() == 0


def test_before_it_is_asked_for_nothing_is_done(owner: Agent, tickets: list[Ticket]) -> None:
    bulk = chosen(owner, tickets)
    assert (work_off(), came_of(bulk)) == (0, [(BulkTicket.CHOSEN, "")] * 3)


def test_the_same_form_twice_is_one_and_another_one_is_refused(owner: Agent, tickets: list[Ticket]) -> None:
    bulk, change = chosen(owner, tickets), Change(priority=Priority.HIGH)
    for _time in range(2):
        ask(actor=actor(owner), bulk=bulk, change=change, note=note(digest="a"), now=NOW)
        work_off()
    assert Article.objects.filter(subject="Bulkactie").count() == len(tickets)
    with pytest.raises(BadInput):
        ask(actor=actor(owner), bulk=bulk, change=Change(lock=True), note=note(digest="b"), now=NOW)


@pytest.mark.parametrize("change", [Change(), Change(state=None, lock=None)])
def test_nothing_at_all_is_no_bulk_action(owner: Agent, tickets: list[Ticket], change: Change) -> None:
    with pytest.raises(BadInput):
        ask(actor=actor(owner), bulk=chosen(owner, tickets), change=change, note=note(""), now=NOW)


def test_closed_and_locked_go_not_together(owner: Agent, tickets: list[Ticket]) -> None:
    with pytest.raises(BadInput):
        asked(owner, tickets, state=state_by_key("closed_successful"), lock=True)


def test_what_may_not_be_seen_is_not_chosen(owner: Agent, tickets: list[Ticket], other_queue: Queue) -> None:
    hidden = make_ticket(other_queue)
    bulk = chosen(owner, [tickets[0], hidden])
    assert [row.ticket for row in bulk.rows.all()] == [tickets[0]]
    with pytest.raises(BadInput):
        chosen(owner, [hidden])


def test_more_can_be_chosen_until_it_is_asked_for_and_none_twice(
    owner: Agent, tickets: list[Ticket], colleague: Agent
) -> None:
    first, second, third = tickets
    bulk = chosen(owner, [first, second])
    more = choose(actor=actor(owner), chosen={second.number: 0, third.number: 0}, bulk=bulk, leads_to="/")
    assert (more, bulk.rows.count()) == (bulk, 3)
    ask(actor=actor(owner), bulk=bulk, change=Change(lock=True), note=note(), now=NOW)
    new = choose(actor=actor(owner), chosen={third.number: 0}, bulk=bulk, leads_to="/")
    assert (new != bulk, bulk.rows.count(), new.rows.count()) == (True, 3, 1)
    with pytest.raises(Bulk.DoesNotExist):
        choose(actor=actor(colleague), chosen={third.number: 0}, bulk=new, leads_to="/")


def test_a_thousand_tickets_are_the_most(owner: Agent, ticket: Ticket) -> None:
    numbers = {str(n): 0 for n in range(TICKETS_MOST)}
    assert choose(actor=actor(owner), chosen={ticket.number: 0}, bulk=None, leads_to="").rows.count() == 1
    with pytest.raises(BadInput, match="1000"):
        choose(actor=actor(owner), chosen={ticket.number: 0} | numbers, bulk=None, leads_to="")


def test_one_that_is_skipped_says_why_and_stops_no_other(
    owner: Agent, colleague: Agent, tickets: list[Ticket]
) -> None:
    held, written_to, _free = tickets
    bulk = asked(owner, tickets, state=state_by_key("closed_successful"))
    Ticket.objects.filter(pk=held.pk).update(owner=colleague, locked=True, locked_at=NOW)
    add_follow_up(actor=Actor.mail(), ticket=written_to, article=customer_mail(), now=NOW)
    work_off()
    (one, why), (other, new), last = came_of(bulk)
    assert (one, other, last) == (REFUSED, REFUSED, (DONE, ""))
    assert why.startswith("Colleague heeft dit ticket vergrendeld")
    assert new.startswith("De klant heeft")
    written_to.refresh_from_db()
    assert written_to.is_open


def test_what_a_colleague_changed_after_the_list_was_shown_stays(
    owner: Agent, colleague: Agent, tickets: list[Ticket]
) -> None:
    """Also before it was ticked; what the agent changed themselves in another tab is known to them."""
    theirs, mine, _free = tickets
    ticks = {ticket.number: newest_event(ticket).event for ticket in tickets}
    for agent, ticket, priorities in ((colleague, theirs, (2, 5)), (owner, mine, (2, 5))):
        for priority in priorities:
            asked(agent, [ticket], priority=priority, lock=False)
            work_off()
    bulk = choose(actor=actor(owner), chosen=ticks, bulk=None, leads_to="")
    assert [row.seen_priority for row in bulk.rows.order_by("ticket")] == [3, 5, 3]
    ask(actor=actor(owner), bulk=bulk, change=Change(priority=Priority.HIGH), note=note(), now=NOW)
    work_off()
    (state, why), *others = came_of(bulk)
    assert (state, [state for state, _why in others]) == (REFUSED, [DONE, DONE])
    assert why.startswith("Colleague was je voor")


def test_why_is_said_in_the_language_of_who_asked(
    owner: Agent, colleague: Agent, tickets: list[Ticket]
) -> None:
    Preferences.objects.create(agent=owner, language="en")
    bulk = asked(owner, tickets, lock=True)
    Ticket.objects.update(owner=colleague, locked=True, locked_at=NOW)
    work_off()
    assert all(refusal.startswith("Colleague has locked") for _state, refusal in came_of(bulk))


@pytest.mark.parametrize("lost", ["rights", "access"])
def test_who_lost_their_rights_meanwhile_does_nothing_any_more(
    owner: Agent, tickets: list[Ticket], lost: str
) -> None:
    bulk = asked(owner, tickets, priority=Priority.HIGH)
    if lost == "rights":
        owner.groups.clear()
    else:
        Agent.objects.filter(pk=owner.pk).update(is_active=False)
    work_off()
    assert [state for state, _refusal in came_of(bulk)] == [REFUSED] * 3
    assert not Article.objects.filter(subject="Bulkactie").exists()


def test_a_ticket_that_left_the_agents_sight_is_left_alone(
    owner: Agent, tickets: list[Ticket], other_queue: Queue
) -> None:
    bulk = asked(owner, tickets, lock=True)
    Ticket.objects.filter(pk=tickets[0].pk).update(queue=other_queue)
    work_off()
    assert [state for state, _refusal in came_of(bulk)] == [REFUSED, DONE, DONE]


def test_files_come_along_to_each_ticket(owner: Agent, tickets: list[Ticket]) -> None:
    bulk = chosen(owner, tickets)
    file = make_upload(owner, bulk.submission, name="plan.pdf")
    ask(actor=actor(owner), bulk=bulk, change=Change(), note=note(uploads=(file,)), now=NOW)
    make_upload(owner, bulk.submission, name="later.pdf")
    work_off()
    for ticket in tickets:
        names = ticket.articles.latest("pk").attachments.values_list("name", flat=True)
        assert list(names) == ["plan.pdf"]


def test_a_busy_ticket_waits_and_is_not_counted_as_tried(
    owner: Agent, tickets: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**_given: object) -> None:
        raise TicketBusy

    bulk = asked(owner, tickets, lock=True)
    with monkeypatch.context() as patch:
        patch.setattr(bulk_work, "change_ticket", busy)
        work_off()
    assert set(bulk.rows.values_list("state", "attempts")) == {(QUEUED, 0)}
    make_due()
    work_off()
    assert [state for state, _refusal in came_of(bulk)] == [DONE] * 3


def test_an_error_of_ours_is_tried_three_times_and_kept(
    owner: Agent, tickets: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**given: object) -> None:
        Ticket.objects.update(title="half done")
        raise ValueError("broken\0")

    bulk = asked(owner, tickets[:1], lock=True)
    monkeypatch.setattr(bulk_work, "change_ticket", broken)
    for _attempt in range(TRIES):
        work_off()
        make_due()
    row = bulk.rows.get()
    assert (row.state, row.last_error, row.attempts) == (FAILED, "ValueError: broken", TRIES)
    assert not Ticket.objects.filter(title="half done").exists()
    assert work_off() == 0


def test_one_that_stopped_its_worker_three_times_is_kept(owner: Agent, tickets: list[Ticket]) -> None:
    bulk = asked(owner, tickets[:1], lock=True)
    for _worker in range(TRIES):
        claim(BulkTicket, limit=5, lease=timedelta(0), now=timezone.now())
    work_off()
    assert bulk.rows.get().state == FAILED
    assert not Event.objects.filter(kind="changed_with_others").exists()


def test_after_a_week_it_is_forgotten_unless_something_is_left_to_be_done(
    owner: Agent, queue: Queue, tickets: list[Ticket]
) -> None:
    old, chosen_only, waiting = asked(owner, tickets), chosen(owner, tickets), asked(owner, tickets)
    waiting.rows.update(not_before=timezone.now() + timedelta(days=9))
    work_off()
    fresh = chosen(owner, tickets)
    now = timezone.now()
    Bulk.objects.exclude(pk=fresh.pk).update(created=now - timedelta(days=7, seconds=1))
    assert forget_old(now=now) == 2
    assert set(Bulk.objects.all()) == {waiting, fresh}
    assert not BulkTicket.objects.filter(bulk__in=[old.pk, chosen_only.pk]).exists()


def test_a_ticket_costs_few_statements(owner: Agent, colleague: Agent, tickets: list[Ticket]) -> None:
    grant(colleague, tickets[0].queue, Right.OWNER)
    asked(owner, tickets, state=state_by_key("closed_successful"), new_owner=colleague)
    with CaptureQueriesContext(connection) as sent:
        work_off()
    asked_of = [query["sql"] for query in sent if "SAVEPOINT" not in query["sql"]]
    assert len(asked_of) / len(tickets) <= 16


@pytest.mark.usefixtures("foreign_templates")
def test_a_failed_one_is_tried_again_from_the_admin(
    client: Client, superuser: Agent, owner: Agent, tickets: list[Ticket]
) -> None:
    bulk = asked(owner, tickets, lock=True)
    bulk.rows.update(state=FAILED, attempts=TRIES, last_error="ValueError: broken")
    client.force_login(superuser)
    address = reverse("admin:tickets_bulkticket_changelist")
    page = client.get(address).content.decode()
    assert ("ValueError: broken" in page, tickets[0].number in page) == (True, True)
    row = bulk.rows.earliest("pk")
    client.post(address, {"action": "again", "_selected_action": [row.pk]})
    make_due()
    assert work_off() == 1
    assert sorted(bulk.rows.values_list("state", flat=True)) == [DONE, FAILED, FAILED]
    assert client.post(reverse("admin:tickets_bulkticket_delete", args=[row.pk])).status_code == 403
