"""Signing in by an OpenID Connect server: to whom an identity is bound, and what is believed."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Agent
from tests.accounts.openid_server import CLIENT, OpenIDServer, openid_server
from tests.factories import PASSWORD
from tests.signed_in import gave_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

INLINES = ("socialaccount_set", "authenticator_set")
LOGIN, BACK = "/accounts/oidc/association/login/", "/accounts/oidc/association/login/callback/"


@pytest.fixture
def server(settings: Settings, owner: Agent) -> Iterator[OpenIDServer]:
    with openid_server() as running:
        points_to(running, settings)
        settings.OIDC_DOMAINS = frozenset({"kvv.example"})
        running.claims = {"sub": "1", "email": owner.email, "email_verified": True}
        yield running


def points_to(server: OpenIDServer, settings: Settings) -> None:
    """The settings name this server."""
    app = {
        "provider_id": "association",
        "name": "Vereniging",
        "client_id": CLIENT,
        "secret": "s",
        "settings": {"server_url": server.address, "oauth_pkce_enabled": True},
    }
    before = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**before, "APPS": [app]}}


def come_in(server: OpenIDServer, client: Client | None = None, **asked: str) -> tuple[Client, Any]:
    """The whole way: away to the server, and back with what it gives."""
    client = client or Client()
    away = client.post(LOGIN, query_params=asked)
    return client, client.get(BACK, server.sent(away.headers["Location"]))


def signed_in_as(client: Client) -> Agent | None:
    return Agent.objects.filter(pk=client.session.get("_auth_user_id", 0)).first()


def test_an_identity_is_bound_to_the_agent_who_has_its_address(server: OpenIDServer, owner: Agent) -> None:
    server.claims["email"] = owner.email.upper().replace("KVV.EXAMPLE", "Kvv.Example")
    client, _answer = come_in(server)
    assert signed_in_as(client) == owner
    assert SocialAccount.objects.get().user == owner
    assert [message.to for message in mail.outbox] == [[owner.email]]
    server.claims |= {"email": "heel-anders@kvv.example", "email_verified": False}
    assert signed_in_as(come_in(server)[0]) == owner  # by the identity, from now on


@pytest.fixture
def other_server() -> Iterator[OpenIDServer]:
    with openid_server() as running:
        yield running


def test_another_server_takes_nobody_over(
    server: OpenIDServer,
    other_server: OpenIDServer,
    settings: Settings,
    owner: Agent,
    colleague: Agent,
) -> None:
    assert signed_in_as(come_in(server)[0]) == owner
    points_to(other_server, settings)
    other_server.claims = {"sub": "1", "email": owner.email, "email_verified": False}
    assert signed_in_as(come_in(other_server)[0]) is None
    other_server.claims |= {"email": colleague.email, "email_verified": True}
    for _time in range(2):
        assert signed_in_as(come_in(other_server)[0]) == colleague
        other_server.claims["email_verified"] = False  # by the identity, from now on
    points_to(server, settings)
    server.claims["email_verified"] = False
    assert signed_in_as(come_in(server)[0]) == owner
    assert SocialAccount.objects.count() == 2


@pytest.mark.parametrize(
    ("stored", "is_known"),
    [
        ({}, True),
        ({"iss": "https://elders.example"}, False),
        ({"iss": None}, False),
        ({"sub": "2"}, False),
    ],
)
def test_who_was_bound_by_the_name_at_the_server_alone_stays_bound_where_the_server_is_the_same(
    server: OpenIDServer, owner: Agent, stored: dict[str, object], *, is_known: bool
) -> None:
    token = {"iss": server.address, "sub": "1"} | stored
    SocialAccount.objects.create(
        user=owner, provider="association", uid="1", extra_data={"id_token": token, "userinfo": {"sub": "1"}}
    )
    server.claims["email_verified"] = False
    assert (signed_in_as(come_in(server)[0]) == owner) == is_known


def test_the_password_stays(server: OpenIDServer, owner: Agent) -> None:
    come_in(server)
    assert Client().post("/accounts/login/", {"login": "owner", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": "false"},
        {"email_verified": 1},
        {"email_verified": None},
        {"email": "owner@evil.example"},
        {"email": "owner@evil.example@kvv.example"},
        {"email": "owner@sub.kvv.example"},
        {"email": ""},
        {"email": None},
        {"email": ["owner@kvv.example"]},
    ],
)
def test_nobody_is_bound_by_an_address_that_is_not_vouched_for(
    server: OpenIDServer, claims: dict[str, object]
) -> None:
    server.claims |= claims
    client, answer = come_in(server)
    assert signed_in_as(client) is None
    assert "Een beheerder maakt accounts" in answer.content.decode()
    assert not SocialAccount.objects.exists()


def test_no_superuser_is_found_by_an_address_alone(server: OpenIDServer, superuser: Agent) -> None:
    server.claims["email"] = superuser.email
    assert signed_in_as(come_in(server)[0]) is None


def test_nobody_is_bound_where_no_domain_is_named(server: OpenIDServer, settings: Settings) -> None:
    settings.OIDC_DOMAINS = frozenset()
    assert signed_in_as(come_in(server)[0]) is None


def test_who_is_no_longer_active_is_not_bound(server: OpenIDServer, owner: Agent) -> None:
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    assert signed_in_as(come_in(server)[0]) is None


def test_nobody_links_an_identity_to_the_agent_at_whose_screen_they_sit(
    server: OpenIDServer, colleague: Agent, client: Client
) -> None:
    client.force_login(colleague)
    come_in(server, client, process="connect")
    assert not SocialAccount.objects.filter(user=colleague).exists()


def refused(answer: Any) -> bool:
    return answer.status_code == 401 and not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "token", [{"nonce": "of-anöther"}, {"nonce": None}, {"sub": "2"}, {"aud": "another"}, {"iss": "x"}]
)
def test_a_token_that_was_made_for_something_else_is_not_believed(
    server: OpenIDServer, token: dict[str, object]
) -> None:
    server.token = token
    client, answer = come_in(server)
    assert refused(answer)
    assert signed_in_as(client) is None


def test_a_code_that_somebody_else_was_given_is_of_no_use(server: OpenIDServer) -> None:
    client, stranger = Client(), Client()
    stolen = server.sent(stranger.post(LOGIN).headers["Location"])
    server.sent(client.post(LOGIN).headers["Location"])
    assert refused(stranger.get(BACK, stolen))  # the code of the other's challenge
    assert refused(client.get(BACK, stolen))  # the state of the other's session


def test_a_link_asks_the_server_for_nothing_of_its_own(server: OpenIDServer) -> None:
    come_in(server, auth_params="prompt=none&nonce=mine", scope="groups")
    assert "prompt" not in server.asked
    assert server.asked["nonce"] != "mine"
    assert set(server.asked["scope"].split()) == {"openid", "profile", "email"}
    assert server.asked["code_challenge_method"] == "S256"


def test_an_administrator_sees_an_identity_and_can_cut_it(
    server: OpenIDServer, owner: Agent, superuser: Agent
) -> None:
    come_in(server)
    desk = Client()
    desk.force_login(superuser)
    gave_password(desk)
    address = reverse("admin:accounts_agent_change", args=[owner.pk])
    identity = SocialAccount.objects.get()
    page = desk.get(address)
    assert f"<p>{identity.uid}</p>" in page.content.decode()
    form = page.context["adminform"].form
    values = {name: form.initial.get(name) or "" for name in form.fields if name != "groups"}
    values |= {f"{prefix}-{name}": 0 for prefix in INLINES for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    values |= {"socialaccount_set-TOTAL_FORMS": 1, "socialaccount_set-INITIAL_FORMS": 1}
    row = {"id": identity.pk, "user": owner.pk, "DELETE": "on"}
    values |= {f"socialaccount_set-0-{name}": value for name, value in row.items()}
    assert desk.post(address, values | {"is_active": "on"}).status_code == 302
    server.claims["email_verified"] = False
    assert signed_in_as(come_in(server)[0]) is None
