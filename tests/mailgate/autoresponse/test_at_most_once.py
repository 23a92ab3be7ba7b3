"""One automatic answer an event, whoever runs twice, at once, or dies on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mailgate.models import AutoResponseSent
from mailgate.tasks import autoresponse
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.factories import customer_mail, make_auto_response, make_ticket
from tests.races.meeting import at_once
from tests.tickets.test_reactions import make_due
from tickets.kinds import AUTORESPONSE, SEARCH, EventKind, Withheld
from tickets.models import Article, Event, EventTask

pytestmark = pytest.mark.usefixtures("nobody_is_told")


@pytest.mark.django_db
def test_the_same_event_twice_is_one_answer(queue: Queue) -> None:
    make_auto_response(queue)
    make_ticket(queue)
    autoresponse()
    EventTask.objects.create(event=Event.objects.get(kind=EventKind.CREATED), consumer=AUTORESPONSE)
    autoresponse()
    assert OutboundMessage.objects.count() == 1
    assert Article.objects.filter(sender_type="system").count() == 1
    assert not EventTask.objects.exists()


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_not_go_over_the_limit(queue: Queue, settings: object) -> None:
    settings.AUTO_RESPONSES_PER_ADDRESS = 1  # type: ignore[attr-defined]  # pytest-django's own
    make_auto_response(queue)
    for _n in range(6):
        make_ticket(queue, article=customer_mail(from_header="x@post.example"))
    at_once(autoresponse, autoresponse, autoresponse)
    make_due()
    autoresponse()
    assert OutboundMessage.objects.count() == 1
    reasons = Event.objects.filter(kind=EventKind.AUTO_WITHHELD).values_list(
        "changes__withheld__1__id", flat=True
    )
    assert list(reasons) == [Withheld.ENOUGH_FOR_ADDRESS] * 5
    assert not EventTask.objects.exists()


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_between_answer_and_end_leaves_neither(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_auto_response(queue)
    make_ticket(queue)

    def die(*_rows: object, **_values: object) -> None:
        raise SystemExit

    monkeypatch.setattr(AutoResponseSent.objects, "bulk_create", die)
    with pytest.raises(SystemExit):
        autoresponse()
    assert not OutboundMessage.objects.exists()
    monkeypatch.undo()
    EventTask.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    autoresponse()
    assert OutboundMessage.objects.count() == 1
    assert not EventTask.objects.exclude(consumer=SEARCH).exists()
