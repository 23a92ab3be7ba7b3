"""Working off the events that wait for one consumer: the effect and the end of the task are one commit."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tickets.errors import TicketBusy
from tickets.models import Event, EventTask
from work.away import AWAY, put_back
from work.claim import fail, give_back, held, postpone
from work.drain import drain
from work.trace import traced

logger = logging.getLogger(__name__)

React = Callable[[Event], None]


class BusyError(Exception):
    """What a reaction needs is held by another at this moment; it waits a little."""


BATCH = 20
TRIES = 3
BUSY_DELAY = timedelta(seconds=1)


def work_off(consumer: str, *, react: React) -> int:
    """Let `react` act on each event that waits for this consumer; gives the number of tasks taken up.

    An event whose reaction fails three times is kept as failed, and the admin can have it tried again.
    """

    def work(tasks: Sequence[EventTask]) -> None:
        try:
            for task in tasks:
                with traced(task.trace):
                    _work_one(task, react=react)
        except AWAY:
            put_back(EventTask, rows=tasks)
            raise

    return drain(EventTask, work=work, batch=BATCH, lease=settings.CLAIM_LEASE, only=Q(consumer=consumer))


def _work_one(task: EventTask, *, react: React) -> None:
    if task.attempts > TRIES:
        fail(task, error=task.last_error or "Its worker stopped three times.", now=timezone.now())
        return
    try:
        _react_once(task, react=react)
    except (TicketBusy, BusyError):
        postpone(EventTask, rows=[task], until=timezone.now() + BUSY_DELAY)
    except AWAY:
        raise
    except Exception as error:
        logger.exception("%s of event %s failed", task.consumer, task.event_id)
        _put_aside(task, error=f"{type(error).__name__}: {error}".replace("\0", ""))


@transaction.atomic
def _react_once(task: EventTask, *, react: React) -> None:
    """Nothing happens if the lease is another's by now: then it is theirs to do."""
    if not held(EventTask, rows=[task], now=timezone.now()):
        return
    events = Event.objects.select_related("article__ticket")
    react(events.get(pk=task.event_id))
    task.delete()


def _put_aside(task: EventTask, *, error: str) -> None:
    if task.attempts >= TRIES:
        fail(task, error=error, now=timezone.now())
    else:
        give_back(task, error=error, now=timezone.now())
