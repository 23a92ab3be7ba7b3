"""The page that asks a new mailbox's question: days beside their choice, a way back where nothing works."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from mailgate.models import Mailbox
from tests.kvv.watch.situations import make_mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

BEGIN, BACK = "Begin met ophalen", "Terug naar het postvak"


@pytest.fixture
def mailbox() -> Mailbox:
    """Nothing listens there."""
    return make_mailbox(host="127.0.0.1", port=1, is_confirmed=False)


@pytest.fixture
def question(client: Client, superuser: Agent, mailbox: Mailbox) -> str:
    client.force_login(superuser)
    return reverse("admin:mailgate_mailbox_begin", args=[mailbox.pk])


def test_how_many_days_is_asked_beside_its_choice(client: Client, question: str) -> None:
    html = client.get(question).content.decode()
    choices = html.split('<div class="begin__choice">')[1:]
    assert [("value=\"days\"" in choice, 'name="take_days"' in choice) for choice in choices] == [
        (False, False), (True, True), (False, False),
    ]  # fmt: skip


@pytest.mark.parametrize("press", [{"look": "1"}, {"take": "all", "take_days": "7"}])
def test_trouble_with_the_server_offers_a_way_back_and_no_button_that_can_not_work(
    client: Client, question: str, mailbox: Mailbox, press: dict[str, str]
) -> None:
    assert BEGIN in client.get(question).content.decode()
    html = client.post(question, press).content.decode()
    assert "weigert verbindingen" in html
    assert BEGIN not in html
    assert html.index(BACK) > html.index(reverse("admin:mailgate_mailbox_change", args=[mailbox.pk]))
    mailbox.refresh_from_db()
    assert not mailbox.is_confirmed


@pytest.mark.parametrize("days", ["", "0", "9999", "x"])
def test_without_a_number_of_days_that_can_be_the_question_is_asked_again(
    client: Client, question: str, days: str
) -> None:
    html = client.post(question, {"take": "days", "take_days": days}).content.decode()
    assert html.count('class="errorlist"') == 1
    assert ("Vul in hoeveel dagen." in html) is (days == "")
    assert BEGIN in html


def test_the_list_says_how_it_goes_with_each(client: Client, question: str) -> None:
    make_mailbox("uit", is_active=False)
    html = client.get(reverse("admin:mailgate_mailbox_changelist")).content.decode()
    assert "wacht: waar beginnen?" in html
    assert "buiten gebruik" in html


def test_saving_looks_at_once_and_tells_what_is_wrong_where_it_is_set(
    client: Client, superuser: Agent, question: str, mailbox: Mailbox
) -> None:
    asked = {"name": "Nieuw", "protocol": "imap", "host": "127.0.0.1", "port": "1", "security": "tls"}
    asked |= {
        "username": "demo",
        "password": "demo",
        "folder": "INBOX",
        "interval_seconds": "60",
        "after": "leave",
    }
    answer = client.post(reverse("admin:mailgate_mailbox_add"), {**asked, "is_active": "on"}, follow=True)
    made = Mailbox.objects.get(name="Nieuw")
    assert answer.redirect_chain == [(reverse("admin:mailgate_mailbox_change", args=[made.pk]), 302)]
    [told] = answer.context["messages"]
    assert told.level_tag == "error"
    assert "opgeslagen, maar er wordt nog niets opgehaald" in str(told)
    assert "weigert verbindingen" in str(told)
    out_of_use = client.post(reverse("admin:mailgate_mailbox_add"), {**asked, "name": "Later"})
    assert out_of_use.headers["Location"].endswith("/begin/")
