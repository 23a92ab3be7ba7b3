"""Doorsturen: the message stands there with its files, each of which may stay behind; never a note."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue
from tests.factories import NOW, actor, customer_mail, make_ticket, stored_file
from tests.house.screens import address_of, filled_in
from tickets.actions.note import add_note
from tickets.changing.written import Written
from tickets.models import Article, Ticket
from tickets.states import state_by_key

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def ticket(queue: Queue) -> Ticket:
    """A mail with a list, and an image in its text."""
    files = (
        stored_file(b"lijst", name="lijst.xlsx"),
        stored_file(PNG, name="logo.png", content_type="image/png", content_id="logo@x", is_inline=True),
    )
    html = '<p>Hoe <b>gaat</b> dat?</p><img src="cid:logo@x">'
    return make_ticket(queue, article=customer_mail(subject="Verzekering", html=html, files=files))


def opened(desk: Client, ticket: Ticket) -> Any:
    return desk.get(address_of("forward", ticket)).context["form"]


def send(desk: Client, ticket: Ticket, **changes: object) -> Article:
    form = filled_in("forward", ticket=ticket, target=ticket.queue, **changes)
    answer = desk.post(address_of("forward", ticket), form)
    assert answer.status_code == 302, answer.content.decode()
    return ticket.articles.latest("pk")


def names(article: Article) -> set[str]:
    return set(article.attachments.values_list("name", flat=True))


def test_the_form_begins_with_the_message_its_files_and_nobody_to_send_it_to(
    desk: Client, ticket: Ticket
) -> None:
    form = opened(desk, ticket)
    assert (form["to"].value(), form["is_visible"].value()) == (None, None)
    assert form["subject"].value() == f"Fwd: [Ticket#{ticket.number}] Verzekering"
    assert form["state"].value() == str(state_by_key("closed_successful").pk)
    files, image = ticket.articles.get().attachments.order_by("pk")
    assert form["along"].value() == [str(files.pk), str(image.pk)]
    for said in ("Van: Karin Klant", "<b>gaat</b>", f'data-attachment="{image.pk}"'):
        assert said in form["html"].value()


def test_with_script_an_image_leaves_in_the_text_and_without_it_as_a_file(
    desk: Client, ticket: Ticket
) -> None:
    begun = opened(desk, ticket)
    typed = {"along": begun["along"].value(), "html": begun["html"].value(), "text": begun["text"].value()}
    article = send(desk, ticket, **typed)
    assert names(article) == {"lijst.xlsx", "logo.png"}
    assert article.attachments.get(name="logo.png").is_inline
    taken_out = send(desk, ticket, **typed | {"html": "<p>Zonder</p>"})
    assert names(taken_out) == {"lijst.xlsx"}
    plain = send(desk, ticket, **typed | {"rich": ""})
    assert names(plain) == {"lijst.xlsx", "logo.png"}
    assert not plain.attachments.filter(is_inline=True).exists()
    assert names(send(desk, ticket, **typed | {"rich": "", "along": []})) == set()


def test_a_form_that_comes_back_keeps_what_was_left_out(desk: Client, ticket: Ticket) -> None:
    form = filled_in("forward", ticket=ticket, target=ticket.queue, to="nonsens", along=[])
    answer = desk.post(address_of("forward", ticket), form)
    assert answer.status_code == 422
    assert "checked" not in str(answer.context["form"]["along"])


def test_a_foreign_file_is_no_choice(desk: Client, ticket: Ticket, queue: Queue) -> None:
    other = make_ticket(queue, article=customer_mail(files=(stored_file(b"geheim"),)))
    along = [other.articles.get().attachments.get().pk]
    form = filled_in("forward", ticket=ticket, target=queue, along=along)
    assert desk.post(address_of("forward", ticket), form).status_code == 422


def test_a_note_offers_neither_and_its_own_address_does_not_help(
    desk: Client, ticket: Ticket, owner: Agent
) -> None:
    written = Written(submission=uuid.uuid4(), subject="Onder ons", html="<p>geheim</p>")
    note = add_note(actor=actor(owner), ticket=ticket, note=written, now=NOW).written
    page = desk.get(reverse("desk:zoom", args=[ticket.number]), {"article": note.pk}).content.decode()
    mark = f'name="article" value="{note.pk}"'
    assert mark not in page
    address = f"{address_of('forward', ticket)}?article={note.pk}"
    assert "geheim" not in str(desk.get(address).context["form"]["html"].value())
    answer = desk.post(address, filled_in("forward", ticket=ticket, target=ticket.queue))
    assert answer.status_code == 422
    assert "Dit is intern" in answer.content.decode()


def test_an_article_of_another_ticket_is_not_there(desk: Client, ticket: Ticket, queue: Queue) -> None:
    other = make_ticket(queue).articles.get()
    for name in ("forward", "bounce"):
        assert desk.get(address_of(name, ticket), {"article": other.pk}).status_code == 404


def test_what_left_says_to_whom_and_what_came_of_it(desk: Client, ticket: Ticket) -> None:
    article = send(desk, ticket)
    assert article.outbound is not None
    article.outbound.recipients.update(result="refused", reply="550 nobody")
    article.outbound.state = "refused"
    article.outbound.save(update_fields=["state"])
    page = desk.get(reverse("desk:zoom", args=[ticket.number]), {"article": article.pk}).content.decode()
    for said in (
        "aan Bram Bos",
        "De klant ziet dit niet.",
        "Niet bezorgd aan bram@elders.example: 550 nobody",
    ):
        assert said in page
    assert "Alleen wie vragen beantwoordt" not in page
