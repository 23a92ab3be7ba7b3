"""A text of an administrator who signed in again, or is signed out: the form comes back, filled."""

from collections.abc import Mapping

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import AutoResponse, Queue, ResponseTemplate, Salutation, Signature, Text
from tests.desk.writing.test_old_token import send, sign_in, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

KINDS = (Salutation, Signature, ResponseTemplate, AutoResponse)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
AGAIN = "Je bent opnieuw ingelogd terwijl je schreef. Er is niets kwijt: sla het nu op."
TYPED = "Een uur <b>getypt</b>."


def page_of(kind: type[Text], page: str, *args: object) -> str:
    return reverse(f"admin:queues_{kind._meta.model_name}_{page}", args=args)


@pytest.fixture
def office(superuser: Agent) -> Client:
    """A browser, whose forms need their token."""
    client = Client(enforce_csrf_checks=True)
    sign_in(client, superuser)
    return client


@pytest.fixture
def form(queue: Queue, kind: type[Text]) -> dict[str, object]:
    """What is sent of each kind; none takes more than it knows."""
    return {
        "name": "Zomer",
        "html": f"<p>{TYPED}</p>",
        "kind": "note" if kind is ResponseTemplate else "new_ticket",
        "subject": "Over de zomer",
        "queues": [str(queue.pk)],
        "is_public": False,
    }


def shown(page: object) -> Mapping[str, object]:
    """What stands in the form that a page shows."""
    bound = page.context["adminform"].form  # type: ignore[attr-defined]  # the test client's
    return {name: bound[name].value() for name in bound.fields}


@each_kind
@pytest.mark.parametrize("which", ["add", "change"])
def test_who_signed_in_again_saves_by_the_next_press(
    office: Client, superuser: Agent, form: dict[str, object], kind: type[Text], which: str
) -> None:
    there = [kind._default_manager.create(name="Winter", html="<p>Oud</p>").pk] if which == "change" else []
    address = page_of(kind, which, *there)
    form["csrfmiddlewaretoken"] = token_of(office.get(address))
    office.cookies.clear()
    sign_in(office, superuser)
    answer = send(office, address, form)
    assert answer.status_code == 403
    assert AGAIN in answer.content.decode()
    assert "style-src-attr 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    kept = {name: value for name, value in form.items() if name in shown(answer)}
    assert shown(answer) == kept
    assert [text.name for text in kind._default_manager.all()] == ["Winter"] * len(there)
    assert send(office, address, form | {"csrfmiddlewaretoken": token_of(answer)}).status_code == 302
    saved = kind._default_manager.get()
    assert (saved.name, TYPED in saved.html) == ("Zomer", True)


@each_kind
def test_who_is_signed_out_signs_in_elsewhere_and_goes_on(
    office: Client, superuser: Agent, form: dict[str, object], kind: type[Text]
) -> None:
    address = page_of(kind, "add")
    form["csrfmiddlewaretoken"] = token_of(office.get(address))
    office.post("/accounts/logout/", form, headers={"origin": "http://testserver"})
    answer = send(office, address, form)
    assert answer.status_code == 403
    assert "Een uur getypt." in answer.content.decode()
    carried: dict[str, object] = {"csrfmiddlewaretoken": token_of(answer)}
    for name, value in answer.context["carried"]:
        carried.setdefault(name, [])
        carried[name] += [value]  # type: ignore[operator]  # each is a list
    sign_in(office, superuser)
    answer = send(office, address, carried)
    assert (answer.status_code, shown(answer)["html"]) == (403, form["html"])
    assert send(office, address, form | {"csrfmiddlewaretoken": token_of(answer)}).status_code == 302


@each_kind
@pytest.mark.parametrize("who", ["signed in", "signed out"])
def test_a_page_of_somebody_else_gets_no_form_that_a_press_would_send(
    office: Client, form: dict[str, object], kind: type[Text], who: str
) -> None:
    client = office if who == "signed in" else Client()
    page = client.post(page_of(kind, "add"), form, headers={"origin": "https://evil.example"})
    assert page.status_code == 403
    assert "Een uur getypt." in page.content.decode()
    assert "<form" not in page.content.decode().partition("<main")[2]
    assert not kind._default_manager.exists()


@each_kind
def test_who_is_no_administrator_is_shown_no_form(
    owner: Agent, form: dict[str, object], kind: type[Text]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    page = send(client, page_of(kind, "add"), form)
    assert (page.status_code, "adminform" in page.context) == (403, False)
    assert not kind._default_manager.exists()
