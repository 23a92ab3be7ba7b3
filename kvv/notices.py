"""What every page of the frame shows besides its own content."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import cast

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.absence import away_until
from accounts.models import Agent, Preferences
from accounts.preferences import is_mail_stopped, preferences_of
from kvv.around import around
from kvv.demo.logins import demo_logins
from kvv.watch.look import look_everywhere
from kvv.watch.words import place, sentence
from queues.access import rights_of
from tickets.actor import Actor
from tickets.queries.counted import MyCounters, my_counters

SHOWN_MOST = 3
CACHED, SECONDS = "kvv.troubles", 5


@dataclass(frozen=True, slots=True)
class Notice:
    """A line on top of every page; `address`: where whoever reads it can mend it, '' where they can't."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Notices:
    """The worst few, and how many more there are."""

    shown: tuple[Notice, ...] = ()
    more: int = 0


def frame(request: HttpRequest) -> dict[str, object]:
    """Context for `base.html`: whether this is a demo, and what a page asks for only where it shows it.

    That is who can sign in to the demo, what an agent likes, how long they are away, the figures in the title
    bar, whether it leads to a new ticket, what is wrong, and what is around a page that strangers get, too. A
    part of a page that htmx fetches costs nothing.
    """
    actor = cache(lambda: _actor(request))
    counters = SimpleLazyObject(lambda: _counters(request, actor()))
    notices = SimpleLazyObject(lambda: _notices(request))
    return {
        "is_demo": settings.DEMO,
        "demo_logins": demo_logins if settings.DEMO else (),
        "likes": SimpleLazyObject(lambda: _likes(request)),
        "away_until": SimpleLazyObject(lambda: _away_until(request)),
        "counters": counters,
        "makes_tickets": SimpleLazyObject(lambda: _makes_tickets(actor())),
        "notices": notices,
        "around": SimpleLazyObject(lambda: around(request, counters, notices)),
    }


def _likes(request: HttpRequest) -> Preferences:
    """What the agent prefers; of a stranger the defaults, but no keys."""
    agent = getattr(request, "user", None)  # nobody looked who it is where the request itself was wrong
    return preferences_of(agent) if isinstance(agent, Agent) else Preferences(has_keys=False)


def _away_until(request: HttpRequest) -> date | None:
    return away_until(request.user, now=timezone.now()) if isinstance(request.user, Agent) else None


def _actor(request: HttpRequest) -> Actor | None:
    """The agent who looks at the page, with their rights, also where no view needed them; None: nobody."""
    actor = getattr(request, "actor", None)
    if isinstance(actor, Actor):
        return actor
    return Actor.of(request.user, rights_of(request.user)) if isinstance(request.user, Agent) else None


def _counters(request: HttpRequest, actor: Actor | None) -> MyCounters:
    """Those that a view has asked for already, else of the agent, where there is one."""
    counters = getattr(request, "counters", None)
    if counters is not None:
        return cast("MyCounters", counters)
    return my_counters(actor) if actor else MyCounters()


def _makes_tickets(actor: Actor | None) -> bool:
    return actor is not None and actor.agent_rights.may_create


def _notices(request: HttpRequest) -> Notices:
    """What the last look at the whole house found, a few seconds ago.

    It is the same for everybody and true for minutes, so that not every page pays its statement (1.3 ms)
    again; each process looks for itself.
    """
    if not isinstance(request.user, Agent):
        return Notices()
    now, is_admin = timezone.now(), request.user.is_superuser
    all_troubles = caches["local"].get_or_set(CACHED, lambda: look_everywhere(now=now), SECONDS) or []
    troubles = [trouble for trouble in all_troubles if is_admin or not trouble.kind.is_for_admins]
    shown = tuple(
        Notice(text=sentence(trouble, now=now), address=place(trouble) if is_admin else "")
        for trouble in troubles[:SHOWN_MOST]
    )
    return Notices(shown=(*_own(request.user), *shown), more=len(troubles) - len(shown))


def _own(agent: Agent) -> Iterator[Notice]:
    """What concerns this agent alone, who can do something about it."""
    if is_mail_stopped(agent):
        said = _("You are mailed no more about tickets: the last mails to %(address)s came back.")
        address = f"{reverse('desk:preferences')}#meldingen-per-e-mail"
        yield Notice(text=said % {"address": agent.email}, address=address)
