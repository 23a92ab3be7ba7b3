"""From which ticket on is looked, and which way: what differs between newest and oldest first, all of it.

Newest is what has the highest id: tickets get it in the order in which they are made.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final, NamedTuple, Self

from django.db.models import Q

from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet


class _Terms(NamedTuple):
    """A direction, in words of the ORM and of SQL; `step`: what a ticket's id grows by."""

    key: str
    behind: str
    up_to: str
    sign: str
    order: str
    step: int


class Direction(Enum):
    """Which way is looked through tickets."""

    NEWEST_FIRST = _Terms("-pk", "pk__lt", "pk__gte", "<", "DESC", -1)
    OLDEST_FIRST = _Terms("pk", "pk__gt", "pk__lte", ">", "ASC", 1)


@dataclass(frozen=True, slots=True)
class Start:
    """Where looking begins: behind this id, or with the very first where it is None."""

    behind: int | None = None
    direction: Direction = Direction.NEWEST_FIRST

    @property
    def sign(self) -> str:
        """How the id of what comes behind it compares with its own, in SQL."""
        return self.direction.value.sign

    @property
    def order(self) -> str:
        """The order of ids, in SQL."""
        return self.direction.value.order

    def moved(self, behind: int | None) -> Self:
        """The same direction, from another ticket on."""
        return replace(self, behind=behind)

    def of(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """What comes behind it, in order."""
        return (tickets if self.behind is None else tickets.filter(self._behind())).order_by(self._key)

    def up_to(self, last: int | None) -> Q:
        """That a ticket comes no later than this one; anything where that is None."""
        return Q() if last is None else Q(**{self.direction.value.up_to: last})

    def passed(self, number: int) -> tuple["Start", int]:
        """From where ids are counted, and the id that is so many further; one statement at the very first."""
        behind = self.behind
        if behind is None:
            first = Ticket.objects.order_by(self._key).values_list("pk", flat=True).first()
            behind = (first or 0) - self.direction.value.step
        return self.moved(behind), behind + number * self.direction.value.step

    def has_others(self) -> bool:
        """Whether there may be tickets behind it; one statement, but none where the newest come first."""
        if self.direction is Direction.NEWEST_FIRST:
            return self.behind is None or self.behind > 0
        return self.of(Ticket.objects.all()).exists()

    @property
    def _key(self) -> str:
        return self.direction.value.key

    def _behind(self) -> Q:
        values: dict[str, Any] = {self.direction.value.behind: self.behind}
        return Q(**values)


FROM_NEWEST: Final = Start()
"""From the newest ticket on."""
