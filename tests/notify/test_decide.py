"""Who is told of what happened, and by which reason (OTRS 10)."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agent, Preferences
from notify.models import Notification
from notify.tasks import decide
from queues.models import MailAddress, Queue, QueuePermission
from tests.factories import NOW, actor, answer, customer_mail, grant, make_agent, make_queue, make_ticket
from tests.notify.telling import ALL, keeps_an_eye_on, subscribe, wants
from tickets.actions.close import close_ticket
from tickets.actions.customer_close import close_by_customer
from tickets.actions.customer_reopen import reopen_by_customer
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket, take_ticket, unlock_ticket
from tickets.actions.move import move_ticket
from tickets.actions.note import add_note
from tickets.actions.owner import change_owner
from tickets.actions.reply import reply_to_ticket
from tickets.actions.undelivered import note_undelivered
from tickets.actions.watch import watch_ticket
from tickets.actor import Actor
from tickets.changing.events import record
from tickets.changing.forms import Form
from tickets.changing.written import Written
from tickets.errors import BadInput, LockedByOther, NotAllowed
from tickets.kinds import EventKind
from tickets.models import Article, Event, EventTask, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def told() -> set[tuple[str, str, str]]:
    """Decide of what waits; gives who is told of it, of what and why."""
    decide()
    new = Notification.objects.filter(attempts=0)
    rows = set(new.values_list("agent__username", "reason", "because"))
    new.update(attempts=1)
    return rows


def note(**changes: Any) -> Written:
    return replace(
        Written(submission=uuid.uuid4(), seen_event=10**9, subject="Notitie", html="<p>Weet jij dit?</p>"),
        **changes,
    )


def reload(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def own(ticket: Ticket, agent: Agent) -> Ticket:
    """The ticket, locked by this agent; nobody is told."""
    lock_ticket(actor=actor(agent), ticket=ticket, now=NOW)
    told()
    return reload(ticket)


def follow_up(ticket: Ticket, **changes: Any) -> None:
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(**changes), now=NOW)


def tell(ticket: Ticket, kind: EventKind, **changes: Any) -> Event:
    return record(ticket=ticket, kind=kind, actor=Actor.timer(), now=NOW, changes=changes)


@pytest.fixture
def keen(owner: Agent, colleague: Agent, queue: Queue) -> None:
    """Both keep an eye on the queue, and want every mail there is."""
    for agent in (owner, colleague):
        keeps_an_eye_on(agent, queue)


def test_of_a_new_ticket_is_told_who_keeps_an_eye_on_its_queue_and_asked_for_it(
    owner: Agent, colleague: Agent, reader: Agent, queue: Queue
) -> None:
    """Off until it is switched on (10.3), for a reader as for anybody; not without the queue being theirs."""
    for agent in (owner, reader):
        subscribe(agent, queue)
    for agent in (colleague, reader):
        wants(agent, "mails_new")
    make_ticket(queue)
    assert told() == {("reader", "new", "queue")}


@pytest.mark.usefixtures("keen")
def test_nobody_is_told_of_a_new_ticket_that_is_closed_already_or_came_long_ago(queue: Queue) -> None:
    make_ticket(queue, state=state_by_key("closed_successful"))
    make_ticket(queue, quiet=True)
    assert told() == set()


@pytest.mark.usefixtures("keen")
def test_a_ticket_made_for_somebody_is_told_them_as_theirs_and_never_who_made_it(
    owner: Agent, colleague: Agent, queue: Queue
) -> None:
    make_ticket(queue, actor=actor(owner), owner=colleague, locked=True)
    assert told() == {("colleague", "owner", "yours")}


@pytest.mark.usefixtures("keen")
def test_a_reaction_is_told_who_owns_the_ticket_and_while_it_is_unlocked_who_has_its_queue(
    owner: Agent, ticket: Ticket
) -> None:
    told()
    follow_up(ticket)
    assert told() == {("owner", "follow_up", "queue"), ("colleague", "follow_up", "queue")}
    ticket = own(ticket, owner)
    follow_up(ticket)
    assert told() == {("owner", "follow_up", "yours")}
    follow_up(ticket, sender_type=Article.SenderType.SYSTEM)
    assert told() == set()
    wants(owner, "mails_new")
    Preferences.objects.update(mails_follow_up=False)
    follow_up(ticket)
    assert told() == set()


@pytest.mark.usefixtures("keen")
def test_a_ticket_that_its_customer_opens_again_is_told_as_a_reaction(owner: Agent, ticket: Ticket) -> None:
    """That they closed it, on their own page, is nobody's news."""
    own(ticket, owner)
    for deed in (close_by_customer, reopen_by_customer):
        form = Form(submission=uuid.uuid4())
        deed(actor=Actor.customer(), ticket=ticket, address="karin@post.example", form=form, now=NOW)
        expected = {("owner", "follow_up", "yours")} if deed is reopen_by_customer else set()
        assert told() == expected


def test_who_follows_a_ticket_is_told_what_its_owner_is_where_they_asked_for_that(
    owner: Agent, reader: Agent, colleague: Agent, ticket: Ticket
) -> None:
    for agent in (reader, colleague):
        watch_ticket(actor=actor(agent), ticket=ticket, now=NOW)
    wants(reader, "mails_followed")
    ticket = own(ticket, owner)
    follow_up(ticket)
    add_note(actor=actor(owner), ticket=ticket, note=note(), now=NOW)
    decide()
    rows = Notification.objects.order_by("pk").values_list("agent__username", "reason", "because")
    assert list(rows) == [("reader", "follow_up", "followed"), ("reader", "note", "followed")]


def test_a_note_of_a_colleague_is_told_the_owner_in_any_case(
    owner: Agent, colleague: Agent, ticket: Ticket
) -> None:
    ticket = own(ticket, owner)
    add_note(actor=actor(owner), ticket=ticket, note=note(), now=NOW)
    assert told() == set()
    add_note(actor=actor(colleague), ticket=ticket, note=note(), now=NOW)
    assert told() == {("owner", "note", "yours")}


def test_a_note_is_told_from_whom_its_deed_took_the_ticket_whether_or_not_its_screen_did_before(
    owner: Agent, colleague: Agent, queue: Queue
) -> None:
    """Who closes a ticket, or waits with it, has it from then on, and who only opens the screen has, too."""
    third = make_agent("third")
    grant(third, queue, QueuePermission.Right.ALL)
    close: dict[str, Any] = {"state": state_by_key("closed_successful"), "now": NOW}

    def by(agent: Agent, *, opens: bool = True) -> dict[str, Any]:
        """What the agent does to a ticket of the owner's that is unlocked."""
        ticket = own(make_ticket(queue), owner)
        unlock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
        if opens:
            take_ticket(actor=actor(agent), ticket=reload(ticket), right="rw", now=NOW)
        return {"actor": actor(agent), "ticket": reload(ticket), "note": note()}

    for opens in (True, False):
        close_ticket(**by(colleague, opens=opens), **close)
        assert told() == {("owner", "note", "yours")}
    add_note(**by(colleague), now=NOW)
    assert told() == {("owner", "note", "yours")}
    change_owner(**by(colleague), new_owner=third, now=NOW)
    assert told() == {("owner", "note", "yours"), ("third", "owner", "yours")}
    deed = by(colleague)
    reply_to_ticket(actor=deed["actor"], ticket=deed["ticket"], answer=answer(deed["ticket"]), now=NOW)
    lock_ticket(actor=deed["actor"], ticket=reload(deed["ticket"]), now=NOW)
    add_note(**deed, now=NOW)  # the ticket is theirs by now, and not only for their screen
    assert told() == set()


def test_a_change_that_was_refused_notifies_nobody(
    owner: Agent, colleague: Agent, reader: Agent, stranger: Agent, ticket: Ticket
) -> None:
    ticket = own(ticket, owner)
    gone: dict[str, Any] = {"ticket": ticket, "note": note(asked=(reader,)), "now": NOW}
    with pytest.raises(NotAllowed):
        add_note(actor=actor(reader), **gone)
    with pytest.raises(LockedByOther):
        close_ticket(actor=actor(colleague), state=state_by_key("closed_successful"), **gone)
    with pytest.raises(BadInput):
        change_owner(actor=actor(colleague), new_owner=stranger, **gone)
    assert told() == set()


def test_two_reasons_for_one_notification_make_one_mail_by_the_most_personal(
    owner: Agent, colleague: Agent, ticket: Ticket
) -> None:
    """What is theirs, before what they follow, before what is in a queue of theirs."""
    wants(owner, *ALL)
    told()
    subscribe(owner, ticket.queue)
    follow_up(ticket)
    assert told() == {("owner", "follow_up", "queue")}
    watch_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    follow_up(ticket)
    assert told() == {("owner", "follow_up", "followed")}
    change_owner(actor=actor(colleague), ticket=ticket, new_owner=owner, note=note(), now=NOW)
    assert told() == {("owner", "owner", "yours")}


def test_a_moved_ticket_is_told_who_has_the_new_queue_unless_it_is_closed_or_given_to_somebody(
    owner: Agent, ticket: Ticket, other_queue: Queue, stranger: Agent
) -> None:
    grant(owner, other_queue, QueuePermission.Right.ALL)
    subscribe(stranger, other_queue)
    wants(stranger, "mails_moved")
    told()

    def move(to: Queue, **values: Any) -> set[tuple[str, str, str]]:
        move_ticket(actor=actor(owner), ticket=reload(ticket), queue=to, note=note(), now=NOW, **values)
        return told()

    assert move(other_queue) == {("stranger", "moved", "queue")}
    assert move(ticket.queue) == set()
    assert move(other_queue, new_owner=stranger) == {("stranger", "owner", "yours")}
    unlock_ticket(actor=actor(stranger), ticket=ticket, now=NOW)
    move(ticket.queue)
    assert move(other_queue, state=state_by_key("closed_successful")) == set()


def test_who_only_has_a_ticket_again_because_a_screen_was_left_is_told_nothing(
    owner: Agent, colleague: Agent, ticket: Ticket, other_queue: Queue
) -> None:
    grant(colleague, other_queue, QueuePermission.Right.ALL)
    grant(owner, other_queue, QueuePermission.Right.ALL)
    ticket = own(ticket, owner)
    unlock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    take_ticket(actor=actor(colleague), ticket=ticket, right="rw", now=NOW)
    empty = note(html="", subject="")
    move_ticket(actor=actor(colleague), ticket=reload(ticket), queue=other_queue, note=empty, now=NOW)
    assert reload(ticket).owner == owner
    assert told() == set()


def test_a_colleague_who_unlocks_my_ticket_is_told_me_even_when_they_take_it_next(
    owner: Agent, colleague: Agent, ticket: Ticket
) -> None:
    ticket = own(ticket, owner)
    asks = f"lock:{owner.pk}"
    unlock_ticket(actor=actor(colleague), ticket=ticket, now=NOW, anyway=[asks])
    lock_ticket(actor=actor(colleague), ticket=reload(ticket), now=NOW)
    assert told() == {("owner", "unlocked", "yours")}
    unlock_ticket(actor=actor(colleague), ticket=reload(ticket), now=NOW)
    assert told() == set()


def test_a_lock_that_timed_out_is_told_its_owner_who_asked_for_it(owner: Agent, ticket: Ticket) -> None:
    ticket = own(ticket, owner)
    tell(ticket, EventKind.LOCK_TIMED_OUT)
    assert told() == set()
    wants(owner, "mails_time_out")
    tell(ticket, EventKind.LOCK_TIMED_OUT)
    assert told() == {("owner", "timed_out", "yours")}


def test_a_reminder_is_told_the_owner_and_of_an_unlocked_ticket_who_has_its_queue_once_a_day(
    owner: Agent, reader: Agent, ticket: Ticket
) -> None:
    subscribe(reader, ticket.queue)
    ticket = own(ticket, owner)
    tell(ticket, EventKind.REMINDED)
    assert told() == {("owner", "reminder", "yours")}
    unlock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    tell(reload(ticket), EventKind.REMINDED)
    tell(reload(ticket), EventKind.REMINDED)
    assert told() == {("reader", "reminder", "queue")}
    Notification.objects.update(created=timezone.now() - timedelta(days=1))
    tell(reload(ticket), EventKind.REMINDED)
    assert told() == {("owner", "reminder", "yours"), ("reader", "reminder", "queue")}


def test_terms_are_told_who_has_the_queue_with_every_right_once_a_day(
    owner: Agent, reader: Agent, ticket: Ticket
) -> None:
    for agent in (owner, reader):
        subscribe(agent, ticket.queue)
    tell(ticket, EventKind.TERM_WARNED)
    tell(ticket, EventKind.TERM_ENDED)
    tell(ticket, EventKind.TERM_ENDED)
    assert told() == {("owner", "term_warned", "queue"), ("owner", "term_ended", "queue")}
    tell(ticket, EventKind.TERM_ENDED)
    assert told() == set()


def test_that_an_answer_did_not_arrive_is_told_who_wrote_it_and_whose_the_ticket_is(
    owner: Agent, colleague: Agent, ticket: Ticket
) -> None:
    sent = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket), now=NOW).written
    change_owner(actor=actor(owner), ticket=reload(ticket), new_owner=colleague, note=note(), now=NOW)
    told()
    failures = {"karin@post.example": "550 no such user"}
    note_undelivered(actor=Actor.mail(), answer=sent, failures=failures, now=NOW)
    assert told() == {("owner", "undelivered", "yours"), ("colleague", "undelivered", "yours")}


@pytest.mark.usefixtures("keen")
def test_an_agent_without_an_address_gets_no_mail_nor_who_may_not_know_and_breaks_none_of_the_others(
    owner: Agent, queue: Queue
) -> None:
    """Nor whose address leads to us, or sent our mails back."""
    names = ("gone", "unreachable", "ours", "returned", "outsider")
    agents = {name: make_agent(name) for name in names}
    for name, agent in agents.items():
        subscribe(agent, queue)
        wants(agent, *ALL)
        if name != "outsider":
            grant(agent, queue, QueuePermission.Right.ALL)
    Agent.objects.filter(username="gone").update(is_active=False)
    Agent.objects.filter(username="unreachable").update(email="")
    MailAddress.objects.create(address=agents["ours"].email, queue=queue, is_active=False)
    Preferences.objects.filter(agent=agents["returned"]).update(mail_stopped_for=agents["returned"].email)
    make_ticket(queue)
    assert told() == {("owner", "new", "queue"), ("colleague", "new", "queue")}
    Agent.objects.filter(username="returned").update(email="elders@post.example")
    make_ticket(queue)
    assert ("returned", "new", "queue") in told()


@pytest.mark.usefixtures("keen")
def test_each_agent_of_a_queue_gets_it_also_who_was_added_yesterday_and_the_administrator(
    superuser: Agent, queue: Queue
) -> None:
    for agent in (superuser, make_agent("added")):
        subscribe(agent, queue)
        wants(agent, "mails_new")
    grant(Agent.objects.get(username="added"), queue, QueuePermission.Right.READ)
    make_ticket(queue)
    assert {name for name, _reason, _because in told()} == {"owner", "colleague", "added", "superuser"}


@pytest.mark.usefixtures("keen")
def test_an_event_that_is_worked_off_twice_is_told_once(owner: Agent, ticket: Ticket) -> None:
    decide()
    EventTask.objects.create(event=ticket.events.get(), consumer="notify")
    decide()
    assert Notification.objects.filter(agent=owner).count() == 1
    assert not EventTask.objects.filter(consumer="notify").exists()


def test_a_batch_in_quiet_queues_costs_one_statement_and_in_others_five(
    owner: Agent, colleague: Agent, queue: Queue, django_capture_on_commit_callbacks: Any
) -> None:
    quiet = make_queue()

    def statements(place: Queue) -> list[str]:
        for _n in range(20):
            make_ticket(place)
        with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks() as rings:
            assert decide() == 20
        assert len(rings) == (place == queue)
        every = [query["sql"] for query in asked.captured_queries]
        return [sql for sql in every if "SAVEPOINT" not in sql and "eventtask" not in sql]

    for agent in (owner, colleague):
        subscribe(agent, queue)
        wants(agent, "mails_new")
    read_events = 1
    assert len(statements(quiet)) == read_events + 1
    assert len(statements(queue)) == read_events + 5
    assert Notification.objects.count() == 40
