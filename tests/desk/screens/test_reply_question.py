"""Beantwoord: what is answered stands beside the answer, and who else it went to is told."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent
from outbox.addresses import write_address
from queues.models import MailAddress, Queue
from tests.desk.reading import HTMX
from tests.desk.screens.test_reply import address_of, filled_in
from tests.factories import actor, customer_mail, make_ticket, make_upload, stored_file
from tickets.actions.note import add_note
from tickets.changing.written import Written
from tickets.models import Ticket

WATCHER = "penningmeester@post.example"


@pytest.fixture
def watched(queue: Queue) -> Ticket:
    """A ticket whose question went to somebody in Cc."""
    return make_ticket(queue, article=customer_mail(cc=f"Piet <{WATCHER}>", to="spel@kvv.example"))


def test_a_plain_answer_says_who_else_stood_in_cc(desk: Client, watched: Ticket, queue: Queue) -> None:
    MailAddress.objects.create(address="spel@kvv.example", queue=queue)
    page = desk.get(address_of(watched)).content.decode()
    assert f"In Cc van de vraag: Piet &lt;{WATCHER}&gt;" in page
    everybody = desk.get(address_of(watched), {"all": "1"}).content.decode()
    assert "van de vraag" not in everybody
    assert f'value="Piet &lt;{WATCHER}&gt;"' in everybody


def test_all_are_answered_by_a_press_that_keeps_what_was_typed(
    desk: Client, watched: Ticket, owner: Agent, queue: Queue
) -> None:
    MailAddress.objects.create(address="spel@kvv.example", queue=queue)
    form = filled_in(watched, cc="mede@post.example", html="<p>Al getypt</p>")
    make_upload(owner, uuid.UUID(str(form["submission"])), name="polis.pdf")
    answer = desk.post(address_of(watched), form | {"answer_everybody": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    for kept in (f'value="mede@post.example, Piet &lt;{WATCHER}&gt;"', "Al getypt", "polis.pdf"):
        assert kept in page
    assert "van de vraag" not in page
    assert "data-focus-error" not in page


def test_the_question_its_files_and_the_notes_after_it_stand_beside_the_text(
    desk: Client, queue: Queue, owner: Agent
) -> None:
    mail = customer_mail(text="<b>Hoe ver?</b>", files=(stored_file(name="kaart.pdf"),))
    ticket = make_ticket(queue, article=mail)
    for text in ("Oud", "Later", "Nieuw", "Nieuwst"):
        note = Written(submission=uuid.uuid4(), subject="Notitie", html=f"<p>{text}</p>")
        add_note(actor=actor(owner), ticket=ticket, note=note, now=timezone.now())
    beside = desk.get(address_of(ticket), headers=HTMX).content.decode().partition("<aside")[2]
    shown = ("&lt;b&gt;Hoe ver?&lt;/b&gt;", "kaart.pdf", "5 B<", "Nieuwst", "Nieuw<", "Later")
    places = [beside.index(each) for each in shown]
    assert places == sorted(places)
    assert "Oud" not in beside


def test_what_stands_beside_costs_no_more_for_more_notes(
    desk: Client, ticket: Ticket, owner: Agent, django_assert_num_queries: Callable[..., Any]
) -> None:
    with CaptureQueriesContext(connection) as before:
        desk.get(address_of(ticket), headers=HTMX)
    for _note in range(3):
        note = Written(submission=uuid.uuid4(), subject="Notitie", html="<p>Bel terug</p>")
        add_note(actor=actor(owner), ticket=ticket, note=note, now=timezone.now())
    with django_assert_num_queries(len(before)):
        desk.get(address_of(ticket), headers=HTMX)


NAMED = 'Roos "de <b>Baas" \u202e'


def test_the_message_names_whom_the_answer_goes_to_and_leads_to_the_ticket(
    desk: Client, ticket: Ticket
) -> None:
    form = filled_in(ticket, to=write_address(NAMED, "roos@post.example"))
    page = desk.post(address_of(ticket), form, follow=True).content.decode()
    named = "<bdi>Roos &quot;de &lt;b&gt;Baas&quot; \u202e</bdi>"
    link = f'<a href="{reverse("desk:zoom", args=[ticket.number])}">Ticket#{ticket.number} bekijken</a>'
    assert f"Antwoord aan {named} onderweg · {link}" in page
