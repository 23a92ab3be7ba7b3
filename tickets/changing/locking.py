"""The only way to lock tickets, and the frame that every action runs in.

Order everywhere: inbound row, tickets by id, drafts, outbox rows; customers and queues are never locked.
`lock_timeout` is three seconds on every connection (see the setting DATABASES).
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from psycopg2.errors import DeadlockDetected, LockNotAvailable

from tickets.errors import TicketBusy
from tickets.models import Ticket

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 3

_has_savepoint: ContextVar[bool] = ContextVar("has_savepoint", default=False)


def lock_tickets(*ids: int, wait: bool = True) -> list[Ticket]:
    """Lock the tickets, in order of id, and give them as they are now; without `wait` only the free ones.

    `no_key` matters: a plain FOR UPDATE blocks every insert of an article of the ticket. Locked first and
    read after: who waited for a lock would get the ticket's new row joined to its old queue and owner.
    Raises `TicketBusy` when another holds one for three seconds, `Ticket.DoesNotExist` if one is gone.
    """
    distinct = sorted(set(ids))
    tickets = Ticket.objects.filter(pk__in=distinct).order_by("pk")
    lock = tickets.select_for_update(no_key=True, of=("self",), skip_locked=not wait).values_list(
        "pk", flat=True
    )
    with refused_when_busy():
        locked = list(lock)
    if wait and len(locked) != len(distinct):
        raise Ticket.DoesNotExist
    now = Ticket.objects.filter(pk__in=locked).order_by("pk")
    return list(now.select_related("queue__sender", "state", "owner", "customer"))


@contextmanager
def refused_when_busy() -> Iterator[None]:
    """A lock that another holds for three seconds is a `TicketBusy`, and the transaction can go on."""
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise TicketBusy from error
        raise


@contextmanager
def savepoint_of_action() -> Iterator[None]:
    """A savepoint for one action and what goes with it, made by the caller: the action makes none.

    What the action raises has to leave the block.
    """
    with transaction.atomic():
        before = _has_savepoint.set(True)
        try:
            yield
        finally:
            _has_savepoint.reset(before)


def atomic_action(action: Callable[P, T]) -> Callable[P, T]:
    """Run an action in one transaction, and again, twice at most, when PostgreSQL broke a deadlock with it.

    Inside a transaction of the caller it is a part of that one and is not run again. A row that another holds
    for three seconds is a `TicketBusy`, whichever it is: a customer's, whose tickets are counted.
    """

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        tries = 1 if connection.in_atomic_block else TRIES
        for left in reversed(range(tries)):
            try:
                with transaction.atomic(savepoint=not _has_savepoint.get()):
                    return action(*args, **kwargs)
            except OperationalError as error:
                if isinstance(error.__cause__, LockNotAvailable):
                    raise TicketBusy from error
                if not left or not isinstance(error.__cause__, DeadlockDetected):
                    raise
        raise AssertionError("the last try returns or raises")

    return run
