"""Counting what agents were told: each event once, to everybody who had to be, by one mail that left.

Whom an event is told is decided some time after it, by its ticket as it is then. So for each event all states
are looked at that its ticket has been in since: who is told by every one of them has to be, who by some of
them may have been dropped, and nobody else may know of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from notify.claims import TAKE_LOCK_AWAY, Around, claims_of
from notify.decide import taken_from
from notify.models import Notification, NotificationMail
from notify.reasons import Reason
from outbox.models import OutboundMessage
from queues.models import QueueSubscription
from tickets.kinds import CONSUMERS, NOTIFY
from tickets.models import Event, EventTask, State, Ticket, TicketMerge, TicketWatcher

SHOWN = 20
DROPPED: dict[str, str] = {
    Reason.NEW: "closed or merged before it was decided",
    Reason.FOLLOW_UP: "locked, or of another owner, when it was decided",
}
ELSE_DROPPED = "of another owner when it was decided"
Key = tuple[int, int]
"""An event and an agent, by their ids."""


def told(*, copies: Counter[str]) -> dict[str, object]:
    """The figures; `copies`: Message-ID → how many times a mail to an agent reached the catcher."""
    rows = list(Notification.objects.select_related("mail__outbound").order_by("pk"))
    mails = list(NotificationMail.objects.select_related("outbound").order_by("pk"))
    had_to, might = _expected()
    made = {(row.event_id, row.agent_id) for row in rows}
    left = {mail.outbound.message_id: copies[mail.outbound.message_id] for mail in mails}
    state = {mail.outbound.message_id: mail.outbound.state for mail in mails}
    sent = [name for name in state if state[name] == OutboundMessage.SENT]
    doubtful = [name for name in state if state[name] == OutboundMessage.DOUBTFUL]
    telling = Counter(row.mail_id for row in rows)
    tasks = EventTask.objects.filter(consumer=NOTIFY)
    return {
        "rows": len(rows),
        "reasons": dict(Counter(row.reason for row in rows)),
        "states": dict(Counter(row.state for row in rows)),
        "mails": len(mails),
        "summaries": sum(mail.ticket_id is None for mail in mails),
        "mail_states": dict(Counter(state.values())),
        "copies": copies.total(),
        "doubtful_by_copies": dict(Counter(str(left[name]) for name in doubtful)),
        "had_to_be_told": len(had_to),
        "dropped": dict(Counter(DROPPED.get(might[key], ELSE_DROPPED) for key in might.keys() - made)),
        "wrong_undecided": [str(task) for task in tasks][:SHOWN],
        "wrong_lost": sorted(had_to - made)[:SHOWN],
        "wrong_unknown": sorted(made - might.keys())[:SHOWN],
        # Nobody loses a right here, and nothing waits for six hours.
        "wrong_state": [str(row) for row in rows if row.state != Notification.SENT][:SHOWN],
        "wrong_without_mail": [str(row) for row in rows if row.mail is None][:SHOWN],
        "wrong_mails_of_nothing": [str(mail) for mail in mails if not _is_told_by(mail, telling)][:SHOWN],
        "wrong_mail_state": [name for name in state if name not in {*sent, *doubtful}][:SHOWN],
        "wrong_not_left": [name for name in sent if not left[name]][:SHOWN],
        "wrong_doubled": [name for name in sent if left[name] > 1][:SHOWN],
        "wrong_unknown_mails": [name for name in copies if name not in state][:SHOWN],
    }


def _is_told_by(mail: NotificationMail, telling: Mapping[int | None, int]) -> bool:
    """A mail about one ticket tells one thing, a summary several."""
    return telling[mail.pk] > 1 if mail.ticket_id is None else telling[mail.pk] == 1


def _expected() -> tuple[set[Key], dict[Key, str]]:
    """Who had to be told of which event; and who may have been, with the reason for it."""
    had_to: set[Key] = set()
    might: dict[Key, str] = {}
    past = _Past()
    around = _around(past.events)
    for event in past.events:
        if NOTIFY not in CONSUMERS.get(event.kind, ()):
            continue
        ways = [
            {claim.agent: str(claim.reason) for claim in claims_of(event, ticket=ticket, around=around)}
            for ticket in past.since(event)
        ]
        for way in ways:
            might |= {(event.pk, agent): why for agent, why in way.items() if agent != event.agent_id}
        always = set.intersection(*(set(way) for way in ways))
        had_to |= {(event.pk, agent) for agent in always if agent != event.agent_id}
    return had_to, might


def _around(events: Sequence[Event]) -> Around:
    subscribers, followers = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for queue, agent in QueueSubscription.objects.values_list("queue", "agent"):
        subscribers[queue].append(agent)
    for ticket, agent in TicketWatcher.objects.values_list("ticket", "agent"):
        followers[ticket].append(agent)
    return Around(subscribers=subscribers, followers=followers, owners={}, taken_from=taken_from(events))


class _Past:
    """What each ticket was, read backwards from what it is by the events that changed it."""

    def __init__(self) -> None:
        self.events: Sequence[Event] = list(Event.objects.select_related("article").order_by("pk"))
        self._tickets = Ticket.objects.in_bulk()
        self._types = dict(State.objects.values_list("pk", "type"))
        self._merges = list(TicketMerge.objects.order_by("pk"))
        self._of_ticket: dict[int, list[Event]] = defaultdict(list)
        for event in self.events:
            self._of_ticket[self._homes(event)[0]].append(event)

    def since(self, event: Event) -> Iterator[Ticket]:
        """Each state that the ticket of this event has been in since, and those it went up in later.

        Of an event by which somebody may lose a lock the state before it, too: it is told whose lock it was.
        """
        first = event.pk if event.kind in TAKE_LOCK_AWAY else event.pk + 1
        for home in self._homes(event):
            later = (other for other in reversed(self._of_ticket[home]) if other.pk >= first)
            yield from self._backwards(self._tickets[home], later)

    def _backwards(self, ticket: Ticket, later: Iterable[Event]) -> Iterator[Ticket]:
        yield ticket
        for event in later:
            ticket = copy(ticket)
            for field, (before, _after) in event.changes.items():
                self._put_back(ticket, field, before)
            yield ticket

    def _put_back(self, ticket: Ticket, field: str, before: dict[str, Any]) -> None:
        match field:
            case "state":
                ticket.state_type = self._types[before["id"]]
            case "owner":
                ticket.owner_id = before["id"]
            case "locked":
                ticket.locked = bool(before["id"])

    def _homes(self, event: Event) -> list[int]:
        """The ticket that it happened to, and those that its article was moved to since."""
        moved = [merge for merge in self._merges if event.article_id in merge.articles]
        froms = [merge.source_id for merge in moved if merge.event_id > event.pk]
        return [*froms, event.ticket_id]
