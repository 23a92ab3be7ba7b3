"""Aankomende gebeurtenissen: what the agent's tickets wait for, and which terms end next (OTRS 12.6)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from desk.frame import AgentRequest
from desk.lists.rows import moment_in_words, named_days
from desk.lists.terms import first_term
from desk.terms import TERMS
from queues.subscriptions import own_queues
from tickets.models import StateType
from tickets.queries.upcoming import Upcoming, upcoming


@dataclass(frozen=True, slots=True)
class Event:
    """A ticket, what comes of it, and when."""

    title: str
    address: str
    what: str | Promise
    when: str
    is_term: bool


def fill_upcoming(request: AgentRequest) -> list[Event]:
    """The next six, soonest first; of who has no queues of their own, the terms of all they may see."""
    now, zone = timezone.now(), timezone.get_current_timezone()
    days = named_days(timezone.localdate(now))
    own = own_queues(request.rights) or request.rights.visible
    return [
        Event(
            title=event.ticket.title or _("(no subject)"),
            address=reverse("desk:zoom", args=[event.ticket.number]),
            what=_what(event),
            when=moment_in_words(event.moment.astimezone(zone), days=days, day="%d-%m"),
            is_term=event.is_term,
        )
        for event in upcoming(actor=request.actor, own=own, now=now)
    ]


def _what(event: Upcoming) -> str | Promise:
    if event.is_term:
        return TERMS[first_term(event.ticket)]
    return _("closes") if event.ticket.state_type == StateType.PENDING_AUTO else _("reminder")
