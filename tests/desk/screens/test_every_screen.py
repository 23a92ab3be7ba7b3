"""What all screens that write have in common."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue
from tests.factories import make_upload
from tests.house.fillings import Values
from tests.house.screens import SCREENS, WRITING, address_of, filled_in
from tickets.models import Article, Event, Ticket

NAMES = sorted(SCREENS)


@pytest.fixture
def form(name: str, ticket: Ticket, other_queue: Queue) -> Values:
    """A form of the screen, in order."""
    return filled_in(name, ticket=ticket, target=other_queue)


def post(desk: Client, name: str, ticket: Ticket, form: Values) -> int:
    return desk.post(address_of(name, ticket), form).status_code


@pytest.mark.parametrize("name", NAMES)
def test_the_same_form_twice_does_it_once(desk: Client, ticket: Ticket, form: Values, name: str) -> None:
    before = Article.objects.count()
    assert [post(desk, name, ticket, form), post(desk, name, ticket, form)] == [302, 302]
    row = SCREENS[name]
    done = Event.objects.get(kind=row.kind, submission=uuid.UUID(str(form["submission"])))
    assert (done.ticket == ticket) != row.makes_ticket
    assert Article.objects.count() == before + row.writes


def test_without_a_text_nothing_happens_and_everything_typed_stays(
    desk: Client, ticket: Ticket, other_queue: Queue, owner: Agent
) -> None:
    for name in (name for name, row in WRITING.items() if row.needs_text):
        form = filled_in(name, ticket=ticket, target=other_queue)
        make_upload(owner, uuid.UUID(str(form["submission"])), name="foto.png")
        answer = desk.post(address_of(name, ticket), form | {"html": "", "subject": "Bewaar"})
        page = answer.content.decode()
        assert answer.status_code == 422, name
        for kept in ("Bewaar", "foto.png", str(form["submission"])):
            assert kept in page, name
    assert Article.objects.count() == 1


def test_a_file_sent_with_the_form_comes_back_beside_it(
    desk: Client, ticket: Ticket, other_queue: Queue
) -> None:
    for name in WRITING:
        form = filled_in(name, ticket=ticket, target=other_queue)
        file = SimpleUploadedFile(f"plattegrond-{name}.pdf", b"%PDF", content_type="application/pdf")
        asked = form | {"html": "", "files": file, "add_files": "1"}
        answer = desk.post(address_of(name, ticket), asked)
        assert answer.status_code == 200, name
        assert f"plattegrond-{name}.pdf" in answer.content.decode()
        assert "data-focus-error" not in answer.content.decode(), name


@pytest.mark.parametrize("role", ["reader", "stranger"])
def test_who_may_not_gets_no_form(
    client: Client, ticket: Ticket, other_queue: Queue, role: str, request: pytest.FixtureRequest
) -> None:
    """Who makes tickets elsewhere finds the form, but no queue of others in it."""
    client.force_login(request.getfixturevalue(role))
    for name, row in SCREENS.items():
        status = row.get.of(role)
        if (role, status) == ("reader", 200):
            continue
        form = filled_in(name, ticket=ticket, target=other_queue)
        before = Article.objects.count()
        assert client.get(address_of(name, ticket)).status_code == status, name
        assert post(client, name, ticket, form) == (422 if status == 200 else status), name
        assert Article.objects.count() == before, name


def test_nobody_signed_in_is_sent_to_sign_in(client: Client, ticket: Ticket, other_queue: Queue) -> None:
    for name in NAMES:
        form = filled_in(name, ticket=ticket, target=other_queue)
        for answer in (client.get(address_of(name, ticket)), client.post(address_of(name, ticket))):
            assert reverse("account_login") in answer.headers["Location"], name
        # With what was typed, to be copied, in free fields as well; where there is no text, nothing is lost.
        assert post(client, name, ticket, form) == (403 if name in {*WRITING, "fields"} else 302), name
    assert Article.objects.filter(ticket=ticket).count() == 1


def test_a_ticket_that_a_colleague_works_on_is_left_alone(
    desk: Client, ticket: Ticket, other_queue: Queue, colleague: Agent
) -> None:
    for name in (name for name, row in SCREENS.items() if row.takes_lock):
        form = filled_in(name, ticket=ticket, target=other_queue)
        Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
        assert post(desk, name, ticket, form) == 422, name
        assert desk.get(address_of(name, ticket)).status_code == 302, name
