"""What the clock tells of a ticket: a term that is nearly over, one that is over, a date that has come.

Each is told once: its identity is made of the ticket, of what is told, and of the moment that it is about. A
term that ends at another moment, because the customer wrote again or the queue promises otherwise, is another
one (OTRS 9.18, 9.20, 2.12).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from queues.calendars import calendar_of
from tickets.facts import facts_of, rules_of
from tickets.kinds import EventKind
from tickets.models import Ticket
from tickets.terms import Facts, Running, first_of, running_of

ALARMS = UUID("5c1f3a5e-7f5d-4b0c-9c35-0d6f3a4f6f1e")


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is to be told of a ticket: the kind of its event, the term if it is one, and when that ends."""

    kind: EventKind
    about: str
    moment: datetime

    def identity(self, ticket: Ticket) -> UUID:
        """By which it is told once."""
        return uuid5(ALARMS, f"{ticket.pk} {self.kind} {self.about} {self.moment.timestamp()}")


def alarms_of(ticket: Ticket, *, now: datetime) -> tuple[list[Alarm], datetime | None]:
    """What has come by `now`, whether told or not, and when the next comes.

    Of a term that is over is not warned any more.
    """
    facts = facts_of(ticket)
    running = running_of(facts, rules_of(ticket.queue), calendar_of(ticket.queue))
    moments = (facts.remind_at, *(moment for term in running for moment in (term.warns_at, term.due)))
    return list(_come(facts, running, now=now)), first_of(*(at for at in moments if at and at > now))


def _come(facts: Facts, running: list[Running], *, now: datetime) -> Iterator[Alarm]:
    for term in running:
        if term.due <= now:
            yield Alarm(EventKind.TERM_ENDED, term.term, term.due)
        elif term.warns_at and term.warns_at <= now:
            yield Alarm(EventKind.TERM_WARNED, term.term, term.due)
    if facts.remind_at and facts.remind_at <= now:
        yield Alarm(EventKind.REMINDED, "", facts.remind_at)
