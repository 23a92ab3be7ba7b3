"""The same mail for two queues: one ticket where somebody sees both, else two that know of each other."""

import itertools
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Group
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import NOW, make_agent, make_queue
from tickets.kinds import EventKind
from tickets.models import AlsoReceived, Article, StateType, Ticket
from tickets.states import state_by_key

_ways = itertools.count(1)
Right = QueuePermission.Right
pytestmark = pytest.mark.django_db

MAIL = (
    "From: Karin Klant <karin@post.example>\r\nTo: spel@kvv.example, veiligheid@kvv.example\r\n"
    "Subject: De hike\r\nMessage-ID: <hike@post.example>\r\n\r\n{text}\r\n"
)


def taken_in(*queues: Queue, text: str = "Mag dat?") -> list[InboundMessage]:
    """The mail as each queue's own mailbox gives it."""
    arrivals = [
        Arrival(
            raw=f"Received: by way {next(_ways)}\r\n{MAIL.format(text=text)}".encode(),
            way=InboundMessage.Way.PIPE,
            queue=queue,
        )
        for queue in queues
    ]
    return take_in_many(arrivals, lease=uuid4())


def give(mail: str, queue: Queue) -> InboundMessage:
    """Deliver this mail to this queue."""
    (row,) = take_in_many(
        [Arrival(raw=mail.encode(), way=InboundMessage.Way.PIPE, queue=queue)], lease=uuid4()
    )
    deliver([row])
    row.refresh_from_db()
    return row


def place_of(row: InboundMessage) -> Queue:
    assert row.article is not None
    return row.article.ticket.queue


def come_in(*queues: Queue, text: str = "Mag dat?") -> list[str]:
    """Deliver it to one queue after the other; gives what became of each."""
    states = []
    for queue in queues:
        (row,) = taken_in(queue, text=text)
        deliver([row])
        row.refresh_from_db()
        states.append(row.state)
    return states


@pytest.fixture
def board(queue: Queue, other_queue: Queue) -> Group:
    """People who see both queues."""
    group = Group.objects.create(name="Bestuur")
    group.agents.add(make_agent("voorzitter"))
    for each, right in ((queue, Right.ALL), (other_queue, Right.READ)):
        QueuePermission.objects.create(group=group, queue=each, right=right)
    return group


@pytest.mark.usefixtures("board")
def test_where_a_group_sees_both_queues_it_is_one_ticket_that_says_so(
    queue: Queue, other_queue: Queue
) -> None:
    assert come_in(queue, other_queue, other_queue, queue) == ["delivered", *["duplicate"] * 3]
    article = Article.objects.get()
    kept = InboundMessage.objects.filter(state=InboundMessage.DUPLICATE)
    assert {row.article_id for row in kept} == {article.pk}
    also = AlsoReceived.objects.get()
    assert (also.article, also.queue, also.elsewhere) == (article, other_queue, None)
    event = article.ticket.events.get(kind=EventKind.ALSO_RECEIVED)
    assert event.changes["also_received"][1] == {"id": other_queue.pk, "label": other_queue.name}


@pytest.mark.usefixtures("board")
def test_the_same_batch_may_bring_it_to_both(queue: Queue, other_queue: Queue) -> None:
    deliver(taken_in(queue, other_queue))
    assert (Ticket.objects.get().queue, AlsoReceived.objects.get().queue) == (queue, other_queue)


def test_where_nobody_sees_both_each_queue_has_a_ticket_and_they_know_of_each_other(
    queue: Queue, other_queue: Queue
) -> None:
    third = make_queue("Kamperen")
    expected = ["delivered", "delivered", "duplicate", "duplicate", "delivered", "duplicate"]
    assert come_in(queue, other_queue, queue, other_queue, third, queue) == expected
    links = AlsoReceived.objects.values_list("article__ticket__queue", "queue", "elsewhere__ticket__queue")
    places = {queue.pk, other_queue.pk, third.pk}
    assert set(links) == {(one, other, other) for one in places for other in places - {one}}
    told = Ticket.objects.get(queue=third).events.filter(kind=EventKind.ALSO_RECEIVED)
    assert [event.changes["elsewhere"][1]["label"] for event in told] == [""]


@pytest.mark.parametrize("why", ["nobody in the group", "no right to read", "an inactive agent"])
def test_a_group_whose_people_do_not_see_both_is_none(
    queue: Queue, other_queue: Queue, board: Group, why: str
) -> None:
    if why == "nobody in the group":
        board.agents.clear()
    elif why == "an inactive agent":
        board.agents.update(is_active=False)
    else:
        QueuePermission.objects.filter(queue=other_queue).update(right=Right.CREATE)
    assert come_in(queue, other_queue) == ["delivered", "delivered"]


@pytest.mark.usefixtures("board")
@pytest.mark.parametrize(
    ("state", "became"), [("closed_unsuccessful", "delivered"), ("closed_successful", "duplicate")]
)
def test_a_ticket_that_was_closed_without_an_answer_does_not_stand_for_the_other_queue(
    queue: Queue, other_queue: Queue, state: str, became: str
) -> None:
    """Its people may have closed it because the mail was sent to the others, too."""
    come_in(queue)
    closed = state_by_key(state)
    Ticket.objects.update(state=closed, state_type=StateType.CLOSED, closed_at=NOW)
    assert come_in(other_queue) == [became]


@pytest.mark.usefixtures("board")
def test_where_the_ticket_lies_now_is_what_counts(queue: Queue, other_queue: Queue) -> None:
    come_in(queue)
    Ticket.objects.update(queue=other_queue)
    assert come_in(other_queue) == ["duplicate"]
    assert not AlsoReceived.objects.exists()


@pytest.mark.usefixtures("board")
def test_another_text_under_the_same_id_is_another_mail(queue: Queue, other_queue: Queue) -> None:
    come_in(queue)
    assert come_in(other_queue, text="Iets heel anders") == ["delivered"]
    assert not AlsoReceived.objects.exists()


def more_about_it(text: str) -> str:
    """What the customer adds to the mail that both queues have."""
    answers = "In-Reply-To: <hike@post.example>\r\nMessage-ID: <more"
    return MAIL.format(text=text).replace("Message-ID: <hike", answers)


def test_what_the_customer_adds_for_one_queue_goes_to_that_one(queue: Queue, other_queue: Queue) -> None:
    come_in(queue, other_queue)
    assert place_of(give(more_about_it("Alleen voor jullie"), queue)) == queue


def test_what_the_customer_adds_for_both_reaches_both(queue: Queue, other_queue: Queue) -> None:
    come_in(queue, other_queue)
    more = more_about_it("Voor jullie allebei")
    rows = [give(f"X-Way: {place.pk}\r\n{more}", place) for place in (queue, other_queue)]
    assert [place_of(row) for row in rows] == [queue, other_queue]


def test_a_copy_for_the_first_of_many_queues_is_a_double() -> None:
    queues = [make_queue() for _n in range(11)]
    assert come_in(*queues, queues[0]) == [*["delivered"] * 11, "duplicate"]


ALARM = (
    "From: alarm@post.example\r\nTo: spel@kvv.example\r\nSubject: {subject}\r\n{date}"
    "Message-ID: <alarm@post.example>\r\n\r\n{text}\r\n"
)
TODAY, TOMORROW = (f"Date: Mon, {day} Nov 2026 10:00:00 +0100\r\n" for day in (23, 24))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Alarm", TODAY, "Brand"), ("Alarm", TOMORROW, "Brand")),
        (("Alarm", "", "Brand in lokaal 10"), ("Alarm", "", "Brand in lokaal 1")),
        (("Brand in 1", "", ""), ("Brand in 2", "", "")),
    ],
    ids=["another day", "another room", "another subject"],
)
def test_a_machine_that_gives_all_its_mails_one_id_loses_none(
    queue: Queue, one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    for subject, date, text in (one, other):
        row = give(ALARM.format(subject=subject, date=date, text=text), queue)
        assert row.state == InboundMessage.DELIVERED


def test_a_machine_that_gives_all_its_mails_one_id_costs_no_more_with_the_years(queue: Queue) -> None:
    """Only the newest ten with that id are looked at."""

    def statements(text: str) -> int:
        rows = taken_in(queue, text=text)
        with CaptureQueriesContext(connection) as captured:
            deliver(rows)
        return len(captured)

    costs = [statements(f"Scan {n:02}") for n in range(14)]
    assert costs[-1] == costs[-2] == max(costs)


def by_one_transfer(*queues: Queue, mail: str = MAIL) -> InboundMessage:
    """A mail server hands it over once, for several recipients."""
    recipients = tuple(queue.sender.address for queue in queues if queue.sender)
    raw = f"Received: by way {next(_ways)}\r\n{mail.format(text='Mag dat?')}".encode()
    arrival = Arrival(raw=raw, way=InboundMessage.Way.LISTENER, envelope_to=recipients)
    (row,) = take_in_many([arrival], lease=uuid4())
    deliver([row])
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("header", ["Message-ID", "X-No-Id"])
def test_each_recipient_of_one_transfer_gets_it(queue: Queue, other_queue: Queue, header: str) -> None:
    row = by_one_transfer(queue, other_queue, queue, mail=MAIL.replace("Message-ID", header))
    first, second = Ticket.objects.order_by("pk")
    assert (first.queue, second.queue) == (queue, other_queue)
    assert row.article == first.articles.get()
    assert AlsoReceived.objects.count() == 2
    assert second.number != first.number


@pytest.mark.usefixtures("board")
def test_one_transfer_for_queues_that_somebody_sees_both_of_is_one_ticket(
    queue: Queue, other_queue: Queue
) -> None:
    by_one_transfer(queue, other_queue)
    assert (Ticket.objects.get().queue, AlsoReceived.objects.get().queue) == (queue, other_queue)


def test_a_transfer_that_names_one_queue_more_reaches_that_one_too(queue: Queue, other_queue: Queue) -> None:
    by_one_transfer(queue)
    row = by_one_transfer(queue, other_queue)
    assert (row.state, row.article) == (
        InboundMessage.DELIVERED,
        Article.objects.get(ticket__queue=other_queue),
    )
    assert by_one_transfer(other_queue, queue).state == InboundMessage.DUPLICATE
    assert (Ticket.objects.count(), AlsoReceived.objects.count()) == (2, 2)


def test_a_reply_stays_in_its_ticket_whoever_else_it_is_sent_to(queue: Queue, other_queue: Queue) -> None:
    come_in(queue)
    ticket = Ticket.objects.get()
    reply = MAIL.replace("De hike", f"Re: [Ticket#{ticket.number}] De hike").replace("<hike", "<reply")
    by_one_transfer(queue, other_queue, mail=reply)
    assert Ticket.objects.get().articles.count() == 2


def test_a_reply_that_comes_again_makes_no_ticket_for_whoever_else_it_was_sent_to(
    queue: Queue, other_queue: Queue
) -> None:
    come_in(queue)
    ticket = Ticket.objects.get()
    reply = MAIL.replace("De hike", f"Re: [Ticket#{ticket.number}] De hike").replace("<hike", "<reply")
    states = [by_one_transfer(queue, other_queue, mail=reply).state for _n in range(2)]
    assert states == ["delivered", "duplicate"]
    assert Ticket.objects.count() == 1


@pytest.mark.usefixtures("board")
def test_a_ticket_that_was_closed_without_an_answer_stands_for_no_further_recipient(
    queue: Queue, other_queue: Queue
) -> None:
    by_one_transfer(queue)
    closed = state_by_key("closed_unsuccessful")
    Ticket.objects.update(state=closed, state_type=StateType.CLOSED, closed_at=NOW)
    by_one_transfer(queue, other_queue)
    assert Ticket.objects.filter(queue=other_queue).exists()


def test_a_transfer_for_many_queues_costs_each_of_them_no_more() -> None:
    def statements(count: int) -> int:
        queues = [make_queue() for _n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            by_one_transfer(*queues, mail=MAIL.replace("<hike", f"<hike{count}"))
        assert Ticket.objects.filter(queue__in=queues).count() == count
        return len(captured)

    few, more, many = (statements(count) for count in (5, 10, 20))
    assert many / 20 < more / 10 < few / 5
