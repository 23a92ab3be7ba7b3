"""How often a customer's page may be asked for something: counted by address, and by network."""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.translation import ngettext

from accounts.limits import Counted, Limit, TooManyTries, count_try
from accounts.tries import networks_of

AN_HOUR = timedelta(hours=1)


def _an_hour(most: int) -> Limit:
    """So many, and then nothing for an hour."""
    return Limit(free=most, first=AN_HOUR, longest=AN_HOUR, falls=AN_HOUR, forgotten=AN_HOUR)


CODES, LINKS, DEEDS = _an_hour(3), _an_hour(3), _an_hour(30)
"""Of one address: codes and new links that are mailed, and whatever is written or pressed."""
NETWORK = _an_hour(60)
"""Of each of these, from one network."""


def count_code(request: HttpRequest, *, address: str, now: datetime) -> None:
    """Count a code that is to be mailed; raises `TooManyTries`."""
    _count(request, "page-code", CODES, address=address, now=now)


def count_link(request: HttpRequest, *, address: str, now: datetime) -> None:
    """Count a new link that is to be mailed; raises `TooManyTries`."""
    _count(request, "page-link", LINKS, address=address, now=now)


def count_deed(request: HttpRequest, *, address: str, now: datetime) -> None:
    """Count what is written or pressed; raises `TooManyTries`."""
    _count(request, "page-deed", DEEDS, address=address, now=now)


def sentence_of(over: TooManyTries) -> str:
    """When it may be tried again."""
    minutes = max(1, round(over.seconds / 60))
    sentence = ngettext(
        "That was often enough for now. Try again in %(n)s minute.",
        "That was often enough for now. Try again in %(n)s minutes.",
        minutes,
    )
    return sentence % {"n": minutes}


def _count(request: HttpRequest, what: str, limit: Limit, *, address: str, now: datetime) -> None:
    networks = networks_of(get_adapter().get_client_ip(request))
    shared = [Counted(NETWORK, (what, "network", network)) for network in networks]
    count_try([Counted(limit, (what, "address", address)), *shared], now=now)
