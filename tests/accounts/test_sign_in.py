"""Coming in: by name and password, by a mail when it was forgotten, and in the agent's own language."""

import re
from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings

from accounts.models import Agent, Preferences
from blobs.store import read_bytes
from outbox.models import OutboundMessage
from tests.desk.reading import text
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "nog-een-lang-wachtwoord-9"


def sign_in(client: Client, username: str, password: str) -> int:
    return client.post("/accounts/login/", {"login": username, "password": password}).status_code


def test_signing_in_lands_on_the_queue_overview(client: Client, owner: Agent) -> None:
    answer = client.post("/accounts/login/", {"login": "owner", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/#inhoud"
    assert "Wachtrijoverzicht" in answer.content.decode()


def test_a_page_that_was_asked_for_comes_after_signing_in(client: Client, owner: Agent) -> None:
    away = client.get("/voorkeuren/").headers["Location"]
    answer = client.post(away, {"login": "owner", "password": PASSWORD})
    assert answer.headers["Location"] == "/voorkeuren/"


def test_nobody_is_sent_to_another_site(client: Client, owner: Agent) -> None:
    answer = client.post("/accounts/login/?next=//evil.example/", {"login": "owner", "password": PASSWORD})
    assert "evil" not in answer.headers["Location"]


@pytest.mark.parametrize("username", ["owner", "nobody"])
def test_a_wrong_password_says_the_same_whoever_it_is(client: Client, owner: Agent, username: str) -> None:
    answer = client.post("/accounts/login/", {"login": username, "password": "verkeerd"})
    page = text(answer)
    said = page.partition('role="alert" tabindex="-1" autofocus')[2].partition("</div>")[0]
    assert "Gebruikersnaam of wachtwoord klopt niet." in said
    assert f'value="{username}"' in page
    assert "verkeerd" not in page
    assert page.count("autofocus") == 1


def test_who_comes_to_sign_in_can_type_at_once(client: Client) -> None:
    page = text(client.get("/accounts/login/"))
    assert re.search(r'<input type="text" name="login"[^>]* autofocus', page)
    assert page.count("autofocus") == 1
    assert "placeholder" not in page
    assert "Naar boven" in page


def test_who_is_no_longer_active_does_not_get_in(client: Client, owner: Agent) -> None:
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    sign_in(client, "owner", PASSWORD)
    assert client.get("/").status_code == 302


def test_guessing_is_stopped(client: Client, owner: Agent) -> None:
    answers = [sign_in(client, "owner", f"gok {n}") for n in range(12)]
    assert answers[0] == 200
    assert sign_in(client, "owner", PASSWORD) != 302
    assert client.get("/").status_code == 302


@override_settings(EMAIL_BACKEND="outbox.backend.EmailBackend")
def test_a_forgotten_password_is_replaced_by_a_mail_in_the_outbox(client: Client, owner: Agent) -> None:
    client.post("/accounts/password/reset/", {"email": owner.email})
    sent = message_from_bytes(read_bytes(OutboundMessage.objects.get().mime_id), policy=default)
    assert sent["To"] == owner.email
    body = sent.get_body(("plain",))
    assert body is not None
    link = re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+)", body.get_content())
    assert link is not None
    form = client.get(link[1], follow=True)
    path = form.redirect_chain[-1][0]
    done = client.post(path, {"password1": NEW, "password2": NEW}, follow=True)
    assert done.status_code == 200
    assert sign_in(Client(), "owner", PASSWORD) == 200
    assert sign_in(Client(), "owner", NEW) == 302
    spent = Client().get(link[1], follow=True).content.decode()
    assert 'name="password1"' not in spent
    assert "/accounts/password/reset/" in spent


def test_asking_for_somebody_unknown_tells_nobody_so(client: Client, owner: Agent) -> None:
    known = client.post("/accounts/password/reset/", {"email": owner.email}, follow=True)
    cache.clear()
    unknown = Client().post("/accounts/password/reset/", {"email": "wie@post.example"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain


def test_nobody_makes_an_account_for_themselves(client: Client) -> None:
    values = {"username": "ik", "email": "ik@post.example", "password1": NEW, "password2": NEW}
    client.post("/accounts/signup/", values)
    assert not Agent.objects.filter(username="ik").exists()


def test_the_browser_chooses_the_language_of_the_page_to_sign_in(client: Client) -> None:
    assert "Welkom bij KVV" in text(client.get("/accounts/login/"))
    english = client.get("/accounts/login/", headers={"Accept-Language": "en-GB,en;q=0.9,nl;q=0.5"})
    assert "Welcome to KVV" in text(english)
    assert english.headers["Content-Language"] == "en"
    assert "Welkom" in text(client.get("/accounts/login/", headers={"Accept-Language": "de, *;q=0.1"}))


def test_who_signs_in_can_choose_another_language_before(client: Client) -> None:
    client.get("/accounts/login/?next=/voorkeuren/")
    there = "/accounts/login/?next=/voorkeuren/"
    answer = client.post("/accounts/language/", {"language": "en", "next": there})
    assert answer.headers["Location"] == there
    assert "Welcome to KVV" in text(client.get(there))
    away = client.post("/accounts/language/", {"language": "nl", "next": "//evil.example/"})
    assert "evil" not in away.headers["Location"]


def test_a_link_for_a_new_password_comes_in_the_agents_language(client: Client, owner: Agent) -> None:
    Preferences.objects.create(agent=owner, language="nl")
    asked = {"Accept-Language": "en"}
    client.post("/accounts/password/reset/", {"email": owner.email}, headers=asked)
    assert "wachtwoord" in mail.outbox[0].body


def test_the_agent_chooses_the_language(client: Client, owner: Agent) -> None:
    client.force_login(owner)
    assert "Wachtrijoverzicht" in client.get("/").content.decode()
    Preferences.objects.update_or_create(agent=owner, defaults={"language": "en"})
    page = client.get("/")
    assert page.headers["Content-Language"] == "en"
    assert "Wachtrijoverzicht" not in page.content.decode()
