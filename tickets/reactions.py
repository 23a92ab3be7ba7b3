"""Working off the events that wait for one consumer: the effect and the end of the task are one commit.

A batch is one transaction with a savepoint for each task, so that one that fails takes no other with it.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tickets.changing.locking import savepoint_of_action
from tickets.errors import TicketBusy
from tickets.kinds import SILENT
from tickets.models import Event, EventTask
from work.away import AWAY, put_back
from work.claim import fail, give_back, held, postpone
from work.drain import drain
from work.trace import traced

logger = logging.getLogger(__name__)

React = Callable[[Event], None]
Prepare = Callable[[Sequence[Event]], AbstractContextManager[React]]
Broken = tuple[EventTask, Exception]


class BusyError(Exception):
    """What a reaction needs is held by another at this moment; it waits a little."""


BATCH = 20
TRIES = 3
BUSY_DELAY = timedelta(seconds=1)


def work_off(consumer: str, *, prepare: Prepare, batch: int = BATCH) -> int:
    """Act on each event that waits for this consumer; gives the number of tasks taken up.

    `prepare` is given the events of a batch, in its transaction, and gives what acts on one of them; after
    the last it is left, in the same transaction. An event whose reaction fails three times is kept as failed,
    and the admin can have it tried again.
    """

    def work(tasks: Sequence[EventTask]) -> None:
        try:
            for group in _groups(tasks):
                _work_group(group, prepare=prepare)
        except AWAY:
            put_back(EventTask, rows=tasks)
            raise

    return drain(EventTask, work=work, batch=batch, lease=settings.CLAIM_LEASE, only=Q(consumer=consumer))


def _groups(tasks: Sequence[EventTask]) -> Iterator[list[EventTask]]:
    """The fresh ones together; each that was tried before alone, after them."""
    if fresh := [task for task in tasks if task.attempts <= 1]:
        yield fresh
    for task in tasks:
        if task.attempts > TRIES:
            fail(task, error=task.last_error or "Its worker stopped three times.", now=timezone.now())
        elif task.attempts > 1:
            yield [task]


def _work_group(tasks: list[EventTask], *, prepare: Prepare) -> None:
    """All at once; if that fails by an error of ours, each alone, so that none suffers for another."""
    try:
        broken = _work_together(tasks, prepare=prepare)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001  (recorded on the task below, or tried again alone)
        if len(tasks) > 1:
            for task in tasks:
                _work_group([task], prepare=prepare)
            return
        broken = [(tasks[0], error)]
    for task, trouble in broken:
        with traced(task.trace):
            _put_aside(task, trouble)


@transaction.atomic
def _work_together(tasks: list[EventTask], *, prepare: Prepare) -> list[Broken]:
    """Nothing happens to a task whose lease is another's by now; gives those that failed, and why."""
    mine = held(EventTask, rows=tasks, now=timezone.now())
    if not mine:
        return []
    events = Event.objects.select_related("article__ticket").in_bulk([task.event_id for task in mine])
    broken: list[Broken] = []
    done: list[int] = []
    with prepare([events[task.event_id] for task in mine]) as react:
        for task in mine:
            try:
                with traced(task.trace), savepoint_of_action():
                    react(events[task.event_id])
            except AWAY:
                raise
            except Exception as error:  # noqa: BLE001  (recorded on the task once the others are safe)
                broken.append((task, error))
            else:
                done.append(task.pk)
    EventTask.objects.filter(pk__in=done).delete()
    return broken


def _put_aside(task: EventTask, error: Exception) -> None:
    now = timezone.now()
    if isinstance(error, TicketBusy | BusyError):
        postpone(EventTask, rows=[task], until=now + BUSY_DELAY)
        return
    logger.error("%s of event %s failed", task.consumer, task.event_id, exc_info=error)
    sentence = f"{type(error).__name__}: {error}".replace("\0", "")
    if task.attempts >= TRIES:
        fail(task, error=sentence, now=now)
    else:
        give_back(task, error=sentence, now=now)


def hold_waiting() -> int:
    """Keep back what waits to tell somebody: where the database was before, it may have been done since."""
    waiting = EventTask.objects.filter(state__in=(EventTask.QUEUED, EventTask.CLAIMED))
    return waiting.exclude(consumer__in=SILENT).update(state=EventTask.HELD, lease=None, leased_until=None)


def release_held() -> int:
    """Let them be done after all; gives the number."""
    return EventTask.objects.filter(state=EventTask.HELD).update(state=EventTask.QUEUED, attempts=0)


def drop_held() -> int:
    """Let them never be done; gives the number."""
    dropped, _of_each = EventTask.objects.filter(state=EventTask.HELD).delete()
    return dropped
