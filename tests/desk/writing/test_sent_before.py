"""A form that was sent already: the same is done once, and nothing else that is typed into it is lost."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from desk.writing.fields import Anyway
from queues.models import Queue
from tests.factories import NOW, make_ticket, make_upload
from tests.house.fillings import Values
from tests.house.screens import SCREENS, filled_in
from tickets.errors import TicketClosed
from tickets.models import Article, StateType, Ticket
from tickets.states import state_by_key

ANOTHER = "er staat nu iets anders in"


@pytest.fixture
def desk(client: Client, owner: Agent) -> Client:
    client.force_login(owner)
    return client


def send(desk: Client, name: str, ticket: Ticket, form: Values) -> Any:
    return desk.post(reverse(f"desk:{name}", args=[ticket.number]), form)


def fresh_identity(page: str) -> str:
    """The identity that the form of a page has."""
    return page.partition('name="submission" value="')[2].partition('"')[0]


def test_another_text_in_a_form_that_was_sent_is_shown_again_and_can_be_sent(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    form = filled_in("note", ticket=ticket, target=queue)
    assert send(desk, "note", ticket, form).status_code == 302
    answer = send(desk, "note", ticket, form | {"html": "<p>Heel iets anders.</p>"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Heel iets anders." in page
    assert ANOTHER in page
    fresh = fresh_identity(page)
    assert fresh != form["submission"]
    again = form | {"html": "<p>Heel iets anders.</p>", "submission": fresh}
    assert send(desk, "note", ticket, again).status_code == 302
    assert Article.objects.filter(ticket=ticket).count() == 3


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("reply", {"to": "iemand.anders@post.example"}),
        ("reply", {"cc": "penningmeester@post.example"}),
        ("reply", {"bcc": "archief@post.example"}),
        ("reply", {"time_units": "15"}),
        ("note", {"subject": "Toch iets anders"}),
    ],
)
def test_anything_changed_in_a_form_that_was_sent_is_shown_again(
    desk: Client, ticket: Ticket, queue: Queue, name: str, changed: Values
) -> None:
    form = filled_in(name, ticket=ticket, target=queue)
    assert send(desk, name, ticket, form).status_code == 302
    answer = send(desk, name, ticket, form | changed)
    assert (answer.status_code, ANOTHER in answer.content.decode()) == (422, True)


def test_a_choice_that_was_changed_is_shown_again(desk: Client, ticket: Ticket, queue: Queue) -> None:
    form = filled_in("close", ticket=ticket, target=queue)
    assert send(desk, "close", ticket, form).status_code == 302
    other = state_by_key("closed_unsuccessful").pk
    assert send(desk, "close", ticket, form | {"state": other}).status_code == 422


def test_what_it_was_asked_about_makes_it_no_other_form(desk: Client, ticket: Ticket, queue: Queue) -> None:
    form = filled_in("note", ticket=ticket, target=queue)
    assert send(desk, "note", ticket, form | {"anyway": "unseen:1"}).status_code == 302
    assert send(desk, "note", ticket, form).status_code == 302


def test_a_form_of_one_ticket_sent_to_another_is_shown_there(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    other = make_ticket(queue)
    form = filled_in("note", ticket=ticket, target=queue)
    assert send(desk, "note", ticket, form).status_code == 302
    answer = send(desk, "close", other, form | SCREENS["close"].fill(other, queue))
    assert answer.status_code == 422
    assert ANOTHER in answer.content.decode()
    assert other.number in answer.content.decode()


def test_a_file_added_to_a_form_that_was_sent_is_not_swallowed(
    desk: Client, ticket: Ticket, queue: Queue, owner: Agent
) -> None:
    form = filled_in("note", ticket=ticket, target=queue)
    assert send(desk, "note", ticket, form).status_code == 302
    make_upload(owner, uuid.UUID(str(form["submission"])), name="nog-een.pdf")
    assert send(desk, "note", ticket, form).status_code == 422


@pytest.mark.parametrize(
    "text",
    [
        {"html": '<div>Een&nbsp;woord<br></div><ul><li>a</li></ul><script>x</script><img src="/x" alt="q">'},
        {"rich": "", "html": "", "text": "Een & twee <uur>\r\n\r\n  Drie www.post.example"},
    ],
)
@pytest.mark.parametrize("name", ["note", "reply"])
def test_the_same_text_is_known_whatever_was_made_of_it(
    desk: Client, ticket: Ticket, queue: Queue, name: str, text: Values
) -> None:
    form = filled_in(name, ticket=ticket, target=queue) | text
    assert [send(desk, name, ticket, form).status_code for _time in range(2)] == [302, 302]
    assert Article.objects.filter(ticket=ticket).count() == 2


def test_an_image_in_the_text_makes_it_no_other_text(
    desk: Client, ticket: Ticket, queue: Queue, owner: Agent
) -> None:
    form = filled_in("reply", ticket=ticket, target=queue)
    submission = uuid.UUID(str(form["submission"]))
    image = make_upload(owner, submission, name="foto.png", content_type="image/png", is_inline=True)
    shown = f'<img data-upload="{image.pk}" src="/uploads/{image.pk}/" alt="foto.png">'
    form["html"] = f"<p>Zie</p>{shown}<p>Dag</p>"
    assert [send(desk, "reply", ticket, form).status_code for _time in range(2)] == [302, 302]


def test_the_form_of_somebody_else_gives_the_text_back(
    desk: Client, ticket: Ticket, queue: Queue, colleague: Agent
) -> None:
    form = filled_in("note", ticket=ticket, target=queue)
    other = Client()
    other.force_login(colleague)
    assert send(desk, "note", ticket, form).status_code == 302
    answer = send(other, "note", ticket, form | {"html": "<p>Van mij.</p>"})
    assert (answer.status_code, "Van mij." in answer.content.decode()) == (400, True)


def test_what_is_nonsense_as_an_identity_is_replaced_and_the_page_carries_the_new_one(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    form = filled_in("note", ticket=ticket, target=queue, submission="onzin")
    page = send(desk, "note", ticket, form)
    assert page.status_code == 422
    fresh = fresh_identity(page.content.decode())
    assert uuid.UUID(fresh)
    assert send(desk, "note", ticket, form | {"submission": fresh}).status_code == 302


def test_the_newest_of_many_keys_counts() -> None:
    keys = [f"unseen:{number}" for number in range(30)]
    assert Anyway(required=False).clean(keys)[-1] == "unseen:29"


def test_a_dialog_is_never_kept_for_the_page(desk: Client, ticket: Ticket) -> None:
    answer = desk.get(reverse("desk:note", args=[ticket.number]))
    assert "HX-Request" in answer.headers["Vary"]


def test_after_a_refusal_the_page_behind_shows_the_ticket_as_it_is_now(
    desk: Client, ticket: Ticket, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed_meanwhile(**_values: object) -> None:
        closed = state_by_key("closed_successful")
        Ticket.objects.filter(pk=ticket.pk).update(state=closed, state_type=closed.type, closed_at=NOW)
        raise TicketClosed(by=None)

    monkeypatch.setattr("desk.screens.close.close_ticket", closed_meanwhile)
    answer = send(desk, "close", ticket, filled_in("close", ticket=ticket, target=queue))
    assert answer.status_code == 422
    assert answer.context["ticket"].state_type == StateType.CLOSED
