"""A ticket went out of its writer's sight, or an answer is no longer theirs to give: the text comes back."""

import uuid
from html import escape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent, Preferences
from desk.writing.typed import TEXT_MOST
from queues.models import Queue, QueuePermission
from tests.desk.reading import untokened
from tests.house.screens import ON_TICKET
from tickets.models import Article, Ticket
from tickets.states import state_by_key

NOWHERE = "2013070410000731"
GONE = "Dit ticket is er niet, of je mag het niet (meer) zien."
FORBIDDEN = "Je mag dit in de wachtrij van dit ticket niet (meer) doen."


def typed(**changes: object) -> dict[str, object]:
    """What an agent sends after an hour's work; each screen takes what it knows."""
    values: dict[str, object] = {
        "submission": str(uuid.uuid4()),
        "rich": "1",
        "html": "<p>Beste <b>Karin</b>,</p><p>Eén &lt;uur&gt; getypt.</p>",
        "subject": 'Over "het spel"',
        "to": "karin@post.example",
        "kind": "internal",
        "state": state_by_key("closed_successful").pk,
    }
    return values | changes


@pytest.fixture
def desk(client: Client, owner: Agent) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def moved(ticket: Ticket, other_queue: Queue) -> Ticket:
    """A colleague has moved it to where the owner may not look."""
    Ticket.objects.filter(pk=ticket.pk).update(queue=other_queue, title="Geheim geworden")
    return ticket


def send(desk: Client, screen: str, number: str, form: dict[str, object], *, secure: bool = False) -> Any:
    """Over https a form that names no page of ours is taken for one of somebody else's page."""
    return desk.post(reverse(f"desk:{screen}", args=[number]), form, secure=secure)


def test_text_for_a_ticket_that_was_moved_out_of_sight_comes_back_as_where_there_is_none(
    desk: Client, moved: Ticket
) -> None:
    """The page is the same, byte for byte."""
    for screen in ON_TICKET:
        hidden, missing = (send(desk, screen, number, typed()) for number in (moved.number, NOWHERE))
        assert (hidden.status_code, missing.status_code) == (404, 404), screen
        assert untokened(hidden) == untokened(missing), screen
        page = hidden.content.decode()
        for kept in ("Beste Karin,", "Eén &lt;uur&gt; getypt.", "Over &quot;het spel&quot;", GONE):
            assert kept in page, screen
        for secret in ("Geheim geworden", moved.number, "Veiligheid"):
            assert secret not in page, screen
    assert Article.objects.count() == 1


def test_text_comes_back_when_the_right_to_write_was_taken(
    desk: Client, owner: Agent, ticket: Ticket
) -> None:
    QueuePermission.objects.filter(group__agents=owner).update(right=QueuePermission.Right.READ)
    for screen in ON_TICKET:
        answer = send(desk, screen, ticket.number, typed())
        page = answer.content.decode()
        assert answer.status_code == 403, screen
        for kept in ("Beste Karin,", "Over &quot;het spel&quot;", FORBIDDEN):
            assert kept in page, screen
        assert ticket.title not in page, screen


def test_without_script_the_plain_text_comes_back_and_nothing_in_it_is_html(
    desk: Client, moved: Ticket
) -> None:
    text = "\n  </textarea><script>alert(1)</script>\r\n{{ text }}"
    page = send(desk, "note", moved.number, typed(rich="", html="", text=text)).content.decode()
    assert f">\n{escape(text)}</textarea>" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("form", [{"html": "<p>" + "a" * 2_100_000}, {"rich": "", "text": "a" * 600_000}])
def test_no_more_comes_back_than_could_have_been_sent(
    desk: Client, moved: Ticket, form: dict[str, object]
) -> None:
    answer = send(desk, "note", moved.number, typed(**form, subject="b" * 2_000))
    assert answer.status_code == 404
    assert (answer.content.count(b"a" * TEXT_MOST), answer.content.count(b"b" * 301)) == (1, 0)
    assert len(answer.content) < TEXT_MOST + 15_000


def test_buttons_that_only_ask_for_the_form_again_give_the_text_back_too(desk: Client, moved: Ticket) -> None:
    for button in ("choose_template", "add_files", "remove_upload"):
        answer = send(desk, "reply", moved.number, typed(**{button: "1"}))
        assert (answer.status_code, b"Beste Karin" in answer.content) == (404, True)


def test_where_nothing_was_typed_the_page_is_the_usual_one(desk: Client, moved: Ticket) -> None:
    usual = desk.get(reverse("desk:zoom", args=[NOWHERE]))
    assert untokened(send(desk, "note", moved.number, {})) == untokened(usual)


def test_what_was_done_before_the_move_is_still_known_as_done(
    desk: Client, ticket: Ticket, other_queue: Queue
) -> None:
    form = typed()
    assert send(desk, "note", ticket.number, form).status_code == 302
    Ticket.objects.filter(pk=ticket.pk).update(queue=other_queue)
    assert send(desk, "note", ticket.number, form).status_code == 302
    assert Article.objects.filter(ticket=ticket).count() == 2


def test_the_page_speaks_the_agents_language(desk: Client, owner: Agent, moved: Ticket) -> None:
    Preferences.objects.create(agent=owner, language="en")
    page = send(desk, "note", moved.number, typed()).content.decode()
    assert "Your text was not saved" in page


SIGNED_OUT = "Je bent uitgelogd, of opnieuw ingelogd, terwijl je schreef."


def test_text_of_who_was_signed_out_meanwhile_comes_back(client: Client, ticket: Ticket) -> None:
    for screen in ON_TICKET:
        answer = send(client, screen, ticket.number, typed(), secure=True)
        page = answer.content.decode()
        assert answer.status_code == 403, screen
        for kept in ("Beste Karin,", "Over &quot;het spel&quot;", SIGNED_OUT):
            assert kept in page, screen
        assert ticket.title not in page, screen
        nowhere = send(client, screen, NOWHERE, typed(), secure=True)
        assert untokened(nowhere) == untokened(answer), screen


def test_text_of_who_signed_in_again_in_another_window_comes_back(owner: Agent, ticket: Ticket) -> None:
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(owner)
    answer = send(desk, "note", ticket.number, typed(csrfmiddlewaretoken="x" * 64), secure=True)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Beste Karin," in page
    assert SIGNED_OUT in page
    assert Article.objects.filter(ticket=ticket).count() == 1


def test_a_forged_form_without_a_text_is_refused_as_before(owner: Agent, ticket: Ticket) -> None:
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(owner)
    answer = desk.post(reverse("desk:lock", args=[ticket.number]))
    assert answer.status_code == 403
    assert "Dit formulier is te oud" in answer.content.decode()
