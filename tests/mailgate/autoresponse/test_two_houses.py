"""Two KVVs that answer each other, and stop.

Real: two databases, each with its own domain, keys and SystemID, and every byte and envelope that one sends
and the other takes in. Not real: the wire between them, a function here, so that it can be a bad one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import Settings

from blobs.store import read_bytes
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.tasks import autoresponse
from outbox.models import OutboundMessage
from queues.models import MailAddress, Queue
from tests.database import _run_outside, ensure_template
from tests.factories import make_auto_response
from tickets.kinds import EventKind, Withheld
from tickets.models import Event, Ticket
from tickets.states import forget

pytestmark = [
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_is_told"),
]

STEPS_MOST = 40
MARKS = ("Auto-Submitted", "Precedence", "X-Loop", "X-Auto-Response-Suppress")


@dataclass(frozen=True, slots=True)
class Letter:
    """What passes over the wire."""

    raw: bytes
    sender: str
    recipients: tuple[str, ...]


Wire = Callable[[Letter, int], Letter]


@dataclass
class House:
    """An installation: its database, its settings, and how much of its outbox has left."""

    database: str
    domain: str
    system_id: str
    settings: Settings
    left: int = field(default=0)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Be this installation."""
        outside = str(connection.settings_dict["NAME"])
        self._enter(self.database)
        self.settings.MAIL_DOMAIN, self.settings.SYSTEM_ID = self.domain, self.system_id
        self.settings.MESSAGE_ID_KEYS = [f"key of {self.domain}"]
        try:
            yield
        finally:
            self._enter(outside)

    def _enter(self, database: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = database
        forget()

    def move_in(self) -> None:
        """One queue that answers everything by itself."""
        with self.inside():
            queue = Queue.objects.create(name="Vragen")
            queue.sender = MailAddress.objects.create(
                address=f"vragen@{self.domain}", name=self.domain, queue=queue
            )
            queue.save()
            for kind in ("new_ticket", "follow_up", "new_after_closed", "reject"):
                make_auto_response(queue, kind=kind)

    def take(self, letter: Letter) -> list[Letter]:
        """Take a mail in, deliver it, react; gives what leaves."""
        with self.inside():
            arrival = Arrival(
                raw=letter.raw,
                way=InboundMessage.Way.LISTENER,
                envelope_from=letter.sender,
                envelope_to=letter.recipients,
            )
            deliver(take_in_many([arrival], lease=uuid4()))
            autoresponse()
            new = OutboundMessage.objects.filter(pk__gt=self.left).order_by("pk")
            letters = [
                Letter(read_bytes(each.mime_id), each.sender, tuple(map(str, each.recipients.all())))
                for each in new
            ]
            self.left = max([self.left, *new.values_list("pk", flat=True)])
            return letters

    def counts(self) -> tuple[int, int]:
        """Tickets, and mails that left."""
        with self.inside():
            return Ticket.objects.count(), OutboundMessage.objects.count()

    def reasons(self) -> set[str]:
        """Why answers were withheld."""
        with self.inside():
            events = Event.objects.filter(kind=EventKind.AUTO_WITHHELD)
            return {event.changes["withheld"][1]["id"] for event in events}


@pytest.fixture
def houses(settings: Settings) -> Iterator[tuple[House, House]]:
    """Two empty installations; both databases are clones of what a fresh one is."""
    template = ensure_template()
    names = [f"{connection.settings_dict['NAME']}_house_{n}" for n in (1, 2)]
    for name in names:
        _run_outside(f'DROP DATABASE IF EXISTS "{name}"')
        _run_outside(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    first = House(names[0], "een.example", "11", settings)
    second = House(names[1], "twee.example", "22", settings)
    first.move_in()
    second.move_in()
    yield first, second
    for name in names:
        _run_outside(f'DROP DATABASE "{name}"')


def letter(*, sender: str, to: str) -> Letter:
    raw = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: Vraag\r\nMessage-ID: <begin@elders.example>\r\n\r\nHallo\r\n"
    )
    return Letter(raw.encode(), sender, (to,))


def exchange(houses: tuple[House, House], *, wire: Wire) -> int:
    """A mail in the first one's name reaches the second, and so to and fro; gives how many answers left."""
    first, second = houses
    under_way = [(second, letter(sender=f"vragen@{first.domain}", to=f"vragen@{second.domain}"))]
    answers = 0
    while under_way:
        house, one = under_way.pop(0)
        sent = house.take(one)
        answers += len(sent)
        assert answers < STEPS_MOST, "they go on for ever"
        under_way += [(_other(houses, house), wire(each, answers)) for each in sent]
    return answers


def _other(houses: tuple[House, House], house: House) -> House:
    return houses[1] if house is houses[0] else houses[0]


def changed(one: Letter, change: Callable[[Message], None], *, sender: str) -> Letter:
    message = message_from_bytes(one.raw)
    change(message)
    return Letter(message.as_bytes(), sender, one.recipients)


def faithful(one: Letter, step: int) -> Letter:
    return one


def forgetful(one: Letter, step: int) -> Letter:
    """A relay that takes every mark of a machine away, from the envelope too."""

    def strip(message: Message) -> None:
        for name in MARKS:
            del message[name]

    return changed(one, strip, sender="relay@elders.example")


def without_thread(one: Letter, step: int) -> Letter:
    """One that forgets the thread and the number as well: each answer is a new question."""

    def strip(message: Message) -> None:
        for name in (*MARKS, "In-Reply-To", "References", "Subject"):
            del message[name]

    return changed(one, strip, sender="relay@elders.example")


def under_other_names(one: Letter, step: int) -> Letter:
    """One that gives every mail another sender."""

    def rewrite(message: Message) -> None:
        for name in (*MARKS, "From"):
            del message[name]
        message["From"] = f"naam{step}@elders.example"

    return changed(one, rewrite, sender=f"naam{step}@elders.example")


def test_two_that_answer_everything_stop_after_one_answer(houses: tuple[House, House]) -> None:
    assert exchange(houses, wire=faithful) == 1
    first, second = houses
    assert (first.counts(), second.counts()) == ((1, 0), (1, 1))
    assert first.reasons() == {Withheld.AUTOMATIC}


def test_where_the_marks_get_lost_a_ticket_stops_after_three(houses: tuple[House, House]) -> None:
    assert exchange(houses, wire=forgetful) == 6
    first, second = houses
    assert (first.counts(), second.counts()) == ((1, 3), (1, 3))
    assert first.reasons() | second.reasons() == {Withheld.ENOUGH_IN_TICKET}


def test_where_the_thread_gets_lost_an_address_stops_after_ten(houses: tuple[House, House]) -> None:
    assert exchange(houses, wire=without_thread) == 20
    first, second = houses
    assert (first.counts(), second.counts()) == ((10, 10), (11, 10))
    assert first.reasons() | second.reasons() == {Withheld.ENOUGH_FOR_ADDRESS}


def test_senders_that_change_with_each_mail_are_stopped_by_the_ticket(houses: tuple[House, House]) -> None:
    first, _second = houses
    answers = exchange(houses, wire=under_other_names)
    assert answers <= 6
    assert first.reasons() | _second.reasons() == {Withheld.ENOUGH_IN_TICKET}
