"""The ticket: what was said, what can be done, and what is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.place import FROM, back_of, from_list
from desk.screens.registry import PRESSES, SCREENS, offered, pressable
from desk.terms import shown_terms
from desk.writing.about import About, one_ticket
from desk.writing.layout import allow_editor, has_editor
from desk.writing.press import Press
from desk.writing.screen import Group, Screen
from desk.writing.typed import SEEN
from desk.zoom.bodies import bodies, newest_of_customer
from queues.models import QueuePermission
from queues.texts import templates_of
from tickets.access import find_ticket
from tickets.actions.seen import mark_seen
from tickets.actor import Actor
from tickets.history import form_words, history_of
from tickets.letters.answering import others_addressed
from tickets.models import Article, Ticket
from tickets.queries.also_received import also_received
from tickets.queries.asked import asked_about
from tickets.queries.came_by import form_of
from tickets.queries.counted import CustomerCounts, customer_counts
from tickets.queries.free_fields import free_facts
from tickets.queries.links import links_of
from tickets.queries.ratings import ratings_of
from tickets.queries.zoom import addable, conversation_of, events_of, may_follow

Right = QueuePermission.Right


@dataclass(frozen=True, slots=True)
class Allowed:
    """What this agent may do with this ticket now; what they may not is left out of the page (OTRS 3.9).

    `screens` by their group in an action bar; `presses` are done at once, and so are those of `reference`,
    which stand beside what is looked up; `answer` is the screen to answer with, from each article, `note` the
    one to write a note by; `settle` is to decide about an answer that got stuck, and whose an address is.
    `keeps_texts`: to keep an answer as a standard answer. `is_held`: a colleague has the lock, which keeps
    some of it shut.
    """

    screens: Mapping[str, Sequence[Screen[Any]]]
    presses: Sequence[Press]
    reference: Sequence[Press]
    answer: Screen[Any] | None
    note: Screen[Any] | None
    settle: bool
    keeps_texts: bool
    is_held: bool

    @property
    def may_write(self) -> bool:
        """Whether a screen with an editor may be opened from the page."""
        return any(has_editor(screen.form) for screens in self.screens.values() for screen in screens)


@require_safe
@agent_required
def zoom(request: AgentRequest, number: str) -> HttpResponseBase:
    """Show the ticket, and remember that the agent has read it."""
    about = one_ticket(request, number=number)
    if about.ticket.number != number:
        return _of_main_ticket(request, about.ticket, merged=number)
    context = page(request, about)
    if articles := context["articles"]:
        mark_seen(agent=request.user, ticket=about.ticket, upto=articles[-1].pk)
    shown = render(request, "desk/zoom/zoom.html", context)
    return allow_editor(request, shown) if context["allowed"].may_write else shown


def _of_main_ticket(request: AgentRequest, ticket: Ticket, *, merged: str) -> HttpResponseBase:
    """To the ticket that another one was merged into."""
    messages.info(request, _("Ticket#%(number)s was merged with this ticket.") % {"number": merged})
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("desk:zoom", args=[ticket.number]) + query)


def page(request: AgentRequest, about: About) -> dict[str, Any]:
    """What the ticket's page needs, also where it stands behind a dialog."""
    ticket = about.ticket
    said = conversation_of(ticket, agent_id=request.user.pk)
    articles, came_from = said.articles, from_list(request)
    allowed, to_answer = allowed_to(request.actor, ticket), newest_of_customer(articles)
    also = also_received(ticket, rights=request.rights) if said.was_also_received else []
    customer_box = _customer_box(request, ticket)
    return {
        "ticket": ticket,
        "articles": articles,
        "seen_event": said.newest_event,
        "back": f"{back_of(request.GET, ticket)}#t{ticket.number}",  # its row there has the focus then
        "from_list": came_from,
        "opened_with": urlencode({SEEN: said.newest_event} | ({FROM: came_from} if came_from else {})),
        "shown": bodies(request, articles, ticket=ticket),
        "to_answer": to_answer,
        "others": others_addressed(to_answer) if to_answer and allowed.answer else [],
        "one": request.GET.get("show") == "one",
        "allowed": allowed,
        "follow": PRESSES["unwatch" if said.is_followed else "watch"],
        "also": also,
        "addable": addable(ticket, articles) if allowed.settle else set(),
        "before": may_follow(ticket, articles, rights=request.rights),
        "terms": shown_terms(ticket),
        "free": free_facts(ticket) if said.has_free_values else [],
        "questions": asked_about(ticket) if said.has_asked else [],
        "came_by": _came_by(ticket, articles),
        "ratings": ratings_of(ticket) if said.is_rated else [],
        "tick_off": PRESSES["tick_off"],
        "links": links_of(ticket, rights=request.rights) if said.is_linked else [],
        "same_mail": [place.ticket for place in also if place.ticket],
        "templates": templates_of(ticket.queue) if allowed.answer else [],
        "has_no_address": to_answer is not None
        and not (to_answer.from_address or to_answer.reply_to or customer_box["addresses"]),
        **customer_box,
    }


@require_safe
@agent_required
def history(request: AgentRequest, number: str) -> HttpResponseBase:
    """What happened to the ticket, and when, and by whom; one that was merged keeps a history of its own."""
    try:
        ticket = find_ticket(number=number, rights=request.rights)
    except Ticket.DoesNotExist as error:
        raise Http404 from error
    context = {
        "ticket": ticket,
        "lines": history_of(events_of(ticket)),
        "visible": request.rights.visible,
        "undo": PRESSES["unmerge"],
        "may_undo": request.actor.may(Right.ALL, ticket.queue_id),
    }
    return render(request, "desk/zoom/history.html", context)


def allowed_to(actor: Actor, ticket: Ticket) -> Allowed:
    """The actions that are open to this actor."""
    reply, note = SCREENS["reply"], SCREENS["note"]
    return Allowed(
        screens=offered(actor, ticket),
        presses=pressable(actor, ticket, group=Group.NEAR),
        reference=pressable(actor, ticket, group=Group.REFERENCE),
        answer=reply if reply.is_offered(actor, ticket) else None,
        note=note if note.is_offered(actor, ticket) else None,
        settle=actor.may(Right.ALL, ticket.queue_id),
        keeps_texts=ticket.queue_id in actor.agent_rights.keeps_texts,
        is_held=ticket.is_held_by_another(actor.agent),
    )


def _came_by(ticket: Ticket, articles: Sequence[Article]) -> str:
    """The question form that it came by, with its version; asked of what was sent on the web alone."""
    is_from_web = bool(articles) and articles[0].channel == Article.Channel.WEB
    form = form_of(ticket) if is_from_web else None
    return form_words(form) if form is not None else ""


def _customer_box(request: AgentRequest, ticket: Ticket) -> dict[str, object]:
    if ticket.customer is None:
        return {"counts": CustomerCounts(), "addresses": []}
    return {
        "counts": customer_counts(customer=ticket.customer, rights=request.rights),
        "addresses": list(ticket.customer.addresses.all()[:10]),
    }
