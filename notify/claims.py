"""Who might be told of an event: all for whom there is a reason, before anybody is asked what they want."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from notify.reasons import Because, Reason
from tickets.kinds import MAY_HAVE_NOTE, EventKind
from tickets.models import Article, Event, Ticket

IN_VAIN = (EventKind.OUT_OF_SIGHT, EventKind.ASKED_AWAY)
"""Events that tell of whom a question does not reach."""

TAKE_LOCK_AWAY = (EventKind.UNLOCKED, EventKind.LOCK_TIMED_OUT, EventKind.CHANGED_WITH_OTHERS)
"""Events by which somebody may lose a lock."""

_RANK = {name: rank for names in (Because, Reason) for rank, name in enumerate(names)}


@dataclass(frozen=True, slots=True)
class Claim:
    """One reason to tell an agent (by id)."""

    agent: int
    reason: Reason
    because: Because

    @property
    def rank(self) -> tuple[int, int]:
        """The lower, the more personal."""
        return _RANK[self.because], _RANK[self.reason]


@dataclass(frozen=True, slots=True)
class Around:
    """Who stands around tickets, by ids: queue → whose 'Mijn wachtrijen' it is in; ticket → who follows it.

    `owners`: event → whose the ticket was then, where it has another owner by now; `taken_from`: event →
    from whom a screen had taken it, in which the note of the event was written; `askers`: (ticket, who was
    asked) → who asked.
    """

    subscribers: Mapping[int, Collection[int]]
    followers: Mapping[int, Collection[int]]
    owners: Mapping[int, int | None]
    taken_from: Mapping[int, int | None] = field(default_factory=dict)
    askers: Mapping[tuple[int, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _News:
    """One thing to be told: to whom it concerns, and whether those who follow the ticket, or have its queue
    among theirs, are told, too."""

    reason: Reason
    whom: Collection[int | None] = ()
    followers: bool = False
    queue: bool = False


def claims_of(event: Event, *, ticket: Ticket, around: Around) -> Iterator[Claim]:
    """All reasons that this event gives, of who did it themselves, too; `ticket` as it is now."""
    for news in _news_of(event, ticket, around):
        for agent in filter(None, news.whom):
            yield Claim(agent, news.reason, Because.YOURS)
        for agent in around.followers.get(ticket.pk, ()) if news.followers else ():
            yield Claim(agent, news.reason, Because.FOLLOWED)
        for agent in around.subscribers.get(ticket.queue_id, ()) if news.queue else ():
            yield Claim(agent, news.reason, Because.QUEUE)


def asked_in(event: Event) -> dict[int, str]:
    """Whom the event says are asked, or reached by no question: their ids, and what they are called."""
    key = event.kind if event.kind in IN_VAIN else "asked"
    named = (name.partition(":") for name in event.changes)
    return {int(pk): event.changes[f"{key}:{pk}"][1]["label"] for kind, _colon, pk in named if kind == key}


def has_note(event: Event) -> bool:
    """Whether an agent wrote a note by it, alone or beside a change."""
    article = event.article
    if article is None or event.kind not in MAY_HAVE_NOTE:
        return False
    return article.sender_type == Article.SenderType.AGENT and article.channel == Article.Channel.NOTE


def _news_of(event: Event, ticket: Ticket, around: Around) -> Iterator[_News]:
    """What the event is news of (OTRS 10.2, 10.12 to 10.17)."""
    owner = around.owners.get(event.pk, ticket.owner_id)
    yield from _changed(event, ticket, around)
    if event.kind in (EventKind.FOLLOW_UP, EventKind.FOLLOW_UP_REFUSED, EventKind.BOUNCED):
        yield from _came_in(event, ticket)
    elif event.kind == EventKind.CUSTOMER_REOPENED:
        yield _reaction(ticket)
    elif event.kind == EventKind.LOCK_TIMED_OUT:
        yield _News(Reason.TIMED_OUT, [owner])
    elif event.kind in TAKE_LOCK_AWAY and _side(event, "locked") == 0:
        # A timer frees only what is of somebody who can't sign in.
        yield _News(Reason.UNLOCKED, [owner])
    elif event.kind in IN_VAIN:
        yield _News(Reason(event.kind), [around.askers.get((ticket.pk, agent)) for agent in asked_in(event)])
    elif event.kind in _ALARMS and ticket.is_open:
        yield _ALARMS[event.kind](ticket)


def _changed(event: Event, ticket: Ticket, around: Around) -> Iterator[_News]:
    """A ticket that is new, or whose owner or queue is, and who is asked or what was noted beside any change.

    Of a note is told, too, from whom its deed took the ticket, or the screen that it was written in: who
    closes a ticket, or waits with it, has it from then on.
    """
    new_owner = _new_owner(event)
    if new_owner is not None:
        yield _News(Reason.OWNER, [new_owner])
    if asked := asked_in(event):
        yield _News(Reason.ASKED, asked)
    if has_note(event):
        had_it = _side(event, "owner", before=True)
        whose = [*_owners(ticket), had_it]
        if event.agent_id in (ticket.owner_id, had_it):
            whose.append(around.taken_from.get(event.pk))
        yield _News(Reason.NOTE, whose, followers=True)
    if event.kind == EventKind.CREATED:
        if ticket.is_open:
            yield _News(Reason.NEW, queue=True)
    elif "queue" in event.changes and ticket.is_open and new_owner is None:
        yield _News(Reason.MOVED, queue=True)


def _came_in(event: Event, ticket: Ticket) -> Iterator[_News]:
    """A reaction, but for what a mail system reports; an answer of ours that somebody did not get."""
    article = event.article
    if article is None or article.sender_type == Article.SenderType.SYSTEM:
        return
    if event.kind == EventKind.BOUNCED:
        whose = [article.agent_id, article.writer_id, *_owners(ticket)]
        yield _News(Reason.UNDELIVERED, whose, followers=True)
    else:
        yield _reaction(ticket)


def _reaction(ticket: Ticket) -> _News:
    return _News(Reason.FOLLOW_UP, _owners(ticket), followers=True, queue=not ticket.locked)


_ALARMS: dict[str, Callable[[Ticket], _News]] = {
    EventKind.REMINDED: lambda ticket: _News(
        Reason.REMINDER, _owners(ticket), followers=True, queue=not ticket.locked
    ),
    EventKind.TERM_ENDED: lambda _ticket: _News(Reason.TERM_ENDED, queue=True),
    EventKind.TERM_WARNED: lambda _ticket: _News(Reason.TERM_WARNED, queue=True),
}
"""What the clock tells of an open ticket."""


def _owners(ticket: Ticket) -> Collection[int | None]:
    return ticket.owner_id, ticket.responsible_id


def _new_owner(event: Event) -> int | None:
    """Whom the ticket was given to; who only has it again, as a screen gave it back, has it unlocked."""
    return _side(event, "owner") if _side(event, "locked") != 0 else None


def _side(event: Event, field: str, *, before: bool = False) -> int | None:
    """What a field of numbers came to by the event, or what it was before."""
    sides = event.changes.get(field)
    return sides[0 if before else 1]["id"] if sides else None
