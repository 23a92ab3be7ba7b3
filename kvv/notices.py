"""What every page of the frame shows besides its own content."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import Agent
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

    That is who can sign in to the demo, whether an agent likes keys, the figures in the title bar, what is
    wrong, and what is around a page that strangers get, too. A part of a page that htmx fetches costs
    nothing.
    """
    counters = SimpleLazyObject(lambda: _counters(request))
    notices = SimpleLazyObject(lambda: _notices(request))
    return {
        "is_demo": settings.DEMO,
        "demo_logins": demo_logins if settings.DEMO else (),
        "has_keys": SimpleLazyObject(lambda: _has_keys(request)),
        "counters": counters,
        "notices": notices,
        "around": SimpleLazyObject(lambda: around(request, counters, notices)),
    }


def _has_keys(request: HttpRequest) -> bool:
    return isinstance(request.user, Agent) and preferences_of(request.user).has_keys


def _counters(request: HttpRequest) -> MyCounters:
    if not isinstance(request.user, Agent):
        return MyCounters(locked=0, owned=0)
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        actor = Actor.of(request.user, rights_of(request.user))
    return my_counters(actor)


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
