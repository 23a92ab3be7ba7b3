"""What decides how an agent gets in: their address, password and second factor, and who may change them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agent
from accounts.tasks import forget_expired
from tests.factories import PASSWORD
from tests.house.matrix import CLOSED
from tests.signed_in import gave_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]


def sign_in(login: str, password: str = PASSWORD) -> int:
    return Client().post("/accounts/login/", {"login": login, "password": password}).status_code


def make_factor(agent: Agent, secret: str = "x") -> Authenticator:
    factor: Authenticator = Authenticator.objects.create(
        user=agent, type=Authenticator.Type.TOTP, data={"secret": secret}
    )
    return factor


def mailed() -> list[str]:
    return [address for message in mail.outbox for address in message.to]


# One address, one agent.


@pytest.mark.parametrize("asked", ["Joost.Demoman@kvv.example", "joost.demoman@KVV.example"])
def test_an_address_with_capitals_is_a_way_in_and_gets_the_link(owner: Agent, asked: str) -> None:
    owner.email = " Joost.Demoman@kvv.example"
    owner.save()
    assert sign_in(asked) == 302
    Client().post("/accounts/password/reset/", {"email": asked})
    assert mailed() == ["joost.demoman@kvv.example"]


def test_the_first_administrator_gets_in_by_an_address_with_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", username="baas", email="Jan.Baas@kvv.example", interactive=False)
    assert sign_in("jan.baas@kvv.example") == 302


def test_a_changed_address_is_used_for_reset_and_sign_in_at_once_and_the_old_one_for_nothing(
    owner: Agent,
) -> None:
    before = owner.email
    owner.email = "nieuw@kvv.example"
    owner.save()
    assert sign_in(before) == 200
    Client().post("/accounts/password/reset/", {"email": before})
    assert mailed() == []
    assert [row.email for row in EmailAddress.objects.filter(user=owner)] == ["nieuw@kvv.example"]
    assert sign_in("nieuw@kvv.example") == 302
    Client().post("/accounts/password/reset/", {"email": "nieuw@kvv.example"})
    assert mailed() == ["nieuw@kvv.example"]


def test_signing_in_looks_for_no_address(owner: Agent, django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(1):
        owner.save(update_fields=["last_login"])


def test_an_agent_without_an_address_has_none_anywhere(owner: Agent) -> None:
    owner.email = ""
    owner.save()
    assert not EmailAddress.objects.filter(user=owner).exists()


def test_two_agents_can_not_have_one_address_in_whatever_spelling(owner: Agent, colleague: Agent) -> None:
    colleague.email = owner.email.upper()
    with pytest.raises(ValidationError, match="Een andere medewerker"):
        colleague.full_clean()
    with pytest.raises(IntegrityError):
        colleague.save()


def test_who_is_not_known_gets_no_mail_because_somebody_typed_their_address() -> None:
    Client().post("/accounts/password/reset/", {"email": "vreemd@post.example"})
    assert mailed() == []


@pytest.mark.parametrize(
    "name",
    [
        "account/email/password_reset_key",
        "account/email/password_changed",
        "account/email/password_reset",
        "mfa/email/totp_activated",
        "mfa/email/totp_deactivated",
        "mfa/email/recovery_codes_generated",
        "socialaccount/email/account_connected",
    ],
)
def test_a_mail_names_our_own_address_whatever_host_was_asked(
    owner: Agent, rf: RequestFactory, name: str
) -> None:
    asked = rf.get("/", HTTP_HOST="127.0.0.1:8104")
    with request_context(asked):
        adapter = get_adapter()
        link = adapter.get_reset_password_from_key_url("1-key")
        context = {"password_reset_url": link, "username": owner.username}
        adapter.send_notification_mail(name, owner, context, email=owner.email)
    message = mail.outbox[0]
    assert "127.0.0.1:8104" not in f"{message.subject} {message.body} {link}"
    assert message.subject.startswith("[KVV] ")
    assert link.startswith(settings.BASE_URL)


# What an agent's session alone can't change.


@pytest.mark.parametrize("name", CLOSED)
def test_what_kvv_does_not_have_takes_no_form_either(client: Client, owner: Agent, name: str) -> None:
    client.force_login(owner)
    gave_password(client)
    address = reverse(name, args=["x"] if name == "account_confirm_email" else [])
    answer = client.post(address, {"email": "dief@evil.example", "action_add": "", "process": "connect"})
    assert answer.status_code == 404
    assert [row.email for row in EmailAddress.objects.all()] == [owner.email]


ASKED_AGAIN = {
    "mfa_activate_totp": False,
    "mfa_generate_recovery_codes": False,
    "mfa_deactivate_totp": True,
    "admin:accounts_agent_add": False,
    "admin:accounts_agent_change": False,
    "admin:auth_user_password_change": False,
}
"""What asks again who sits there, and whether it is there only for who has a second factor."""


def address_of(name: str, agent: Agent) -> str:
    """Of such a page; of the admin's, the one about this agent."""
    return reverse(name, args=[agent.pk] if name.startswith("admin") and "add" not in name else [])


@pytest.mark.parametrize("name", ASKED_AGAIN)
def test_who_sits_there_gives_their_password_first_and_what_they_typed_is_kept_nowhere(
    client: Client, superuser: Agent, owner: Agent, name: str
) -> None:
    if ASKED_AGAIN[name]:
        make_factor(superuser)
    client.force_login(superuser)
    gave_password(client, seconds_ago=3600)
    before = list(Agent.objects.order_by("pk").values()), list(Authenticator.objects.values())
    address = address_of(name, owner)
    typed = {"email": "dief@evil.example", "password1": "geheimwoord", "password2": "geheimwoord"}
    for answer in (client.get(address), client.post(address, typed | {"code": "geheimwoord"})):
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert (list(Agent.objects.order_by("pk").values()), list(Authenticator.objects.values())) == before
    (session,) = Session.objects.all()
    kept = str(session.get_decoded())
    assert "geheimwoord" not in kept
    assert str(client.session.session_key) not in kept
    page = client.get(answer.headers["Location"]).content.decode()
    assert "niet bewaard" in page
    done = client.post(answer.headers["Location"], {"password": PASSWORD, "next": address})
    assert done.headers["Location"] == address


@pytest.mark.parametrize("name", [*ASKED_AGAIN, "account_reauthenticate", "mfa_reauthenticate"])
def test_who_has_neither_password_nor_second_factor_gets_no_further_by_their_session_alone(
    client: Client, superuser: Agent, owner: Agent, name: str
) -> None:
    superuser.set_unusable_password()
    superuser.save()
    client.force_login(superuser)
    if ASKED_AGAIN.get(name):  # of a second factor there is nothing without one
        assert client.get(address_of(name, owner)).status_code == 404
        return
    for answer in (client.get(address_of(name, owner)), client.post(address_of(name, owner), {"code": "1"})):
        assert answer.status_code == 403
        assert "Vraag een beheerder om een wachtwoord" in answer.content.decode()


def test_the_seed_of_a_second_factor_that_is_being_made_can_not_be_read_in_the_session(
    client: Client, owner: Agent
) -> None:
    client.force_login(owner)
    gave_password(client)
    address = reverse("mfa_activate_totp")
    seed = client.get(address).context["form"].secret
    (session,) = Session.objects.all()
    assert seed not in str(session.get_decoded())
    assert client.post(address, {"code": "000000"}).context["form"].secret == seed
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(seed, counter))
    assert client.post(address, {"code": code}).status_code == 302
    assert Authenticator.objects.filter(user=owner, type=Authenticator.Type.TOTP).exists()


def test_sessions_that_have_ended_are_deleted(client: Client, owner: Agent) -> None:
    client.force_login(owner)
    gone = Client()
    gone.force_login(owner)
    Session.objects.filter(pk=gone.session.session_key).update(
        expire_date=timezone.now() - timedelta(hours=1)
    )
    forget_expired()
    assert [row.pk for row in Session.objects.all()] == [client.session.session_key]


# What an administrator changes.


@pytest.fixture
def office(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    gave_password(client)
    return client


def changed(office: Client, agent: Agent, **values: object) -> None:
    address = reverse("admin:accounts_agent_change", args=[agent.pk])
    form = office.get(address).context["adminform"].form
    whole = {name: form.initial.get(name) or "" for name in form.fields if name != "groups"}
    inlines = {f"{prefix}-{name}": 0 for prefix in INLINES for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    answer = office.post(address, {**whole, "is_active": "on", **inlines, **values})
    assert answer.status_code == 302, answer.context["adminform"].form.errors


INLINES = ("socialaccount_set", "authenticator_set")


def removing(prefix: str, *rows: Any) -> dict[str, object]:
    """What the agent's form says to take away their ways in."""
    form: dict[str, object] = dict.fromkeys((f"{prefix}-TOTAL_FORMS", f"{prefix}-INITIAL_FORMS"), len(rows))
    for n, row in enumerate(rows):
        form |= {f"{prefix}-{n}-id": row.pk, f"{prefix}-{n}-user": row.user_id, f"{prefix}-{n}-DELETE": "on"}
    return form


def test_a_second_factor_is_shown_without_its_secret_and_can_only_be_removed(
    office: Client, owner: Agent
) -> None:
    factor = Authenticator.objects.create(
        user=owner, type=Authenticator.Type.TOTP, data={"secret": "GEHEIMX"}
    )
    page = office.get(reverse("admin:accounts_agent_change", args=[owner.pk])).content.decode()
    assert "GEHEIMX" not in page
    changed(office, owner, **removing("authenticator_set", factor))
    assert not Authenticator.objects.exists()
    assert "admin:mfa_authenticator_changelist" not in {str(name) for name in office.get("/admin/").context}


# A second factor can be demanded.


@pytest.mark.parametrize(
    ("demanded", "of_agent", "of_superuser"),
    [("NOBODY", 200, 200), ("SUPERUSERS", 200, 302), ("ALL", 302, 302)],
)
def test_who_must_have_a_second_factor_sees_nothing_without(
    settings: Settings, owner: Agent, superuser: Agent, demanded: str, of_agent: int, of_superuser: int
) -> None:
    settings.SECOND_FACTOR = demanded
    for agent, status in ((owner, of_agent), (superuser, of_superuser)):
        desk = Client()
        desk.force_login(agent)
        answer = desk.get("/voorkeuren/")
        assert answer.status_code == status
        if status == 302:
            assert answer.headers["Location"] == reverse("mfa_activate_totp")
            gave_password(desk)
            assert desk.get(reverse("mfa_activate_totp")).status_code == 200
            make_factor(agent)
            assert desk.get("/voorkeuren/").status_code == 200


def test_who_is_known_to_have_one_is_not_asked_after_at_each_page(
    settings: Settings, client: Client, owner: Agent
) -> None:
    settings.SECOND_FACTOR = "ALL"
    client.force_login(owner)
    make_factor(owner)
    client.get("/voorkeuren/")
    Authenticator.objects.all().delete()
    assert client.get("/voorkeuren/").status_code == 200
    client.get(reverse("mfa_deactivate_totp"))
    assert client.get("/voorkeuren/").status_code == 302
