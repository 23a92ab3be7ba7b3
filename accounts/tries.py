"""Who tries a password or a second factor, and how often they may: nobody can lock anybody else out.

Counted is a name together with the network that it is tried from, or with the browser, where the agent has
signed in with that before. What strangers do in all, from a network and altogether, is slowed down as well,
so that it can't keep the machine busy; that holds up no known browser, and no name is refused for good.
"""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.devices import device_of
from accounts.limits import Counted, Limit, count_try, forget, take_back
from accounts.models import Agent
from accounts.notices import tell_of_failures

NAME = Limit(free=5, first=timedelta(seconds=15), longest=timedelta(minutes=15), forgotten=timedelta(hours=1))
"""Of one name, from one network or one browser."""
NETWORK = Limit(
    free=100, first=timedelta(seconds=6), longest=timedelta(seconds=6), forgotten=timedelta(minutes=10)
)
"""Of all names that strangers try from one network: more than any one name comes to."""
ALL = Limit(
    free=1000, first=timedelta(seconds=1), longest=timedelta(seconds=1), forgotten=timedelta(minutes=10)
)
"""Of all that strangers try: a password costs a tenth of a second of a processor."""
CODES = Limit(
    free=20, first=timedelta(minutes=1), longest=timedelta(minutes=15), forgotten=timedelta(hours=1)
)
"""Of one agent's second factor, from everywhere: who tries it knows the password."""
FAILURES = Limit(free=0, first=timedelta(0), longest=timedelta(0), forgotten=timedelta(days=1))
"""Counts only."""
TOLD_AT = 10
"""An agent is told of so many failures, once until there were none for a day."""

IPV4_PREFIX, IPV6_PREFIX = 24, 64
"""What counts as one network: the least that one customer of a provider gets (IPv6), and its like (IPv4)."""


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted: whose name it is at (None: nobody's), and what it was counted by.

    `who` names what is tried and at whose name, also where nobody has it: what is done takes as long then.
    """

    agent: Agent | None
    who: tuple[str, ...]
    own: Counted
    shared: tuple[Counted, ...] = ()

    def succeeded(self) -> None:
        """It was in order."""
        forget(self.own)
        for counted in self.shared:
            take_back(counted)

    def failed(self) -> None:
        """It was wrong: the agent is told when that happens often."""
        (count,) = count_try([Counted(FAILURES, ("failures", *self.who))], now=timezone.now())
        if self.agent is not None and count == TOLD_AT:
            tell_of_failures(self.agent, count=TOLD_AT, knows_password=self.who[0] == "code")


def try_password(request: HttpRequest, name: str) -> Try:
    """Count a password that is tried at a name, which may be a mail address; raises `TooManyTries`."""
    return _begin(request, "password", agent=_named(name), name=name)


def try_reset(request: HttpRequest, address: str) -> None:
    """Count a link for a new password that is asked for; raises `TooManyTries`."""
    _begin(request, "reset", agent=_named(address), name=address)


def forget_passwords(request: HttpRequest, agent: Agent) -> None:
    """Who has just chosen a new password need not wait from here."""
    forget(_trying(request, "password", agent=agent, name="").own)


def try_code(request: HttpRequest, agent: Agent) -> Try:
    """Count a code of a second factor that is tried; raises `TooManyTries`."""
    return _begin(request, "code", agent=agent, name="")


def _named(name: str) -> Agent | None:
    """Whose name or address it is, in any case."""
    named = Q(username__iexact=name.strip()) | Q(email__iexact=name.strip())
    return Agent.objects.filter(named).order_by("pk").first()


def _begin(request: HttpRequest, what: str, *, agent: Agent | None, name: str) -> Try:
    trying = _trying(request, what, agent=agent, name=name)
    count_try([trying.own, *trying.shared], now=timezone.now())
    return trying


def _trying(request: HttpRequest, what: str, *, agent: Agent | None, name: str) -> Try:
    """What a try is counted by."""
    who = (what, "agent", str(agent.pk)) if agent else (what, "nobody", name.strip().lower())
    device = device_of(request, agent) if agent else None
    if device:
        return Try(agent, who, Counted(NAME, (*who, "device", device)))
    network = network_of(get_adapter().get_client_ip(request))
    shared = [Counted(NETWORK, ("network", network)), Counted(ALL, ("all",))]
    if what == "code":
        shared.append(Counted(CODES, who))
    return Try(agent, who, Counted(NAME, (*who, "network", network)), tuple(shared))


def network_of(address: str) -> str:
    """The network of an address: of IPv4 (also written as IPv6) a /24, of IPv6 a /64."""
    host = ipaddress.ip_address(address)
    if isinstance(host, ipaddress.IPv6Address):
        if host.ipv4_mapped is None:
            return str(ipaddress.ip_network((host, IPV6_PREFIX), strict=False))
        host = host.ipv4_mapped
    return str(ipaddress.ip_network((host, IPV4_PREFIX), strict=False))
