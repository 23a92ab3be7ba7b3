"""Browsers that an agent has signed in with: their tries are counted by themselves, whatever strangers do.

A signed cookie holds, for each of the last agents, a number of this browser's own. It lets nobody in.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import Agent

COOKIE = "kvv_device"
SALT = "accounts.devices"
AGENTS_MOST = 8
AGE = 180 * 24 * 3600
"""Seconds since the last sign-in after which a browser is a stranger again."""


def device_of(request: HttpRequest, agent: Agent) -> str | None:
    """What tells this browser from others with which the agent has signed in; None if it is no such."""
    return _devices(request).get(str(agent.pk))


def remember_device(request: HttpRequest, response: HttpResponseBase, agent: Agent) -> None:
    """Note, in the answer to a sign-in that succeeded, that this browser is one of the agent's."""
    devices = _devices(request)
    device = devices.pop(str(agent.pk), None) or secrets.token_urlsafe(12)
    latest = [*devices.items(), (str(agent.pk), device)][-AGENTS_MOST:]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(latest), salt=SALT),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _devices(request: HttpRequest) -> dict[str, str]:
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return {}
    return {str(agent): str(device) for agent, device in said.items()}
