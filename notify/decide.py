"""The consumer 'notify': who is told of what happened, decided once an event is committed (OTRS 10)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    OuterRef,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Agent
from accounts.preferences import preferences_of
from notify.claims import IN_VAIN, TAKE_LOCK_AWAY, Around, Claim, asked_in, claims_of, has_note
from notify.hours import tellable_from
from notify.models import Notification
from notify.reach import Reach
from notify.reasons import FOLLOWED_SETTING, IN_WORKING_TIME, ONCE_A_DAY, SETTINGS, Because, right_for
from queues.access import Rights, rights_of_all
from queues.calendars import calendar_of
from queues.models import QueueSubscription
from tickets.kinds import LEAVES_LOCK, EventKind
from tickets.models import Asked, Event, Ticket, TicketWatcher
from tickets.reactions import React
from work.ring import ring
from work.trace import current_trace

SEND = "notify.send"


@contextmanager
def deciding(events: Sequence[Event]) -> Iterator[React]:
    """What decides who is told of one of these events; a row for each is written at the end, all at once.

    Nobody is told twice of an event, of what they did themselves, of what they may not read at this moment or
    have not asked for. Of one who is away their stand-in is told what they would have been, where both may
    read it. Safe to be run twice. Where nobody stands around the tickets it costs one statement for all the
    events, and one more for those without an article, those with a note, and so on, for all of a sort.
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


@dataclass(frozen=True, slots=True)
class _Addressed:
    """What was found, and the agent (by id) to be told of it: who stands in, where it is another one's."""

    found: _Found
    to: int

    @property
    def is_another_ones(self) -> bool:
        """Whether it is told instead of somebody who is away."""
        return self.to != self.found.claim.agent

    @property
    def rank(self) -> tuple[bool, tuple[int, int]]:
        """The lower, the more personal: what is one's own comes first."""
        return self.is_another_ones, self.found.claim.rank

    @property
    def day_key(self) -> tuple[int, int, str]:
        """By which it is told once a day."""
        return self.to, self.found.ticket.pk, self.found.claim.reason


class _Deciding:
    """What the events of one batch share: their tickets, who stands around them, and what was found."""

    def __init__(self, events: Sequence[Event], *, now: datetime) -> None:
        self.now = now
        self.tickets = _tickets_of(events)
        self.around = _around(self.tickets.values(), events=events)
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
        addressed = self._addressed()
        told = _told_today(addressed, now=self.now)
        chosen: dict[tuple[int, int], _Addressed] = {}
        for each in sorted(addressed, key=lambda each: each.rank):
            if each.found.claim.reason in ONCE_A_DAY:
                if each.day_key in told:
                    continue
                told.add(each.day_key)
            chosen.setdefault((each.found.event.pk, each.to), each)
        rows = sorted(chosen.values(), key=lambda each: (each.found.event.pk, each.to))
        if rows:
            since = _since(rows, now=self.now)
            Notification.objects.bulk_create(
                (_row_of(each, since=since.get(each.found.event.pk, self.now)) for each in rows),
                ignore_conflicts=True,
            )
            ring(SEND)

    def _addressed(self) -> list[_Addressed]:
        """Of what was found, what an agent wants and may know, with who is told it at this moment."""
        reach = Reach((found.claim.agent for found in self.found), now=self.now)
        rights = rights_of_all(reach.agents.values())
        addressed = []
        for found in self.found:
            agent = reach.agents.get(found.claim.agent)
            if agent is None or not _wants(agent, found.claim) or not _may(rights[agent.pk], found):
                continue
            to = reach.to_tell(agent)
            if to is None or to.pk == found.event.agent_id or not _may(rights[to.pk], found):
                continue
            addressed.append(_Addressed(found, to.pk))
        return addressed


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


def taken_from(events: Sequence[Event]) -> dict[int, int | None]:
    """Of events with a note: from whom its agent took the ticket by the screen in which they wrote it.

    One statement, none without such events. To open a screen gives a ticket to who opens it, and only the
    event of that tells whose it was before.
    """
    noted = [event.pk for event in events if has_note(event)]
    if not noted:
        return {}
    theirs = Event.objects.filter(ticket=OuterRef("ticket"), agent=OuterRef("agent"), pk__lt=OuterRef("pk"))
    newest = theirs.exclude(kind__in=LEAVES_LOCK).order_by("-pk")
    owner = Case(When(kind=EventKind.TAKEN, then=Cast(KT("changes__owner__0__id"), BigIntegerField())))
    rows = Event.objects.filter(pk__in=noted).annotate(owner=Subquery(newest.values(was=owner)[:1]))
    return dict(rows.values_list("pk", "owner"))


def _askers(events: Sequence[Event]) -> dict[tuple[int, int], int]:
    """(Ticket, who was asked) → who asked, of the questions that events say reach nobody; as above."""
    in_vain = [event for event in events if event.kind in IN_VAIN]
    if not in_vain:
        return {}
    waiting = Asked.objects.filter(
        ticket__in={event.ticket_id for event in in_vain},
        agent__in={agent for event in in_vain for agent in asked_in(event)},
        done_at=None,
    )
    return {(ticket, agent): by for ticket, agent, by in waiting.values_list("ticket", "agent", "asked_by")}


def _around(tickets: Collection[Ticket], *, events: Sequence[Event]) -> Around:
    """In one statement, and one for each sort of event that tells less than has to be known.

    Both kinds of rows of the one are an agent and what they stand around.
    """
    subscribers: dict[int, list[int]] = defaultdict(list)
    followers: dict[int, list[int]] = defaultdict(list)
    queues = QueueSubscription.objects.filter(queue__in={ticket.queue_id for ticket in tickets})
    watched = TicketWatcher.objects.filter(ticket__in={ticket.pk for ticket in tickets})
    by_queue = queues.values_list("agent", "queue", _kind(Because.QUEUE))
    by_ticket = watched.values_list("agent", "ticket", _kind(Because.FOLLOWED))
    for agent, about, kind in by_queue.union(by_ticket, all=True):
        (subscribers if kind == Because.QUEUE else followers)[about].append(agent)
    return Around(
        subscribers=subscribers,
        followers=followers,
        owners=_owners_then(events),
        taken_from=taken_from(events),
        askers=_askers(events),
    )


def _kind(because: Because) -> Value:
    return Value(because.value, output_field=CharField())


def _wants(agent: Agent, claim: Claim) -> bool:
    asked = FOLLOWED_SETTING if claim.because == Because.FOLLOWED else SETTINGS.get(claim.reason)
    return asked is None or bool(getattr(preferences_of(agent), asked))


def _may(rights: Rights, found: _Found) -> bool:
    return rights.may(right_for(found.claim.reason), found.ticket.queue_id)


def _told_today(addressed: Collection[_Addressed], *, now: datetime) -> set[tuple[int, int, str]]:
    """Whom what was told today of what is told once a day; no statement where none of that happened."""
    daily = [each for each in addressed if each.found.claim.reason in ONCE_A_DAY]
    if not daily:
        return set()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    told = Notification.objects.filter(
        agent__in={each.to for each in daily},
        event__ticket__in={each.found.ticket.pk for each in daily},
        reason__in=ONCE_A_DAY,
        created__gte=midnight,
    ).exclude(event__in={each.found.event.pk for each in daily})
    return set(told.values_list("agent", "event__ticket", "reason"))


def _since(rows: Sequence[_Addressed], *, now: datetime) -> dict[int, datetime]:
    """From when on each event is told that is told in the working time of its ticket's queue alone."""
    waiting = [each.found for each in rows if each.found.claim.reason in IN_WORKING_TIME]
    prefetch_related_objects([found.ticket for found in waiting], "queue")
    return {found.event.pk: tellable_from(calendar_of(found.ticket.queue), now=now) for found in waiting}


def _row_of(each: _Addressed, *, since: datetime) -> Notification:
    found = each.found
    return Notification(
        event=found.event,
        agent_id=each.to,
        instead_of_id=found.claim.agent if each.is_another_ones else None,
        reason=found.claim.reason,
        because=found.claim.because,
        created=since,
        not_before=since,
        trace=found.trace,
    )
