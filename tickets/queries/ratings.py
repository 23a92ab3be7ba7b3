"""How customers said that they were helped: the newest event of each address counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tickets.kinds import EventKind, Rating
from tickets.models import Event, Ticket

CHANGED_FOR = timedelta(hours=1)
BESIDE_MOST = 60


@dataclass(frozen=True, slots=True)
class Rated:
    """What an address said, and when it did so first and last."""

    rating: Rating
    words: str
    address: str
    begun: datetime
    at: datetime

    @property
    def icon(self) -> str:
        """The face."""
        return f"face-{self.rating}"

    @property
    def is_long(self) -> bool:
        """Whether its words are more than stand beside a ticket."""
        return len(self.words) > BESIDE_MOST

    def may_change(self, ticket: Ticket, *, now: datetime) -> bool:
        """Whether it may say so anew: within an hour, or because the ticket was closed again since."""
        is_of_before = ticket.closed_at is not None and ticket.closed_at > self.at
        return is_of_before or now < self.begun + CHANGED_FOR


def ratings_of(ticket: Ticket) -> list[Rated]:
    """What each address said last, the newest first. One statement."""
    events = Event.objects.filter(ticket=ticket, kind=EventKind.RATED).order_by("-pk")
    latest: dict[str, Rated] = {}
    for event in events:
        rated = _rated(event)
        latest.setdefault(rated.address, rated)
    return list(latest.values())


def rating_by(ticket: Ticket, *, address: str) -> Rated | None:
    """What this address said last. One statement."""
    return next((rated for rated in ratings_of(ticket) if rated.address == address), None)


def _rated(event: Event) -> Rated:
    changes = event.changes
    begun = datetime.fromisoformat(str(changes["rating"][1]["label"] or event.at.isoformat()))
    words = changes.get("rating_words")
    return Rated(
        rating=Rating(changes["rating"][1]["id"]),
        words=words[1]["label"] if words else "",
        address=changes["by_address"][1]["label"],
        begun=begun,
        at=event.at,
    )
