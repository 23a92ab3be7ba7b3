"""The demo: an association that says it is one, loaded once."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import Agent, Customer
from kvv.demo.catcher import find, keep
from kvv.demo.logins import demo_logins
from queues.models import AutoResponse, Queue, QueuePermission
from tests.factories import make_agent
from tickets.kinds import SEARCH
from tickets.models import Article, Attachment, EventTask, StateType, Ticket
from tickets.tally import wrong_tallies
from webforms.models import Category

pytestmark = pytest.mark.django_db


def load() -> str:
    said = StringIO()
    call_command("load_demo", stdout=said)
    return said.getvalue()


def test_the_demo_has_what_a_newcomer_wants_to_see() -> None:
    """It is loaded once for all that is to be seen of it, for that takes its time."""
    load()
    names = set(Queue.objects.values_list("name", flat=True))
    assert {"Postmaster", "Kennisnetwerk::Spel", "Nawaka::Helpdesk", "Ledenadministratie"} <= names
    assert Agent.objects.count() == 6
    assert Agent.objects.filter(is_superuser=True).count() == 1
    assert 55 <= Ticket.objects.count() <= 70
    kinds = set(Ticket.objects.values_list("state__type", flat=True))
    assert {StateType.NEW, StateType.OPEN, StateType.PENDING_REMINDER, StateType.CLOSED} <= kinds
    assert Article.objects.exclude(html="").exists()
    assert Attachment.objects.filter(is_inline=True).exists()
    assert all("demo" in agent.get_full_name().lower() for agent in Agent.objects.all())
    assert all(customer.code.endswith(".example") for customer in Customer.objects.all())
    assert wrong_tallies() == 0
    what_a_start_says_of_each_login_is_so()
    each_of_its_queues_has_a_form_that_says_what_it_is_and_breaks_no_rule()
    its_queues_answer_by_themselves_but_not_what_was_said_before()


def what_a_start_says_of_each_login_is_so() -> None:
    usernames = list(Agent.objects.order_by("pk").values_list("username", flat=True))
    assert [login.username for login in demo_logins()] == usernames
    for login in demo_logins():
        agent = Agent.objects.get(username=login.username)
        assert agent.check_password(login.password)
        assert agent.is_superuser == ("administrator" in login.does)
        for queue in Queue.objects.filter(subscriptions__agent=agent):
            writes = QueuePermission.objects.filter(group__in=agent.groups.all(), queue=queue, right="rw")
            reads = login.does.partition("only reads ")[2].split(", ")
            assert queue.name.rpartition("::")[2] in login.does
            assert writes.exists() == (queue.name.rpartition("::")[2] not in reads)


def each_of_its_queues_has_a_form_that_says_what_it_is_and_breaks_no_rule() -> None:
    """One hangs on an answer, one leads elsewhere, one takes a file."""
    forms = Category.objects.exclude(queue=None)
    assert {form.queue for form in forms} == set(Queue.objects.all())
    specs = [form.versions.get().spec for form in forms]
    assert all("demo" in spec.name.nl and "demo" in spec.name.en for spec in specs)
    fields = [field for spec in specs for field in spec.fields]
    assert any(field.is_conditional and field.shown_value for field in fields)
    assert any(choice.queue for field in fields for choice in field.choices)
    assert any(spec.has_files for spec in specs)


def its_queues_answer_by_themselves_but_not_what_was_said_before() -> None:
    texts = AutoResponse.objects.all()
    assert {queue.name for text in texts for queue in text.queues.all()} == {
        queue.name for queue in Queue.objects.all()
    }
    assert all("demo" in text.html for text in texts)
    assert set(EventTask.objects.values_list("consumer", flat=True)) == {SEARCH}
    assert not Article.objects.filter(is_automatic=True).exists()


def test_loading_it_twice_or_beside_real_data_changes_nothing() -> None:
    make_agent("iemand")
    assert "left as it is" in load()
    assert (Ticket.objects.count(), Agent.objects.count()) == (0, 1)


def test_a_caught_mail_is_shown_and_its_name_leads_nowhere_else(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    mail = b"From: spel@kvv.example\r\nTo: k@post.example\r\nSubject: Hallo\r\n\r\nTekst van KVV\r\n"
    file = keep(mail, sender="spel@kvv.example", recipients=["k@post.example"])
    assert "Tekst van KVV" in client.get(f"/demo/mail/{file.stem}/html/").content.decode()
    assert find("../../etc/passwd") is None
    assert find("..") is None


def test_a_customer_without_a_text_is_asked_for_one(client: Client) -> None:
    answer = client.post("/demo/mail/schrijf/", {"name": "Demi", "address": "geen adres", "subject": "Vraag"})
    assert answer.status_code == 422
    assert "Vraag" in answer.content.decode()


def test_one_press_signs_in_with_a_login_of_the_demo(settings: Settings) -> None:
    settings.DEMO = True
    login = demo_logins()[1]
    agent = make_agent(login.username)
    agent.set_password(login.password)
    agent.save()
    client = Client(enforce_csrf_checks=True)
    page = client.get("/accounts/login/").content.decode().partition('class="demologins"')[2]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    names = re.findall(r'name="login" value="(\w+)"', page)
    assert names == [login.username for login in demo_logins()]
    answer = client.post("/accounts/login/", fields | {"login": login.username})
    assert answer.status_code == 302
    assert str(agent) in client.get("/voorkeuren/").content.decode()


def test_outside_the_demo_no_login_is_offered(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    page = client.get("/accounts/login/").content.decode()
    for login in demo_logins():
        assert login.password not in page
        assert login.username not in page


def test_a_button_of_the_demo_opens_nothing_that_its_password_does_not(client: Client, owner: Agent) -> None:
    """It fills in the form, and there is no other way in behind it."""
    (login, *_others) = demo_logins()
    answer = client.post("/accounts/login/", {"login": owner.username, "password": login.password})
    assert answer.status_code == 200
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("path", ["/demo/mail/", "/demo/mail/schrijf/", "{mail}", "{mail}antwoord/"])
def test_the_demos_pages_stand_in_the_frame_of_who_is_signed_in(
    client: Client, owner: Agent, settings: Settings, tmp_path: Path, path: str
) -> None:
    settings.VAR_DIR = tmp_path
    mail = b"From: spel@kvv.example\r\nTo: k@post.example\r\nSubject: Hallo\r\n\r\nTekst van KVV\r\n"
    file = keep(mail, sender="spel@kvv.example", recipients=["k@post.example"])
    path = path.format(mail=f"/demo/mail/{file.stem}/")
    stranger = client.get(path).content.decode()
    client.force_login(owner)
    page = client.get(path).content.decode()
    tab = '<a class="menu__tab" href="/demo/mail/" aria-current="page">'
    assert (tab in stranger, tab in page) == (False, True)
    assert "Naar boven" in stranger
