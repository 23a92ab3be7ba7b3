"""Telling what happened: one event an action, and a task for each who must act on it."""

from datetime import datetime

from django.conf import settings

from tickets.actor import Actor
from tickets.changes import Side
from tickets.kinds import CONSUMERS, Kind
from tickets.models import Article, Event, EventTask, Ticket
from work.ring import ring


def record(
    *,
    ticket: Ticket,
    kind: Kind,
    actor: Actor,
    now: datetime,
    article: Article | None = None,
    changes: dict[str, list[Side]] | None = None,
    quiet: bool = False,
) -> Event:
    """Append the event, in the action's own transaction, with a task for each consumer of its kind.

    `quiet`: nobody is to react to it, so that no consumer gets a task; nor is what an import tells any news.
    """
    event = Event.objects.create(
        ticket=ticket,
        article=article,
        kind=kind,
        actor_kind=actor.kind,
        agent=actor.agent,
        at=now,
        changes=changes or {},
    )
    consumers = CONSUMERS.get(kind, ()) if not (quiet or actor.kind == Event.ActorKind.IMPORT) else ()
    EventTask.objects.bulk_create(EventTask(event=event, consumer=consumer) for consumer in consumers)
    for consumer in consumers:
        ring(settings.EVENT_CONSUMERS[consumer])
    return event
