"""What was chosen in a list: found again for the screens about it, and shown on their forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.utils.functional import cached_property

from desk.bulk.verbs import BULK, DO, verb_named
from desk.frame import AgentRequest
from desk.writing.about import About
from desk.writing.behind import Behind
from desk.writing.layout import Part
from desk.writing.screen_form import ScreenForm, Writing
from tickets.actor import Actor
from tickets.bulks import find_bulk, tickets_of
from tickets.errors import NotAllowed
from tickets.models import Bulk, Ticket

AT = "bulk/<uuid:bulk>/"
SHOWN_MOST = 8
"""Of the chosen tickets; the others are behind a fold."""
CHOSEN, HOW_MANY = Part("desk/bulk/_chosen.html"), Part("desk/bulk/_how_many.html")
"""Which tickets, and how many of them it will be."""


def bulk_of(about: About) -> Bulk:
    """What was chosen. Raises `LookupError` for what is not about that."""
    if about.bulk is None:
        raise LookupError("These tickets were not chosen in a list.")
    return about.bulk


def bulk_or_404(request: AgentRequest, submission: UUID) -> Bulk:
    """The agent's own bulk action; for all others a 404, as for one that is not there."""
    try:
        return find_bulk(submission, actor=request.actor)
    except Bulk.DoesNotExist as error:
        raise Http404 from error


def chosen_tickets(request: AgentRequest, *, bulk: UUID, verb: str = "") -> About:
    """What the agent chose of what they may see; 404 where they did not, or nothing of it is left.

    `verb` is what is done to them, unless the address says it.
    """
    found = bulk_or_404(request, bulk)
    tickets = tuple(tickets_of(found, actor=request.actor))
    if not tickets:
        raise Http404
    title = verb_named(verb or request.GET.get(DO, "")).title(len(tickets))
    return About(tickets=tickets, bulk=found, title=title, leads_to=found.leads_to)


def where_it_may(actor: Actor, about: About, *rights: str) -> About:
    """All of it, where one of the rights is in one ticket's queue at least; each is asked later."""
    queues = {ticket.queue_id for ticket in about.tickets}
    if not any(actor.may(right, queue) for right in rights for queue in queues):
        raise NotAllowed
    return about


def nothing_behind(request: AgentRequest, about: About) -> dict[str, object]:
    """The page behind it stands by itself."""
    return {}


BEHIND = Behind("desk/bulk/behind.html", nothing_behind)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the tickets: what it is called, and who keeps it from being changed, if it is skipped."""

    title: str
    holder: str


class AboutChosen(ScreenForm):
    """A form about the tickets that were chosen; its identity is that of the choice.

    With `skips_held` nothing is done to what a colleague holds.
    """

    skips_held: ClassVar[bool] = True

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        self.about, self.actor = writing.about, writing.actor
        super().__init__(*args, writing=writing, **kwargs)

    def first(self, writing: Writing) -> dict[str, object]:
        """With the identity of the choice."""
        return {**super().first(writing), "submission": bulk_of(writing.about).submission}

    @property
    def changed(self) -> Sequence[Ticket]:
        """The tickets to which something is done, in the order in which they were made."""
        return self.about.tickets

    @cached_property
    def lines(self) -> list[Chosen]:
        """The same, as they are shown: what the form says is settled by then."""
        agent = self.actor.agent
        return [
            Chosen(
                ticket.title,
                str(ticket.owner) if self.skips_held and ticket.is_held_by_another(agent) else "",
            )
            for ticket in self.changed
        ]

    @property
    def first_chosen(self) -> Sequence[Chosen]:
        """Those that are always in sight."""
        return self.lines[:SHOWN_MOST]

    @property
    def more_chosen(self) -> Sequence[Chosen]:
        """Those behind a fold."""
        return self.lines[SHOWN_MOST:]

    @property
    def free(self) -> int:
        """How many are not a colleague's."""
        return sum(not chosen.holder for chosen in self.lines)

    @property
    def more_at(self) -> str:
        """The list once more, to choose more tickets in it, where one came from a list."""
        bulk = bulk_of(self.about)
        mark = "&" if "?" in bulk.leads_to else "?"
        return f"{bulk.leads_to}{mark}{BULK}={bulk.submission}" if bulk.leads_to else ""
