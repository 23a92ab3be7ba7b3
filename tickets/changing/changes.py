"""Changing a locked ticket's fields, so that the event can tell what was and what is.

An action makes one `Changes`, sets what it must, and saves it once: one UPDATE, one story.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NotRequired, TypedDict

from accounts.models import Agent, Customer
from queues.models import Queue
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.facts import Entered, Happened, changed_values
from tickets.models import OPEN_TYPES, Draft, State, Ticket
from tickets.models.ticket import PENDING_TYPES


class Side(TypedDict):
    """One side of a change: what it was to the database, and what people called it.

    Of a field that an administrator has named, `names` and `labels` are by language: what the field was
    called, and what stood in it.
    """

    id: int | str | None
    label: str
    names: NotRequired[dict[str, str]]
    labels: NotRequired[dict[str, str]]


NOTHING = Side(id=None, label="")


def moment_of(moment: datetime | None) -> str | None:
    """A moment as an event keeps it."""
    return moment.astimezone(UTC).isoformat() if moment else None


class Changes:
    """What an action changes of one ticket; rules that always go together are kept together here.

    `sides`: what the event will tell, by field; `fields`: the columns to be written; `happened`: what the
    ticket's terms follow from, in its order; `form` and `draft`: the form that asked for it, and what goes
    when it is done.
    """

    def __init__(
        self,
        ticket: Ticket,
        *,
        actor: Actor,
        now: datetime,
        form: Form | None = None,
        draft: Draft | None = None,
    ) -> None:
        self.ticket = ticket
        self.actor = actor
        self.now = now
        self.form = form
        self.draft = draft
        self.sides: dict[str, list[Side]] = {}
        self.fields: set[str] = set()
        self.happened: list[Happened] = []

    def set(self, **values: object) -> None:
        """Set fields that no event tells of."""
        for name, value in values.items():
            setattr(self.ticket, name, value)
            self.fields.add(name)

    def state(self, state: State, *, pending_until: datetime | None = None) -> None:
        """Enter a state: its type, the moment of closing, and the time to wait for all follow from it.

        That a wait ends with its state goes without saying: only a new time is told of.
        """
        ticket = self.ticket
        pending_until = pending_until if state.type in PENDING_TYPES else None
        if state.pk != ticket.state_id:
            self._tell("state", ticket.state_id, ticket.state.name, state.pk, state.name)
        if pending_until is not None:
            self._tell("pending_until", moment_of(ticket.pending_until), "", moment_of(pending_until), "")
        is_open = state.type in OPEN_TYPES
        self.happened.append(Entered(before=ticket.state_type, after=state.type, at=self.now))
        self.set(
            state=state,
            state_type=state.type,
            closed_at=None if is_open else (ticket.closed_at or self.now),
            pending_until=pending_until,
        )
        if not is_open:
            self.deal_with_undelivered()

    def deal_with_undelivered(self) -> None:
        """Somebody has dealt with an answer that did not arrive: the overviews need not name it any more."""
        if self.ticket.undelivered_article is not None:
            self.set(undelivered_article=None)

    def owner(self, agent: Agent | None) -> None:
        """Give the ticket to somebody."""
        old = self.ticket.owner
        if agent != old:
            self._tell(
                "owner",
                old.pk if old else None,
                str(old or ""),
                agent.pk if agent else None,
                str(agent or ""),
            )
            self.set(owner=agent)

    def customer(self, customer: Customer) -> None:
        """The ticket is this customer's from now on."""
        old = self.ticket.customer
        if customer != old:
            self._tell("customer", old.pk if old else None, str(old or ""), customer.pk, str(customer))
            self.set(customer=customer)

    def lock(self) -> None:
        """Lock the ticket; for whom, its owner says."""
        self._set_lock(locked=True)

    def unlock(self) -> None:
        """Unlock the ticket; its owner stays (OTRS 3.3)."""
        self._set_lock(locked=False)

    def queue(self, queue: Queue) -> None:
        """Move the ticket to this queue."""
        old = self.ticket.queue
        if queue.pk != old.pk:
            self._tell("queue", old.pk, old.name, queue.pk, queue.name)
            self.set(queue=queue)

    def value(self, field: str, value: int) -> None:
        """Set a plain column and tell of it; what people call its values, the history knows."""
        old = getattr(self.ticket, field)
        if value != old:
            self._tell(field, old, "", value, "")
            self.set(**{field: value})

    def save(self) -> None:
        """Write what changed, in one statement."""
        save_all([self])

    def _set_lock(self, *, locked: bool) -> None:
        """A lock that was set and undone within one action is told of only if something is left of it."""
        if locked != self.ticket.locked:
            self._tell("locked", int(self.ticket.locked), "", int(locked), "")
            self.set(locked=locked, locked_at=self.now if locked else None)

    def _tell(self, field: str, old: int | str | None, was: str, new: int | str | None, becomes: str) -> None:
        before = self.sides[field][0] if field in self.sides else Side(id=old, label=was)
        self.sides[field] = [before, Side(id=new, label=becomes)]
        if before["id"] == new:
            del self.sides[field]


def save_all(changes: Iterable[Changes]) -> None:
    """Write what changed of several tickets: those that come to the same values by one statement."""
    alike: dict[tuple[tuple[str, object], ...], list[int]] = {}
    for of_ticket in changes:
        ticket = of_ticket.ticket
        facts = changed_values(ticket, of_ticket.happened, moved="queue" in of_ticket.fields)
        of_ticket.set(changed=of_ticket.now, **facts)
        values = tuple((name, getattr(ticket, name)) for name in sorted(of_ticket.fields))
        alike.setdefault(values, []).append(ticket.pk)
    for values, ids in alike.items():
        Ticket.objects.filter(pk__in=ids).update(**dict(values))
