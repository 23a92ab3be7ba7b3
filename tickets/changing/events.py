"""Telling what happened: one event an action, and a task for each who must act on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings

from tickets.actor import Actor
from tickets.changing.changes import Side
from tickets.kinds import CONSUMERS, Kind
from tickets.models import Article, Event, EventTask, Ticket
from work.ring import ring
from work.trace import current_trace, traced


@dataclass(frozen=True, slots=True)
class Told:
    """What happened to a ticket, for `record_all`; `trace` says whose story it is part of."""

    ticket: Ticket
    kind: Kind
    article: Article | None = None
    changes: Mapping[str, list[Side]] = field(default_factory=dict)
    submission: UUID | None = None
    quiet: bool = False
    trace: str = field(default_factory=current_trace)


def record(
    *,
    ticket: Ticket,
    kind: Kind,
    actor: Actor,
    now: datetime,
    article: Article | None = None,
    changes: Mapping[str, list[Side]] | None = None,
    submission: UUID | None = None,
    quiet: bool = False,
) -> Event:
    """Append the event, in the action's own transaction, with a task for each consumer of its kind.

    `submission`: the identity of the form that asked for it; a second event of the same raises
    `IntegrityError`. `quiet`: nobody is to react to it, so that no consumer gets a task; nor is what an
    import tells any news.
    """
    told = Told(
        ticket=ticket, kind=kind, article=article, changes=changes or {}, submission=submission, quiet=quiet
    )
    return record_all([told], actor=actor, now=now)[0]


def record_all(told: Sequence[Told], *, actor: Actor, now: datetime) -> list[Event]:
    """Append several, in their order, with the statements of one."""
    events = Event.objects.bulk_create(
        Event(
            ticket=one.ticket,
            article=one.article,
            kind=one.kind,
            actor_kind=actor.kind,
            agent=actor.agent,
            at=now,
            changes=one.changes,
            submission=one.submission,
        )
        for one in told
    )
    tasks = EventTask.objects.bulk_create(
        EventTask(event=event, consumer=consumer, trace=one.trace)
        for one, event in zip(told, events, strict=True)
        for consumer in _consumers(one, actor=actor)
    )
    for task in tasks:
        with traced(task.trace):
            ring(settings.EVENT_CONSUMERS[task.consumer])
    return events


def _consumers(told: Told, *, actor: Actor) -> Sequence[str]:
    is_news = not told.quiet and actor.kind != Event.ActorKind.IMPORT
    return CONSUMERS.get(told.kind, ()) if is_news else ()
