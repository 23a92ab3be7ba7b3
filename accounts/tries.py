"""Who tries a password or a second factor, and how often they may: nobody can lock anybody else out.

Counted is a name together with the network that it is tried from, or with the browser, where the agent has
signed in with that before. What strangers do in all, from a network and altogether, is slowed down as well,
so that it can't keep the machine busy. While they do so much, an agent may have to wait in a browser that is
not known; that holds up no known one, and no name is refused for good.
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

A_SECOND, A_MINUTE, AN_HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

NAME = Limit(free=5, first=15 * A_SECOND, longest=15 * A_MINUTE, falls=AN_HOUR, forgotten=AN_HOUR)
"""Of one name, from one network or one browser."""
NETWORK = Limit(
    free=100, first=6 * A_SECOND, longest=6 * A_SECOND, falls=6 * A_SECOND, forgotten=10 * A_MINUTE
)
"""Of all names that strangers try from one network: more than any one name comes to."""
ALL = Limit(free=1000, first=A_SECOND, longest=A_SECOND, falls=A_SECOND, forgotten=20 * A_MINUTE)
"""Of all that strangers try: a password costs a tenth of a second of a processor."""
CODES = Limit(free=20, first=A_MINUTE, longest=15 * A_MINUTE, falls=AN_HOUR, forgotten=AN_HOUR)
"""Of one agent's second factor, from everywhere, known browsers too: who tries it knows the password."""
FAILURES = Limit(
    free=0, first=timedelta(0), longest=timedelta(0), falls=timedelta.max, forgotten=24 * AN_HOUR
)
"""Counts only."""
TOLD_AT = 10
"""An agent is told of so many failures, once until there were none for a day."""

IPV4_PREFIX, IPV6_PREFIX, IPV6_SITE_PREFIX = 24, 64, 48
"""What counts as one network: the least that one customer of a provider gets (IPv6), and its like (IPv4).

A customer may have up to a /48 of IPv6, with 65,536 such networks: strangers are counted by that, too.
"""


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
    shared = (Counted(CODES, who),) if what == "code" else ()
    device = device_of(request, agent) if agent else None
    if device:
        return Try(agent, who, Counted(NAME, (*who, "device", device)), shared)
    networks = networks_from(request)
    strangers = [Counted(NETWORK, ("network", network)) for network in networks]
    own = Counted(NAME, (*who, "network", networks[0]))
    return Try(agent, who, own, (*shared, *strangers, Counted(ALL, ("all",))))


def networks_from(request: HttpRequest) -> list[str]:
    """Those that a request comes from, behind a proxy as that says (ALLAUTH_TRUSTED_PROXY_COUNT)."""
    return networks_of(get_adapter().get_client_ip(request))


def networks_of(address: str) -> list[str]:
    """The networks of an address, the smallest first: of IPv4 (also written as IPv6) a /24, of IPv6 two."""
    host = ipaddress.ip_address(address)
    prefixes = [IPV4_PREFIX]
    if isinstance(host, ipaddress.IPv6Address) and host.ipv4_mapped is not None:
        host = host.ipv4_mapped
    elif isinstance(host, ipaddress.IPv6Address):
        prefixes = [IPV6_PREFIX, IPV6_SITE_PREFIX]
    return [str(ipaddress.ip_network((host, prefix), strict=False)) for prefix in prefixes]
