"""The consumer 'notify': who is told of what happened, decided once an event is committed (OTRS 10)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Value, prefetch_related_objects
from django.utils import timezone

from accounts.models import Agent
from accounts.preferences import preferences_of
from notify.claims import TAKE_LOCK_AWAY, Around, Claim, claims_of
from notify.models import Notification
from notify.reach import reachable
from notify.reasons import FOLLOWED_SETTING, ONCE_A_DAY, SETTINGS, Because, right_for
from queues.access import Rights, rights_of_all
from queues.models import QueueSubscription
from tickets.models import Event, Ticket, TicketWatcher
from tickets.reactions import React
from work.ring import ring
from work.trace import current_trace

SEND = "notify.send"


@contextmanager
def deciding(events: Sequence[Event]) -> Iterator[React]:
    """What decides who is told of one of these events; a row for each is written at the end, all at once.

    Nobody is told twice of an event, of what they did themselves, of what they may not read at this moment or
    have not asked for. Safe to be run twice. Where nobody stands around the tickets it costs one statement
    for all the events, and one more for those without an article.
    """
    batch = _Deciding(events, now=timezone.now())
    yield batch.decide
    batch.write()


@dataclass(frozen=True, slots=True)
class _Found:
    """A claim with its event and ticket, and the story that it is part of."""

    event: Event
    ticket: Ticket
    claim: Claim
    trace: str

    @property
    def day_key(self) -> tuple[int, int, str]:
        """By which it is told once a day."""
        return self.claim.agent, self.ticket.pk, self.claim.reason


class _Deciding:
    """What the events of one batch share: their tickets, who stands around them, and what was found."""

    def __init__(self, events: Sequence[Event], *, now: datetime) -> None:
        self.now = now
        self.tickets = _tickets_of(events)
        self.around = _around(self.tickets.values(), owners=_owners_then(events))
        self.found: list[_Found] = []

    def decide(self, event: Event) -> None:
        """Remember everybody for whom this event is a reason, but who did it."""
        ticket, trace = self.tickets[event.pk], current_trace()
        claims = claims_of(event, ticket=ticket, around=self.around)
        self.found += [
            _Found(event, ticket, claim, trace) for claim in claims if claim.agent != event.agent_id
        ]

    def write(self) -> None:
        """A row for each event and agent, by the most personal reason that holds, and a ring for all."""
        if not self.found:
            return
        agents = {agent.pk: agent for agent in reachable(found.claim.agent for found in self.found)}
        rights = rights_of_all(agents.values())
        told = _told_today(self.found, now=self.now)
        chosen: dict[tuple[int, int], _Found] = {}
        for found in sorted(self.found, key=lambda found: found.claim.rank):
            agent = agents.get(found.claim.agent)
            if agent is None or not _wants(agent, found.claim) or not _may(rights[agent.pk], found):
                continue
            if found.claim.reason in ONCE_A_DAY:
                if found.day_key in told:
                    continue
                told.add(found.day_key)
            chosen.setdefault((found.event.pk, agent.pk), found)
        rows = sorted(chosen.values(), key=lambda found: (found.event.pk, found.claim.agent))
        if rows:
            Notification.objects.bulk_create(
                (_row_of(found, now=self.now) for found in rows), ignore_conflicts=True
            )
            ring(SEND)


def _tickets_of(events: Sequence[Event]) -> dict[int, Ticket]:
    """By the id of the event; those of events without an article in one statement."""
    alone = [event for event in events if event.article is None]
    prefetch_related_objects(alone, "ticket")
    return {event.pk: event.article.ticket if event.article else event.ticket for event in events}


def _owners_then(events: Sequence[Event]) -> dict[int, int | None]:
    """Of events that took a lock away: whose it was, where the ticket has changed hands in or since them.

    One statement, none without such events. Who takes a lock away often takes the ticket next.
    """
    unlocking = [event for event in events if event.kind in TAKE_LOCK_AWAY]
    if not unlocking:
        return {}
    tickets = {event.ticket_id for event in unlocking}
    since = Event.objects.filter(ticket__in=tickets, pk__gte=min(event.pk for event in unlocking))
    handed = list(since.filter(changes__has_key="owner").order_by("pk"))
    owners: dict[int, int | None] = {}
    for event in unlocking:
        for later in handed:
            if later.ticket_id == event.ticket_id and later.pk >= event.pk:
                owners[event.pk] = later.changes["owner"][0]["id"]
                break
    return owners


def _around(tickets: Collection[Ticket], *, owners: Mapping[int, int | None]) -> Around:
    """In one statement; both kinds of rows are an agent and what they stand around."""
    subscribers: dict[int, list[int]] = defaultdict(list)
    followers: dict[int, list[int]] = defaultdict(list)
    queues = QueueSubscription.objects.filter(queue__in={ticket.queue_id for ticket in tickets})
    watched = TicketWatcher.objects.filter(ticket__in={ticket.pk for ticket in tickets})
    by_queue = queues.values_list("agent", "queue", _kind(Because.QUEUE))
    by_ticket = watched.values_list("agent", "ticket", _kind(Because.FOLLOWED))
    for agent, about, kind in by_queue.union(by_ticket, all=True):
        (subscribers if kind == Because.QUEUE else followers)[about].append(agent)
    return Around(subscribers=subscribers, followers=followers, owners=owners)


def _kind(because: Because) -> Value:
    return Value(because.value, output_field=CharField())


def _wants(agent: Agent, claim: Claim) -> bool:
    asked = FOLLOWED_SETTING if claim.because == Because.FOLLOWED else SETTINGS.get(claim.reason)
    return asked is None or bool(getattr(preferences_of(agent), asked))


def _may(rights: Rights, found: _Found) -> bool:
    return rights.may(right_for(found.claim.reason), found.ticket.queue_id)


def _told_today(found: Collection[_Found], *, now: datetime) -> set[tuple[int, int, str]]:
    """Whom what was told today of what is told once a day; no statement where none of that happened."""
    daily = [each for each in found if each.claim.reason in ONCE_A_DAY]
    if not daily:
        return set()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    told = Notification.objects.filter(
        agent__in={each.claim.agent for each in daily},
        event__ticket__in={each.ticket.pk for each in daily},
        reason__in=ONCE_A_DAY,
        created__gte=midnight,
    ).exclude(event__in={each.event.pk for each in daily})
    return set(told.values_list("agent", "event__ticket", "reason"))


def _row_of(found: _Found, *, now: datetime) -> Notification:
    return Notification(
        event=found.event,
        agent_id=found.claim.agent,
        reason=found.claim.reason,
        because=found.claim.because,
        created=now,
        not_before=now,
        trace=found.trace,
    )
