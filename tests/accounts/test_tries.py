"""Guessing is slowed down, and nobody locks anybody else out by it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.devices import COOKIE, SALT
from accounts.limits import Counted, Limit, count_try, forget_expired
from accounts.models import Agent, Tally
from accounts.tries import ALL, CODES, NAME, NETWORK, TOLD_AT, networks_of
from blobs.store import read_bytes
from outbox.models import OutboundMessage
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE, FRESH = "192.0.2.7", "198.51.100.9", "203.0.113.5"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still, however slow this machine is."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def attempt(
    name: str = "owner", password: str = "gok", *, address: str = HERE, client: Client | None = None
) -> Any:
    form = {"login": name, "password": password}
    return (client or Client()).post(LOGIN, form, REMOTE_ADDR=address)


def guess(times: int, **where: Any) -> list[int]:
    return [attempt(**where).status_code for _n in range(times)]


def known(agent: Agent) -> Client:
    """A browser that the agent has signed in with once, and out again."""
    client = Client()
    assert attempt(agent.username, PASSWORD, client=client, address=FRESH).status_code == 302
    client.post("/accounts/logout/")
    return client


def test_guessing_from_somewhere_is_slowed_down_more_and_more(
    owner: Agent, clock: time_machine.Traveller
) -> None:
    assert guess(5) == [200] * 5
    waits = []
    for _n in range(8):
        page = attempt(password=PASSWORD)
        assert page.status_code == 429
        waits.append(int(page.headers["Retry-After"]))
        clock.shift(timedelta(seconds=waits[-1]))
        assert attempt().status_code == 200
    assert waits == [15, 30, 60, 120, 240, 480, 900, 900]


def test_the_page_says_when_to_try_again_and_keeps_the_name(owner: Agent) -> None:
    guess(5)
    page = Client().post(f"{LOGIN}?next=/voorkeuren/", {"login": "owner", "password": "geheim-gok"})
    assert page.status_code == 200  # another network
    page = Client().post(
        f"{LOGIN}?next=/voorkeuren/", {"login": "owner", "password": "geheim-gok"}, REMOTE_ADDR=HERE
    )
    shown = page.content.decode()
    assert page.status_code == 429
    assert re.search(r"Dat is te vaak geprobeerd: probeer het over \d+ seconden opnieuw\.", shown)
    assert re.search(r'name="login" value="owner"|value="owner"[^>]*name="login"', shown)
    assert 'value="/voorkeuren/"' in shown
    assert "geheim-gok" not in shown
    assert page.headers["Cache-Control"] == "no-store"


def test_strangers_lock_nobody_out(owner: Agent, colleague: Agent) -> None:
    browser = known(owner)
    for n in range(8):
        guess(6, address=f"198.51.{n}.9")
    assert attempt(password=PASSWORD, address=FRESH).status_code == 302
    guess(8, address=HERE)
    assert attempt(password=PASSWORD, address=HERE).status_code == 429
    assert attempt(password=PASSWORD, address=HERE, client=browser).status_code == 302
    assert attempt("colleague", PASSWORD, address=HERE).status_code == 302


def test_one_colleague_who_forgot_the_password_does_not_keep_the_office_out(
    owner: Agent, colleague: Agent, clock: time_machine.Traveller
) -> None:
    for _n in range(30):
        attempt(address=HERE)
        clock.shift(timedelta(seconds=15))
    assert attempt("colleague", PASSWORD, address=HERE).status_code == 302


@pytest.mark.parametrize("who", ["owner", "OWNER", "owner@kvv.example", "nobody"])
def test_a_name_is_one_however_it_is_written_and_whether_there_is_such_an_agent(
    owner: Agent, who: str
) -> None:
    Agent.objects.filter(pk=owner.pk).update(email="owner@kvv.example")
    assert guess(5, name=who) == [200] * 5
    assert attempt(who).status_code == 429
    assert attempt("owner").status_code == (200 if who == "nobody" else 429)


def test_who_gets_in_begins_anew(owner: Agent) -> None:
    for _n in range(3):
        assert guess(4) == [200] * 4
        assert attempt(password=PASSWORD).status_code == 302


def test_a_known_browser_is_slowed_down_by_what_is_tried_there(owner: Agent) -> None:
    browser = known(owner)
    assert guess(6, client=browser, address=HERE) == [200] * 5 + [429]
    assert attempt(client=browser, address=ELSEWHERE).status_code == 429
    assert attempt(password=PASSWORD, address=HERE).status_code == 302


def test_a_browser_is_known_as_long_as_the_password_is_that_of_its_sign_in(owner: Agent) -> None:
    browser = known(owner)
    guess(6, address=HERE)
    owner.set_password("nog-een-lang-9")
    owner.save(update_fields=["password"])
    assert attempt(password="nog-een-lang-9", client=browser, address=HERE).status_code == 429
    assert attempt(password="nog-een-lang-9", client=browser, address=FRESH).status_code == 302
    assert attempt(password="nog-een-lang-9", client=browser, address=HERE).status_code == 302


def counting(method: Callable[[Agent, str], Any], calls: list[str]) -> Callable[[Agent, str], Any]:
    """The method, which notes each password it is given."""

    def counted(agent: Agent, password: str) -> Any:
        calls.append(password)
        return method(agent, password)

    return counted


@pytest.mark.parametrize("name", ["owner", "owner@kvv.example", "nobody", "nobody@kvv.example"])
def test_a_wrong_password_costs_as_much_at_whatever_name(
    owner: Agent, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    Agent.objects.filter(pk=owner.pk).update(email="owner@kvv.example")
    hashed: list[str] = []
    for method in ("check_password", "set_password"):
        monkeypatch.setattr(Agent, method, counting(getattr(Agent, method), hashed))
    assert attempt(name).status_code == 200
    assert len(hashed) == 1


def test_a_count_that_is_forgotten_while_a_try_is_counted_is_made_again() -> None:
    forgotten: list[object] = []

    def forget_between(execute: Any, sql: str, *arguments: Any) -> Any:
        if "FOR NO KEY UPDATE" in sql and not forgotten:
            forgotten.append(Tally.objects.all().delete())
        return execute(sql, *arguments)

    with connection.execute_wrapper(forget_between):
        counts = count_try([Counted(NAME, ("one",)), Counted(ALL, ("all",))], now=timezone.now())
    assert (counts, len(forgotten), Tally.objects.count()) == ([1, 1], 1, 2)


def test_a_browser_is_known_for_its_own_agents_alone_and_by_our_word(owner: Agent, colleague: Agent) -> None:
    browser = known(owner)
    cookie = browser.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    forged = Client()
    forged.cookies[COOKIE] = signing.dumps({str(owner.pk): "x"}, key="another", salt=SALT)
    for client, name in ((browser, "colleague"), (forged, "owner")):
        guess(5, name=name, address=HERE)
        assert attempt(name, address=HERE, client=client).status_code == 429
    assert attempt("colleague", PASSWORD, address=FRESH, client=browser).status_code == 302
    assert set(signing.loads(browser.cookies[COOKIE].value, salt=SALT)) == {str(owner.pk), str(colleague.pk)}


def test_all_that_strangers_do_is_bounded_and_that_holds_up_no_known_browser(
    owner: Agent, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    browser = known(owner)
    minute = timedelta(minutes=1)
    few = Limit(free=3, first=minute, longest=minute, falls=minute, forgotten=timedelta(hours=1))
    monkeypatch.setattr("accounts.tries.NETWORK", few)
    for _minute in range(2):
        assert [attempt(f"n{n}", address=HERE).status_code for n in range(4)] == [200, 200, 200, 429]
        clock.shift(10 * minute)
    sites = [attempt(f"n{n}", address=f"2001:db8:1:{n}::1").status_code for n in range(4)]
    assert sites == [200, 200, 200, 429]
    guess(4, address=HERE)
    assert attempt(password=PASSWORD, client=browser, address=HERE).status_code == 302
    monkeypatch.setattr("accounts.tries.NETWORK", NETWORK)
    monkeypatch.setattr("accounts.tries.ALL", few)
    assert attempt("nobody", address=ELSEWHERE).status_code == 200
    assert attempt("nobody", address=FRESH).status_code == 429
    assert attempt(password=PASSWORD, client=browser, address=ELSEWHERE).status_code == 302


def test_no_limit_is_for_ever_and_a_network_bears_more_than_any_name() -> None:
    for limit in (NAME, NETWORK, ALL, CODES):
        assert limit.wait(10**9) <= timedelta(minutes=15)
    assert NETWORK.free > 5 * NAME.free


def second_factor(agent: Agent) -> None:
    TOTP.activate(agent, generate_totp_secret())
    RecoveryCodes.activate(agent)


def test_codes_of_a_second_factor_are_slowed_down_too_without_keeping_others_out(
    owner: Agent, colleague: Agent
) -> None:
    second_factor(owner)
    client = Client()
    assert "2fa" in attempt(password=PASSWORD, client=client).headers["Location"]
    assert COOKIE not in client.cookies
    codes = [
        client.post("/accounts/2fa/authenticate/", {"code": "000000"}, REMOTE_ADDR=HERE) for _n in range(6)
    ]
    assert [page.status_code for page in codes] == [200] * 5 + [429]
    assert int(codes[-1].headers["Retry-After"]) > 0
    assert attempt("colleague", PASSWORD).status_code == 302
    other = Client()
    attempt(password=PASSWORD, client=other, address=FRESH)
    code = RecoveryCodes(Authenticator.objects.get(user=owner, type="recovery_codes")).get_unused_codes()[0]
    page = other.post("/accounts/2fa/authenticate/", {"code": code}, REMOTE_ADDR=FRESH)
    assert (page.status_code, COOKIE in other.cookies) == (302, True)
    other.post("/accounts/logout/")
    attempt(password=PASSWORD, client=other, address=FRESH)
    (codes_of_all,) = Tally.objects.filter(key=Counted(CODES, ("code", "agent", str(owner.pk))).key)
    other.post("/accounts/2fa/authenticate/", {"code": "000000"}, REMOTE_ADDR=FRESH)
    before = codes_of_all.count
    codes_of_all.refresh_from_db()
    assert codes_of_all.count == before + 1


def test_the_present_password_and_links_for_a_new_one_are_slowed_down(client: Client, owner: Agent) -> None:
    client.force_login(owner)
    form = {"oldpassword": "gok", "password1": "nog-een-lang-9", "password2": "nog-een-lang-9"}
    changes = [client.post("/voorkeuren/wachtwoord/", form).status_code for _n in range(6)]
    assert changes[-1] == 429
    address = {"email": owner.email}
    asked = [
        Client().post("/accounts/password/reset/", address, REMOTE_ADDR=HERE).status_code for _n in range(6)
    ]
    assert asked == [302] * 5 + [429]
    assert Client().post("/accounts/password/reset/", address, REMOTE_ADDR=FRESH).status_code == 302


def letters() -> list[str]:
    mails = (
        message_from_bytes(read_bytes(mail.mime_id), policy=default) for mail in OutboundMessage.objects.all()
    )
    return [f"{mail['To']} {mail['Subject']} {mail.get_content()}" for mail in mails]


def test_the_agent_is_told_once_that_somebody_tries_their_name(owner: Agent, settings: Any) -> None:
    settings.EMAIL_BACKEND = "outbox.backend.EmailBackend"
    for n in range(TOLD_AT):
        assert letters() == []
        attempt(address=f"198.51.{n}.9")
    for n in range(3):
        attempt(address=f"198.51.{100 + n}.9")
        attempt("nobody", address=f"198.51.{100 + n}.9")
    (letter,) = letters()
    assert letter.startswith(f"{owner.email} Iemand probeert als jij in te loggen in KVV")
    assert f"heeft {TOLD_AT} keer geprobeerd" in letter.replace("\n", " ")


def test_the_agent_is_told_that_somebody_knows_the_password(owner: Agent, settings: Any) -> None:
    settings.EMAIL_BACKEND = "outbox.backend.EmailBackend"
    second_factor(owner)
    for n in range(TOLD_AT):
        client, address = Client(), f"198.51.{n}.9"
        attempt(address=ELSEWHERE)
        attempt(password=PASSWORD, client=client, address=address)
        client.post("/accounts/2fa/authenticate/", {"code": "000000"}, REMOTE_ADDR=address)
    (letter,) = letters()
    assert "die je wachtwoord van KVV kent" in letter.replace("\n", " ")


@pytest.mark.parametrize(
    ("address", "networks"),
    [
        ("192.0.2.7", ["192.0.2.0/24"]),
        ("::ffff:192.0.2.7", ["192.0.2.0/24"]),
        ("2001:db8:1:2:3:4:5:6", ["2001:db8:1:2::/64", "2001:db8:1::/48"]),
    ],
)
def test_a_network_is_what_one_customer_of_a_provider_has(address: str, networks: list[str]) -> None:
    assert networks_of(address) == networks


def test_no_name_and_no_address_can_be_read_from_what_is_counted_and_it_is_forgotten(owner: Agent) -> None:
    attempt("gok@kvv.example")
    assert Tally.objects.count() == 4
    assert all(re.fullmatch("[0-9a-f]{64}", tally.key) for tally in Tally.objects.all())
    forget_expired(now=timezone.now() + timedelta(hours=25))
    assert not Tally.objects.exists()
