"""Telling what happened: one event an action, and a task for each who must act on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from tickets.actor import Actor
from tickets.changing.changes import Side
from tickets.changing.forms import Form
from tickets.kinds import CONSUMERS, MAY_HAVE_NOTE, SEARCH, SILENT, EventKind
from tickets.models import Article, Event, Ticket
from work.ring import ring
from work.trace import current_trace, traced


class NewTask(NamedTuple):
    """An `EventTask` that is to be."""

    event: int
    consumer: str
    trace: str


_ASK = """
    INSERT INTO tickets_eventtask
        (event_id, consumer, trace, state, attempts, not_before, last_error, together)
    SELECT event, consumer, trace, 'queued', 0, now(), '', false
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS asked (event, consumer, trace)
"""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is to be, for `record_all`; `trace` says whose story it is part of."""

    ticket: Ticket
    kind: EventKind
    article: Article | None = None
    changes: Mapping[str, list[Side]] = field(default_factory=dict)
    form: Form | None = None
    quiet: bool = False
    trace: str = field(default_factory=current_trace)


def record(
    *,
    ticket: Ticket,
    kind: EventKind,
    actor: Actor,
    now: datetime,
    article: Article | None = None,
    changes: Mapping[str, list[Side]] | None = None,
    form: Form | None = None,
    quiet: bool = False,
) -> Event:
    """Append the event, in the action's own transaction, with a task for each consumer of its kind.

    `form`: the one that asked for it; a second event of the same identity raises `IntegrityError`.
    `quiet`: nobody is to be told of it, so that no consumer gets a task but the search; what an import tells
    gives none at all.
    """
    new = NewEvent(ticket=ticket, kind=kind, article=article, changes=changes or {}, form=form, quiet=quiet)
    return record_all([new], actor=actor, now=now)[0]


def record_all(new_events: Sequence[NewEvent], *, actor: Actor, now: datetime) -> list[Event]:
    """Append several events, in their order, with the statements of one; each gets its tasks."""
    events = Event.objects.bulk_create(
        Event(
            ticket=new.ticket,
            article=new.article,
            kind=new.kind,
            actor_kind=actor.kind,
            agent=actor.agent,
            at=now,
            changes=new.changes,
            submission=new.form.submission if new.form else None,
            form_digest=new.form.digest if new.form else "",
        )
        for new in new_events
    )
    tasks = [
        NewTask(event=event.pk, consumer=consumer, trace=new.trace)
        for new, event in zip(new_events, events, strict=True)
        for consumer in _consumers(new, actor=actor)
    ]
    if tasks:
        _ask(tasks)
    for task in tasks:
        with traced(task.trace):
            ring(settings.EVENT_CONSUMERS[task.consumer])
    return events


def _ask(tasks: Sequence[NewTask]) -> None:
    """Write down what the consumers have to do. Each mail waits for this, with a row for each consumer, and
    columns of values take PostgreSQL a quarter of what the rows of `bulk_create` do.
    """
    columns = [list(column) for column in zip(*tasks, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_ASK, columns)


def _consumers(new: NewEvent, *, actor: Actor) -> Sequence[str]:
    """Who gets a task: not the search, of what may have a note and has none, for nothing else was said."""
    if actor.kind == Event.ActorKind.IMPORT:
        return ()
    names = CONSUMERS.get(new.kind, ())
    if new.quiet:
        names = tuple(name for name in names if name in SILENT)
    if new.article is None and new.kind in MAY_HAVE_NOTE:
        names = tuple(name for name in names if name != SEARCH)
    return names
