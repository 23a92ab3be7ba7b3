"""What came of a screen, what is said of it, and where it leads."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from desk.frame import AgentRequest
from desk.writing.about import About, Refused
from tickets.changing.once import Done


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was done, ticket by ticket, and what was refused; a deed that is one `Done` need not be wrapped.

    `onward` is the address that it leads to, if it says so.
    """

    done: tuple[Done, ...]
    refused: Refused = ()
    onward: str = ""


def outcome_of(came: Done | Outcome) -> Outcome:
    """What a screen's `act` gave, as an outcome."""
    return Outcome(done=(came,)) if isinstance(came, Done) else came


def tell(request: AgentRequest, outcome: Outcome, *, about: About, notice: str | Promise) -> None:
    """Say that it was done, and of each ticket that it was not done to why."""
    if outcome.done:
        messages.success(request, str(notice))
    for ticket, refusal in (*about.refused, *outcome.refused):
        messages.warning(request, f"{ticket.number}: {refusal.message}")


def onward(request: AgentRequest, outcome: Outcome, *, back: str) -> HttpResponse:
    """To where the outcome says; else of one ticket to that, or to its queue when nothing is left to do (OTRS
    2.9); of several to `back`.
    """
    if outcome.onward or len(outcome.done) != 1:
        return redirect(outcome.onward or back)
    ticket = outcome.done[0].ticket
    ticket.refresh_from_db(fields=["state_type", "queue"])
    if ticket.queue_id not in request.rights.visible:
        return redirect("desk:queues")
    if ticket.is_open:
        return redirect("desk:zoom", ticket.number)
    return redirect("desk:queue", ticket.queue_id)
