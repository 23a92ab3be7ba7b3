"""What came of a screen, what is said of it, and where it leads."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from desk.frame import AgentRequest
from desk.words import queue_name
from desk.writing.about import About, Refused
from outbox.addresses import read_addresses
from tickets.changing.once import Done
from tickets.models import Article

NAME_MOST = 60


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
    """Say that it was done, and of each ticket that it was not done to why.

    A notice of one ticket may name `{ticket}`, its `{queue}`, `{to}` whom a mail goes, `{look}` at it, and
    `{readers}` of a note: whether the customer is one.
    """
    if len(outcome.done) == 1:
        messages.success(request, _told(request, outcome, notice=notice))
    elif outcome.done:
        messages.success(request, str(notice))
    for ticket, refusal in (*about.refused, *outcome.refused):
        messages.warning(request, f"{ticket.number}: {refusal.message}")


def _told(request: AgentRequest, outcome: Outcome, *, notice: str | Promise) -> SafeString:
    """The notice of what was done to one ticket; it is named by a link where one does not get to it anyway.

    Names are a stranger's words: they are escaped, and turn no letters around them.
    """
    (done,) = outcome.done
    ticket, number = done.ticket, f"Ticket#{done.ticket.number}"
    named = look = format_html("{}", number)
    if ticket.queue_id in request.rights.visible and (outcome.onward or not ticket.is_open):
        address = reverse("desk:zoom", args=[ticket.number])
        named = format_html('<a href="{}">{}</a>', address, number)
        look = format_html('<a href="{}">{}</a>', address, _("View %(ticket)s") % {"ticket": number})
    to = format_html("<bdi>{}</bdi>", _first_recipient(done.article))
    return format_html(
        str(notice),
        ticket=named,
        look=look,
        queue=queue_name(ticket.queue.name),
        to=to,
        readers=_readers(done.article),
    )


def _readers(article: Article | None) -> str:
    if article is not None and article.is_visible:
        return _("The customer can read it.")
    return _("The customer does not see it.")


def _first_recipient(article: Article | None) -> str:
    """The name of whom a mail goes to first, else the address."""
    pairs = read_addresses(article.to) if article else []
    return Truncator(next((name or address for name, address in pairs), "")).chars(NAME_MOST)


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
