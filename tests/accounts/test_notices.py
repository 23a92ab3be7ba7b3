"""Whatever decides how an agent gets in is told, when it changes, where they were reachable before."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Agent, Preferences
from tests.accounts.test_ways_in import changed, mailed, make_factor, office, removing, sign_in
from tests.factories import PASSWORD
from tests.signed_in import gave_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

__all__ = ["office"]

NEW = "een-heel-ander-woord-7"


def make_identity(agent: Agent) -> SocialAccount:
    identity: SocialAccount = SocialAccount.objects.create(user=agent, provider="association", uid="1")
    return identity


def own(agent: Agent) -> Client:
    """Their own session, in which they have just given their password."""
    client = Client()
    client.force_login(agent)
    gave_password(client)
    return client


def set_password(office: Client, agent: Agent, **form: str) -> None:
    words = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    office.post(reverse("admin:auth_user_password_change", args=[agent.pk]), words | form)


def change_own_password(_office: Client, agent: Agent) -> None:
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    own(agent).post(reverse("desk:password"), form)


def remove_factors(office: Client, agent: Agent) -> None:
    codes = Authenticator.objects.create(user=agent, type=Authenticator.Type.RECOVERY_CODES, data={})
    changed(office, agent, **removing("authenticator_set", make_factor(agent), codes))


def remove_own_factor(_office: Client, agent: Agent) -> None:
    make_factor(agent)
    own(agent).post(reverse("mfa_deactivate_totp"))


CHANGES: dict[str, tuple[Callable[[Client, Agent], Any], list[str]]] = {
    "address": (
        lambda office, agent: changed(office, agent, email="nieuw@kvv.example"),
        ["ander e-mailadres gegeven"],
    ),
    "name": (
        lambda office, agent: changed(office, agent, username="nieuw"),
        ["gebruikersnaam in KVV gewijzigd in 'nieuw'"],
    ),
    "second factor": (remove_factors, ["tweestapsverificatie"]),
    "identity": (
        lambda office, agent: changed(office, agent, **removing("socialaccount_set", make_identity(agent))),
        ["OpenID-identiteit"],
    ),
    "all at once": (
        lambda office, agent: changed(
            office,
            agent,
            email="nieuw@kvv.example",
            username="nieuw",
            **removing("socialaccount_set", make_identity(agent)),
            **removing("authenticator_set", make_factor(agent)),
        ),
        ["ander e-mailadres", "gebruikersnaam", "tweestapsverificatie", "OpenID-identiteit"],
    ),
    "password": (set_password, ["nieuw wachtwoord"]),
    "no password": (
        lambda office, agent: set_password(
            office, agent, **{"usable_password": "false", "unset-password": "1"}
        ),
        ["wachtwoord van je account in KVV verwijderd"],
    ),
    "own password": (change_own_password, ["Je wachtwoord in KVV is gewijzigd"]),
    "own second factor": (remove_own_factor, ["authenticator-app is uitgezet"]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_a_way_in_is_told_where_its_agent_was_reachable_before(
    office: Client, owner: Agent, what: str
) -> None:
    before = owner.email
    change, words = CHANGES[what]
    change(office, owner)
    assert mailed() == [before]
    for said in words:
        assert said in str(mail.outbox[0].body)


def test_what_changes_no_way_in_tells_nobody(office: Client, owner: Agent) -> None:
    changed(office, owner, first_name="Anders", email=f" {owner.email.upper()}")
    assert mailed() == []


def test_who_had_no_address_is_told_nowhere_and_another_is_told_in_their_language(
    office: Client, owner: Agent, colleague: Agent
) -> None:
    Agent.objects.filter(pk=owner.pk).update(email="")
    changed(office, owner, email="nieuw@kvv.example")
    Preferences.objects.create(agent=colleague, language="en")
    set_password(office, colleague)
    assert sign_in("colleague", NEW) == 302
    assert mailed() == [colleague.email]
    assert "An administrator has set a new password" in str(mail.outbox[0].body)
