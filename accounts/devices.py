"""Browsers that an agent has signed in with: their tries are counted by themselves, whatever strangers do.

A signed cookie holds, for each of the last agents, a number of this browser's own and what tells their
password at that time. It lets nobody in, and with another password the browser is a stranger again.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare

from accounts.models import Agent

COOKIE = "kvv_device"
SALT = "accounts.devices"
AGENTS_MOST = 8
AGE = 180 * 24 * 3600
"""Seconds since the last sign-in after which a browser is a stranger again."""
PASSWORD_SIGNS = 16
"""Of the digest of an agent's password that sessions have, too."""


def device_of(request: HttpRequest, agent: Agent) -> str | None:
    """What tells this browser from others with which the agent has signed in; None if it is no such."""
    device, _dot, password = _devices(request).get(str(agent.pk), "").partition(".")
    return device if constant_time_compare(password, _password_of(agent)) else None


def remember_device(request: HttpRequest, response: HttpResponseBase, agent: Agent) -> None:
    """Note, in the answer to a sign-in that succeeded, that this browser is one of the agent's."""
    devices = _devices(request)
    device = device_of(request, agent) or secrets.token_urlsafe(12)
    devices.pop(str(agent.pk), None)
    latest = [*devices.items(), (str(agent.pk), f"{device}.{_password_of(agent)}")][-AGENTS_MOST:]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(latest), salt=SALT),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _password_of(agent: Agent) -> str:
    return agent.get_session_auth_hash()[:PASSWORD_SIGNS]


def _devices(request: HttpRequest) -> dict[str, str]:
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return {}
    return {str(agent): str(device) for agent, device in said.items()}
