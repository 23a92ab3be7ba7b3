"""A mail's plan: made once, before anything is written, and again only where its own batch changes it."""

from collections.abc import Sequence
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from mailgate.delivery.deliver import deliver
from mailgate.delivery.leads import Leads
from mailgate.delivery.plan import Becomes, Plan, Planner
from mailgate.delivery.turns import Waiting, lock
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.reading.incoming import IncomingMail
from mailgate.reading.read import read_mails
from queues.models import Queue
from tests.factories import NOW, make_queue
from tickets.models import StateType, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

MAIL = "From: {writer}\r\nSubject: De hike\r\nMessage-ID: <{name}@post.example>\r\n{more}\r\nHoi\r\n"
KARIN, PIET = "karin@post.example", "piet@post.example"
WRITES = ("INSERT", "UPDATE", "DELETE")


def arrival(name: str, *, queue: Queue | None = None, more: str = "", writer: str = KARIN) -> Arrival:
    """A mail as the pipe gives it; a name that has another behind it, as 'two>one', answers that one."""
    own, _arrow, answered = name.partition(">")
    answers = f"In-Reply-To: <{answered}@post.example>\r\n" if answered else ""
    raw = MAIL.format(writer=writer, name=own, more=more + answers).encode()
    return Arrival(raw=raw, way=InboundMessage.Way.PIPE, queue=queue)


def taken_in(*names: str, queue: Queue | None = None, more: str = "") -> list[InboundMessage]:
    """Mails of Karin, in one batch."""
    return take_in_many([arrival(name, queue=queue, more=more) for name in names], lease=uuid4())


def planned(mails: Sequence[IncomingMail]) -> list[Plan]:
    """The plans of these mails, with their tickets locked."""
    leads, waiting = Leads(mails), Waiting()
    planner = Planner(leads, lock(leads, mails, waiting=waiting))
    assert not waiting.rows
    return [planner.plan(mail) for mail in mails]


def test_a_new_mail_opens_a_ticket_in_its_queue(queue: Queue) -> None:
    (plan,) = planned(read_mails(taken_in("one", queue=queue)))
    assert (plan.becomes, plan.queue, plan.opens) == (Becomes.NEW, queue, (queue,))
    assert plan.writer is not None
    assert plan.writer.address == "karin@post.example"
    assert (plan.ticket, plan.follow_up, plan.copies, plan.also_received) == (None, None, (), ())


def test_an_answer_joins_its_ticket_and_opens_it(queue: Queue, other_queue: Queue) -> None:
    deliver(taken_in("one", queue=queue))
    (plan,) = planned(read_mails(taken_in("two>one", queue=other_queue)))
    assert (plan.becomes, plan.queue, plan.ticket) == (Becomes.FOLLOW_UP, queue, Ticket.objects.get())
    assert plan.follow_up is not None
    assert (plan.follow_up.is_visible, plan.follow_up.warning, plan.follow_up.reopens) == (True, "", True)
    assert plan.opens == ()


def test_where_a_closed_ticket_takes_nothing_more_a_new_one_takes_its_place(queue: Queue) -> None:
    deliver(taken_in("one", queue=queue))
    closed = state_by_key("closed_successful")
    Ticket.objects.update(state=closed, state_type=StateType.CLOSED, closed_at=NOW)
    Queue.objects.update(follow_up=Queue.FollowUp.NEW_TICKET)
    (plan,) = planned(read_mails(taken_in("two>one", queue=queue)))
    assert (plan.becomes, plan.ticket, plan.opens) == (Becomes.NEW, Ticket.objects.get(), (queue,))


def test_a_copy_for_another_queue_says_what_it_is_a_copy_of(queue: Queue, other_queue: Queue) -> None:
    deliver(taken_in("one", queue=queue))
    article = Ticket.objects.get().articles.get()
    (copy,) = planned(read_mails(taken_in("one", queue=queue, more="X-Way: 2\r\n")))
    assert (copy.becomes, copy.stands, copy.opens) == (Becomes.COPY, article, ())
    (apart,) = planned(read_mails(taken_in("one", queue=other_queue, more="X-Way: 3\r\n")))
    assert (apart.becomes, apart.copies, apart.opens) == (Becomes.NEW, (article,), (other_queue,))


def test_planning_writes_nothing(queue: Queue) -> None:
    deliver(taken_in("one", queue=queue))
    mails = read_mails(taken_in("two>one", "three", "one", queue=make_queue("Kamperen"), more="X-Way: 2\r\n"))
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        plans = planned(mails)
    assert [plan.becomes for plan in plans] == [Becomes.FOLLOW_UP, Becomes.NEW, Becomes.NEW]
    assert not [query["sql"] for query in asked if query["sql"].startswith(WRITES)]


def test_a_plan_is_made_once_but_for_mails_that_speak_of_their_own_batch(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[tuple[str, Becomes]] = []
    plan = Planner.plan

    def counted(planner: Planner, mail: IncomingMail) -> Plan:
        made = plan(planner, mail)
        plans.append((str(mail.parsed.message_id).partition("@")[0], made.becomes))
        return made

    monkeypatch.setattr(Planner, "plan", counted)
    deliver(taken_in("one", "two>one", "three", "four>two", queue=queue))
    first = [(name, Becomes.NEW) for name in ("one", "two", "three", "four")]
    assert plans == [*first, ("two", Becomes.FOLLOW_UP), ("four", Becomes.FOLLOW_UP)]
    assert sorted(ticket.articles.count() for ticket in Ticket.objects.all()) == [1, 3]


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("more", ["", f"Cc: {PIET}\r\n"])
def test_a_stranger_who_answers_is_one_whether_in_the_same_batch_or_later(
    queue: Queue, *, more: str, together: bool
) -> None:
    mails = [arrival("one", queue=queue, more=more), arrival("two>one", queue=queue, writer=PIET)]
    for batch in [mails] if together else [mails[:1], mails[1:]]:
        deliver(take_in_many(batch, lease=uuid4()))
    answer = Ticket.objects.get().articles.get(message_id="two@post.example")
    assert (answer.is_visible, answer.warning) == (False, "unknown_sender")
    own = arrival("three>two", queue=queue)
    deliver(take_in_many([own], lease=uuid4()))
    answer = Ticket.objects.get().articles.get(message_id="three@post.example")
    assert (answer.is_visible, answer.warning) == (True, "")
