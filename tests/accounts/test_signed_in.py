"""Being signed in: nowhere else any more where one says so, nor for long by a password that was given."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from tests.desk.reading import text
from tests.factories import PASSWORD
from tests.signed_in import gave_password

pytestmark = pytest.mark.django_db

OWN = "een-eigen-lang-wachtwoord-7"
GIVEN = "van-de-beheerder-gekregen-3"
FIRST = "/accounts/password/first/"


def signed_in(username: str, password: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": username, "password": password})
    return client


def test_signing_out_elsewhere_ends_every_other_session_each_time(owner: Agent, colleague: Agent) -> None:
    here, there, of_another = Client(), Client(), Client()
    here.force_login(owner)
    of_another.force_login(colleague)
    for _time in range(2):
        there.force_login(Agent.objects.get(pk=owner.pk))
        answer = here.post(reverse("desk:leave_elsewhere"), follow=True)
        assert "Je bent nu alleen nog op dit apparaat ingelogd." in text(answer)
        assert there.get("/voorkeuren/").status_code == 302
        assert here.get("/voorkeuren/").status_code == of_another.get("/voorkeuren/").status_code == 200


def test_who_was_given_a_password_chooses_one_before_anything_else(
    owner: Agent, superuser: Agent, client: Client
) -> None:
    """An administrator makes an agent, or sets the password of one; their own is their own."""
    client.force_login(superuser)
    gave_password(client)
    made = {"username": "vers", "password1": GIVEN, "password2": GIVEN, "usable_password": "true"}
    client.post(reverse("admin:accounts_agent_add"), made)
    for agent in (owner, superuser):
        address = reverse("admin:auth_user_password_change", args=[agent.pk])
        answer = client.post(address, {"password1": GIVEN, "password2": GIVEN, "usable_password": "true"})
        assert answer.status_code == 302
    assert not Agent.objects.get(pk=superuser.pk).password_given
    assert Agent.objects.filter(username__in=("vers", "owner"), password_given=True).count() == 2
    for name in ("vers", "owner"):
        desk = signed_in(name, GIVEN)
        for path in ("/", "/voorkeuren/", "/wachtrijen/"):
            assert desk.get(path).headers["Location"] == FIRST
        wrong = [{"oldpassword": GIVEN, "password1": new, "password2": new} for new in (GIVEN, "kort")]
        for values in (*wrong, {"oldpassword": "x", "password1": OWN, "password2": OWN}):
            assert 'role="alert"' in text(desk.post(FIRST, values))
            assert desk.get("/").status_code == 302
        assert "Hoofdmenu" not in text(desk.get("/weg/"))
        desk.post(FIRST, {"oldpassword": GIVEN, "password1": OWN, "password2": OWN})
        assert desk.get("/").status_code == 200
        assert desk.get(FIRST).headers["Location"] == "/#inhoud"
        assert signed_in(name, OWN).get("/").status_code == 200


def test_a_password_that_its_agent_chose_and_a_way_in_without_one_ask_for_nothing(owner: Agent) -> None:
    assert signed_in("owner", PASSWORD).get("/").status_code == 200
    Agent.objects.filter(pk=owner.pk).update(password_given=True)
    by_openid = Client()
    by_openid.force_login(owner)
    assert by_openid.get("/").status_code == 200
