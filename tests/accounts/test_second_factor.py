"""The pages of the second factor: in the agents' frame, with a way back, and all of them our own."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from tests.desk.reading import text
from tests.factories import PASSWORD
from tests.signed_in import gave_password

pytestmark = pytest.mark.django_db

MENU = 'aria-label="Hoofdmenu"'
HERE = re.compile(r'class="menu__tab"[^>]* aria-current="\w+">(\w+)')
"""The tab of the menu that is said to be where one is."""


@pytest.fixture
def desk(client: Client, owner: Agent) -> Client:
    client.force_login(owner)
    gave_password(client)
    return client


def code_for(seed: str) -> str:
    return str(format_hotp_value(hotp_value(seed, next(iter(yield_hotp_counters_from_time())))))


def switch_on(desk: Client) -> str:
    """Make a factor as people do; gives its seed."""
    page = desk.get(reverse("mfa_activate_totp"))
    seed = str(page.context["form"].secret)
    desk.post(reverse("mfa_activate_totp"), {"code": code_for(seed)})
    return seed


def of_the_factor(desk: Client) -> Iterator[str]:
    """Its pages, one after the other: without one, while it is made, and with one."""
    yield text(desk.get(reverse("mfa_index")))
    yield text(desk.get(reverse("mfa_activate_totp")))
    yield text(desk.post(reverse("mfa_activate_totp"), {"code": "000000"}))
    switch_on(desk)
    names = ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp")
    for name in (*names, "account_reauthenticate", "mfa_reauthenticate", "account_logout"):
        yield text(desk.get(reverse(name)))


def test_each_page_stands_in_the_frame_with_a_way_back(desk: Client) -> None:
    for page in of_the_factor(desk):
        head = page.partition('class="page__head"')[2].partition("</div>")[0]
        assert MENU in page
        assert HERE.findall(page) == ([] if ">Uitloggen</h1>" in page else ["Voorkeuren"])
        assert "Terug naar" in head
        assert "<h1" in head
        assert "placeholder" not in page.partition("<main")[2]


def test_it_is_switched_on_shown_and_switched_off(desk: Client, owner: Agent) -> None:
    seed = switch_on(desk)
    index = text(desk.get(reverse("mfa_index")))
    assert "aan sinds" in index
    assert "<b>10 van de 10</b>" in index
    codes = re.findall(r"<li>([0-9a-z]{8})</li>", text(desk.get(reverse("mfa_view_recovery_codes"))))
    assert len(codes) == 10
    assert seed not in index
    desk.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=owner).exists()


def test_a_wrong_code_is_said_where_the_focus_goes(desk: Client) -> None:
    page = text(desk.post(reverse("mfa_activate_totp"), {"code": "000000"}))
    assert 'role="alert" tabindex="-1" autofocus' in page
    assert page.count("autofocus") == 1


def test_the_code_is_asked_for_on_the_way_in(desk: Client, owner: Agent) -> None:
    seed = switch_on(desk)
    stranger = Client()
    stranger.post("/accounts/login/", {"login": owner.username, "password": PASSWORD})
    page = text(stranger.get(reverse("mfa_authenticate")))
    assert MENU not in page
    assert "Vul de zes cijfers uit je app in" in page
    assert "Ik ben iemand anders" in page
    assert "autofocus" in page
    assert seed not in page
