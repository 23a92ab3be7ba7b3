"""Where an agent is signed in, and with whose password."""

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest

from accounts.models import Agent


def sign_out_elsewhere(request: HttpRequest, *, agent: Agent) -> None:
    """End all sessions of the agent but the one of this request."""
    Agent.objects.filter(pk=agent.pk).update(times_signed_out=F("times_signed_out") + 1)
    agent.refresh_from_db(fields=["times_signed_out"])
    update_session_auth_hash(request, agent)


def must_choose_password(request: HttpRequest) -> bool:
    """Whether an agent came in by a password that an administrator gave them."""
    agent = request.user
    if not isinstance(agent, Agent) or not agent.password_given:
        return False
    return any(record.get("method") == "password" for record in get_authentication_records(request, agent))
