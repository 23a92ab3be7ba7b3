"""Notitie, Sluiten and Wijzig wachtrij: what each does, and what all have in common."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import grant, make_upload
from tickets.kinds import Kind
from tickets.models import Article, Event, Ticket
from tickets.states import state_by_key

Right = QueuePermission.Right
POPUPS = ("note", "close", "move")


def filled_in(**changes: object) -> dict[str, object]:
    """A form as a browser sends it; each pop-up takes what it knows."""
    values: dict[str, object] = {
        "submission": str(uuid.uuid4()),
        "rich": "1",
        "html": "<p>Al <b>beantwoord</b>.</p>",
        "subject": "Kort",
        "state": "",
        "new_owner": "",
        "time_units": "",
    }
    return values | changes


@pytest.fixture
def desk(client: Client, owner: Agent, other_queue: Queue) -> Client:
    """The browser of the owner, who may move tickets into the other queue."""
    grant(owner, other_queue, Right.MOVE_INTO)
    client.force_login(owner)
    return client


@pytest.fixture
def form(other_queue: Queue) -> dict[str, object]:
    """Fits all three pop-ups."""
    return filled_in(state=state_by_key("closed_successful").pk, queue=other_queue.pk)


def post(desk: Client, name: str, ticket: Ticket, form: dict[str, object]) -> int:
    return desk.post(reverse(f"desk:{name}", args=[ticket.number]), form).status_code


def test_a_note_is_kept_for_agents_only(desk: Client, ticket: Ticket, owner: Agent) -> None:
    answer = desk.post(reverse("desk:note", args=[ticket.number]), filled_in())
    assert answer.headers["Location"] == reverse("desk:zoom", args=[ticket.number])
    note = Article.objects.get(ticket=ticket, channel=Article.Channel.NOTE)
    assert (note.is_visible, note.agent, note.subject) == (False, owner, "Kort")
    assert Event.objects.filter(ticket=ticket, kind=Kind.NOTED).count() == 1
    ticket.refresh_from_db()
    assert not ticket.locked
    assert not OutboundMessage.objects.exists()


def test_closing_says_why_and_unlocks(desk: Client, ticket: Ticket, owner: Agent) -> None:
    state = state_by_key("closed_unsuccessful")
    answer = desk.post(reverse("desk:close", args=[ticket.number]), filled_in(state=state.pk))
    assert answer.headers["Location"] == reverse("desk:queue", args=[ticket.queue_id])
    ticket.refresh_from_db()
    assert (ticket.state, ticket.locked, ticket.owner) == (state, False, owner)
    assert Event.objects.filter(ticket=ticket, kind=Kind.CLOSED).count() == 1


def test_closing_offers_closed_states_and_the_successful_one_first(desk: Client, ticket: Ticket) -> None:
    page = desk.get(reverse("desk:close", args=[ticket.number])).content.decode()
    first = f'<option value="{state_by_key("closed_successful").pk}"'
    assert first in page.partition('name="state"')[2][:300]
    assert f'<option value="{state_by_key("open").pk}"' not in page


def test_moving_leads_on_when_the_new_queue_is_not_theirs_to_see(
    desk: Client, ticket: Ticket, other_queue: Queue
) -> None:
    answer = desk.post(reverse("desk:move", args=[ticket.number]), filled_in(queue=other_queue.pk))
    assert answer.headers["Location"] == reverse("desk:queues")
    ticket.refresh_from_db()
    assert (ticket.queue, ticket.locked) == (other_queue, False)
    assert Event.objects.filter(ticket=ticket, kind=Kind.MOVED).count() == 1


def test_moving_to_a_new_owner_locks_for_them(
    desk: Client, ticket: Ticket, other_queue: Queue, stranger: Agent
) -> None:
    form = filled_in(queue=other_queue.pk, new_owner=stranger.pk)
    assert post(desk, "move", ticket, form) == 302
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (stranger, True)


def test_a_new_owner_must_answer_in_the_new_queue(
    desk: Client, ticket: Ticket, other_queue: Queue, colleague: Agent, owner: Agent
) -> None:
    grant(owner, ticket.queue, Right.MOVE_INTO)
    answer = desk.post(
        reverse("desk:move", args=[ticket.number]), filled_in(queue=other_queue.pk, new_owner=colleague.pk)
    )
    assert answer.status_code == 422
    assert 'href="#id_new_owner"' in answer.content.decode()


def test_moving_begins_with_the_sentence_of_the_manual(desk: Client, ticket: Ticket) -> None:
    page = desk.get(reverse("desk:move", args=[ticket.number])).content.decode()
    assert "Dit ticket is verplaatst naar de nieuwe wachtrij." in page


def test_moving_without_a_queue_is_refused(desk: Client, ticket: Ticket) -> None:
    answer = desk.post(reverse("desk:move", args=[ticket.number]), filled_in(queue=""))
    assert answer.status_code == 422
    assert 'href="#id_queue"' in answer.content.decode()


@pytest.mark.parametrize("name", POPUPS)
def test_the_same_form_twice_does_it_once(
    desk: Client, ticket: Ticket, form: dict[str, object], name: str
) -> None:
    assert [post(desk, name, ticket, form), post(desk, name, ticket, form)] == [302, 302]
    assert Article.objects.filter(ticket=ticket, channel=Article.Channel.NOTE).count() == 1


@pytest.mark.parametrize("name", POPUPS)
def test_without_a_text_nothing_happens_and_everything_typed_stays(
    desk: Client, ticket: Ticket, form: dict[str, object], name: str, owner: Agent
) -> None:
    make_upload(owner, uuid.UUID(str(form["submission"])), name="foto.png")
    answer = desk.post(
        reverse(f"desk:{name}", args=[ticket.number]), form | {"html": "", "subject": "Bewaar"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("Bewaar", "foto.png", str(form["submission"])):
        assert kept in page
    assert Article.objects.filter(ticket=ticket).count() == 1


@pytest.mark.parametrize("name", POPUPS)
def test_a_file_sent_with_the_form_comes_back_beside_it(
    desk: Client, ticket: Ticket, form: dict[str, object], name: str
) -> None:
    file = SimpleUploadedFile("plattegrond.pdf", b"%PDF", content_type="application/pdf")
    address = reverse(f"desk:{name}", args=[ticket.number])
    answer = desk.post(address, form | {"html": "", "files": file, "add_files": "1"})
    assert answer.status_code == 200
    assert "plattegrond.pdf" in answer.content.decode()
    assert "data-focus-error" not in answer.content.decode()


@pytest.mark.parametrize("name", POPUPS)
@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("stranger", 404)])
def test_who_may_not_gets_no_form(
    client: Client,
    ticket: Ticket,
    form: dict[str, object],
    name: str,
    role: str,
    status: int,
    request: pytest.FixtureRequest,
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get(reverse(f"desk:{name}", args=[ticket.number])).status_code == status
    assert post(client, name, ticket, form) == status
    assert Article.objects.filter(ticket=ticket).count() == 1


@pytest.mark.parametrize("name", POPUPS)
def test_nobody_signed_in_is_sent_to_sign_in(
    client: Client, ticket: Ticket, form: dict[str, object], name: str
) -> None:
    answer = client.post(reverse(f"desk:{name}", args=[ticket.number]), form)
    assert reverse("account_login") in answer.headers["Location"]


@pytest.mark.parametrize("name", ["close", "move"])
def test_a_ticket_that_a_colleague_works_on_is_left_alone(
    desk: Client, ticket: Ticket, form: dict[str, object], name: str, colleague: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
    assert post(desk, name, ticket, form) == 422
    assert desk.get(reverse(f"desk:{name}", args=[ticket.number])).status_code == 302


def test_a_note_can_be_written_on_a_ticket_that_a_colleague_works_on(
    desk: Client, ticket: Ticket, colleague: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
    assert post(desk, "note", ticket, filled_in()) == 302
