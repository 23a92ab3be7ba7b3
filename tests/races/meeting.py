"""Two who meet at the same point, so that a race is the same every time: no sleeps, only barriers."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import pytest
from django.db import connection

from tickets.changing import frame, locking
from tickets.errors import Refusal
from tickets.models import Ticket

PATIENCE_SECONDS = 20
LOCKS_TICKETS = re.compile(r'FROM "tickets_ticket" .* FOR NO KEY UPDATE')
RELATED = ("queue__sender", "state", "owner", "customer")


@contextmanager
def those_who_meet(number: int) -> Iterator[ThreadPoolExecutor]:
    """So many of them, each with a connection that is kept from one meeting to the next."""
    with ThreadPoolExecutor(number) as people:
        yield people
        leave = threading.Barrier(number)
        for gone in [people.submit(_leave, leave) for _each in range(number)]:
            gone.result()


def _leave(leave: threading.Barrier) -> None:
    leave.wait(PATIENCE_SECONDS)  # so that each of them is asked
    connection.close()


def at_once(*deeds: Callable[[], object], by: ThreadPoolExecutor | None = None) -> list[object]:
    """Do all at the same moment; gives what each returned, or refused with, or what the database said.

    `by`: who does them, if they meet again.
    """
    if by is None:
        with those_who_meet(len(deeds)) as people:
            return at_once(*deeds, by=people)
    start = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        try:
            start.wait(PATIENCE_SECONDS)
            return deed()
        except Refusal as refusal:
            return refusal

    return list(by.map(run, deeds))


def at_the_lock(
    *deeds: Callable[[], object],
    lock: re.Pattern[str] = LOCKS_TICKETS,
    by: ThreadPoolExecutor | None = None,
) -> list[object]:
    """Do all at the same moment, so that they arrive together at the first ticket that they lock.

    However long each has to look around before that. One who locks none keeps nobody waiting. `lock`: the
    statement that they meet before, where it is another; `by`: who does them, if they meet again.
    """
    meet = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        with connection.execute_wrapper(_Arrival(meet, lock)):
            try:
                return deed()
            finally:
                meet.abort()

    return at_once(*(partial(run, deed) for deed in deeds), by=by)


class _Arrival:
    """Sees the statements of a connection, and waits for the others before the first that locks."""

    def __init__(self, meet: threading.Barrier, lock: re.Pattern[str]) -> None:
        self.meet, self.lock = meet, lock
        self.is_there = False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not self.is_there and self.lock.search(sql):
            self.is_there = True
            with suppress(threading.BrokenBarrierError):
                self.meet.wait(PATIENCE_SECONDS)
        return execute(sql, *rest)


@contextmanager
def unlocked(parties: int = 2) -> Iterator[None]:
    """What would be without the lock: all have read the ticket before the first of them writes."""
    meet = threading.Barrier(parties)

    def read(*ids: int, wait: bool = True) -> list[Ticket]:
        tickets = list(Ticket.objects.filter(pk__in=ids).order_by("pk").select_related(*RELATED))
        meet.wait(PATIENCE_SECONDS)
        return tickets

    with _instead_of_the_lock(read):
        yield


@contextmanager
def locked(parties: int = 2) -> Iterator[None]:
    """The real lock, at which all arrive at the same moment, whatever they have looked at before."""
    meet = threading.Barrier(parties)

    def lock_at_once(*ids: int, wait: bool = True) -> list[Ticket]:
        meet.wait(PATIENCE_SECONDS)
        return locking.lock_tickets(*ids, wait=wait)

    with _instead_of_the_lock(lock_at_once):
        yield


@contextmanager
def just_before_the_lock(deed: Callable[[], object]) -> Iterator[list[object]]:
    """The first who comes to the lock has looked already; before they get it, this is done and committed.

    Gives a list that the deed's result is put into.
    """
    waiting, done = [deed], list[object]()

    def do_and_lock(*ids: int, wait: bool = True) -> list[Ticket]:
        if waiting:
            done.extend(at_once(waiting.pop()))
        return locking.lock_tickets(*ids, wait=wait)

    with _instead_of_the_lock(do_and_lock):
        yield done


@contextmanager
def _instead_of_the_lock(stand_in: Callable[..., list[Ticket]]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frame, "lock_tickets", stand_in)
        yield
