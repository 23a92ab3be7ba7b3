"""Who might be told of an event: all for whom there is a reason, before anybody is asked what they want."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from notify.reasons import Because, Reason
from tickets.kinds import MAY_HAVE_NOTE, EventKind
from tickets.models import Article, Event, Ticket

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

    `owners`: event → whose the ticket was then, where it has another owner by now.
    """

    subscribers: Mapping[int, Collection[int]]
    followers: Mapping[int, Collection[int]]
    owners: Mapping[int, int | None]


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
    for news in _news_of(event, ticket, owner=around.owners.get(event.pk, ticket.owner_id)):
        for agent in filter(None, news.whom):
            yield Claim(agent, news.reason, Because.YOURS)
        for agent in around.followers.get(ticket.pk, ()) if news.followers else ():
            yield Claim(agent, news.reason, Because.FOLLOWED)
        for agent in around.subscribers.get(ticket.queue_id, ()) if news.queue else ():
            yield Claim(agent, news.reason, Because.QUEUE)


def _news_of(event: Event, ticket: Ticket, *, owner: int | None) -> Iterator[_News]:
    """What the event is news of (OTRS 10.2, 10.12 to 10.17); `owner`: whose the ticket was then."""
    yield from _changed(event, ticket)
    if event.kind in (EventKind.FOLLOW_UP, EventKind.FOLLOW_UP_REFUSED, EventKind.BOUNCED):
        yield from _came_in(event, ticket)
    elif event.kind == EventKind.LOCK_TIMED_OUT:
        yield _News(Reason.TIMED_OUT, [owner])
    elif event.kind in TAKE_LOCK_AWAY and _after(event, "locked") == 0:
        # A timer frees only what is of somebody who can't sign in.
        yield _News(Reason.UNLOCKED, [owner])
    elif event.kind in _ALARMS and ticket.is_open:
        yield _ALARMS[event.kind](ticket)


def _changed(event: Event, ticket: Ticket) -> Iterator[_News]:
    """A ticket that is new, or whose owner or queue is, and what was noted beside any change of it."""
    new_owner = _new_owner(event)
    if new_owner is not None:
        yield _News(Reason.OWNER, [new_owner])
    if event.kind in MAY_HAVE_NOTE and _is_note(event.article):
        yield _News(Reason.NOTE, _owners(ticket), followers=True)
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
        yield _News(Reason.FOLLOW_UP, _owners(ticket), followers=True, queue=not ticket.locked)


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
    owner = _after(event, "owner")
    return owner if isinstance(owner, int) and _after(event, "locked") != 0 else None


def _after(event: Event, field: str) -> int | str | None:
    sides = event.changes.get(field)
    return sides[1]["id"] if sides else None


def _is_note(article: Article | None) -> bool:
    if article is None:
        return False
    is_agents = article.sender_type == Article.SenderType.AGENT
    return is_agents and article.channel == Article.Channel.NOTE
