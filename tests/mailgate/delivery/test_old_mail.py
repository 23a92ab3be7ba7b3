"""What lay in a mailbox before it was confirmed becomes tickets, and nobody gets a reaction to it."""

from uuid import uuid4

import pytest

from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from tickets.kinds import CONSUMERS, SEARCH, EventKind
from tickets.models import Event, EventTask

pytestmark = pytest.mark.django_db

HEAD = (
    "From: k@post.example\r\nTo: kvv@kvv.example\r\nSubject: Vraag\r\nMessage-ID: <{name}@post.example>\r\n"
)


def arrive(*, name: str, is_old: bool, answers: str = "") -> None:
    more = f"In-Reply-To: <{answers}@post.example>\r\n" if answers else ""
    raw = f"{HEAD.format(name=name)}{more}\r\n{name}\r\n".encode()
    arrival = Arrival(raw=raw, way=InboundMessage.Way.IMAP, uid_identity=f"1:1:{name}", is_old=is_old)
    deliver(take_in_many([arrival], lease=uuid4()))


@pytest.mark.parametrize("is_old", [True, False])
def test_of_old_mail_only_the_search_hears(*, is_old: bool) -> None:
    arrive(name="question", is_old=is_old)
    arrive(name="more", is_old=is_old, answers="question")
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == ["created", "follow_up"]
    told = EventTask.objects.order_by("event", "pk").values_list("consumer", flat=True)
    assert list(told) == 2 * ([SEARCH] if is_old else list(CONSUMERS[EventKind.CREATED]))


def test_a_new_answer_to_an_old_mail_is_told(db: None) -> None:
    arrive(name="question", is_old=True)
    arrive(name="more", is_old=False, answers="question")
    assert {task.event.kind for task in EventTask.objects.exclude(consumer=SEARCH)} == {EventKind.FOLLOW_UP}
