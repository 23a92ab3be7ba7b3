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

from accounts.models import Preferences
from desk.frame import AgentRequest
from desk.lists.place import Place, with_place
from desk.words import queue_name
from desk.writing.about import About, Refused
from outbox.addresses import read_addresses
from tickets.changing.once import Done
from tickets.models import Article
from tickets.queries.listed import Listed

NAME_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was done, ticket by ticket, and what was refused; a deed that is one `Done` need not be wrapped.

    `onward` is the address that it leads to, if it says so.
    """

    done: tuple[Done, ...]
    refused: Refused = ()
    onward: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where an agent goes on: the list that they came from, what comes next in it, and what they prefer.

    `after` is one of `Preferences.After`, '' after what does not end one's work at a ticket.
    """

    place: Place | None = None
    following: Listed | None = None
    after: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether the next ticket comes by itself."""
        return self.after == Preferences.After.NEXT and self.following is not None

    def address_of(self, number: str) -> str:
        """A ticket of the list."""
        return with_place(reverse("desk:zoom", args=[number]), self.place)


def outcome_of(came: Done | Outcome) -> Outcome:
    """What a screen's `act` gave, as an outcome."""
    return Outcome(done=(came,)) if isinstance(came, Done) else came


def tell(
    request: AgentRequest, outcome: Outcome, *, about: About, notice: str | Promise, course: Course
) -> None:
    """Say that it was done, and of each ticket that it was not done to why.

    A notice of one ticket may name `{ticket}`, its `{queue}`, `{to}` whom a mail goes, `{look}` at it, and
    `{readers}` of a note: whether the customer is one.
    """
    if len(outcome.done) == 1:
        told = _told(request, outcome, notice=notice)
        messages.success(request, told if course.goes_on else _with_next(told, course=course))
    elif outcome.done:
        messages.success(request, str(notice))
    for ticket, refusal in (*about.refused, *outcome.refused):
        messages.warning(request, f"{ticket.number}: {refusal.message}")


def _with_next(told: SafeString, *, course: Course) -> SafeString:
    """The notice, and the way on to what comes next."""
    if course.following is None:
        return told
    word = course.following.title or course.following.number
    link = format_html(
        '<a href="{}">{}</a>',
        course.address_of(course.following.number),
        _("Next: %(subject)s") % {"subject": Truncator(word).chars(NAME_MOST)},
    )
    return format_html("{} · {}", told, link)


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


def onward(request: AgentRequest, outcome: Outcome, *, back: str, course: Course) -> HttpResponse:
    """To where the outcome says; of several tickets to `back`; else to what comes next, if the agent likes
    that, to the ticket, or when nothing is left to do to their list, or that of its queue (OTRS 2.9).
    """
    if outcome.onward or len(outcome.done) != 1:
        return redirect(outcome.onward or back)
    ticket = outcome.done[0].ticket
    ticket.refresh_from_db(fields=["state_type", "queue"])
    if course.following is not None and course.goes_on:
        return redirect(course.address_of(course.following.number))
    is_visible = ticket.queue_id in request.rights.visible
    if is_visible and (ticket.is_open or course.after == Preferences.After.TICKET):
        return redirect(course.address_of(ticket.number))
    if course.place is not None:
        return redirect(course.place.address)
    return redirect("desk:queue", ticket.queue_id) if is_visible else redirect("desk:queues")
