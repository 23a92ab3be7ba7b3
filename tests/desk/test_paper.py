"""Afdrukken: the ticket or one interaction of it as a page for paper."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent, Customer
from queues.models import Queue
from richtext.clean import clean_html
from tests.factories import NOW, actor, customer_mail, make_ticket, stored_file
from tests.tickets.actions.written import words
from tickets.actions.follow_up import add_follow_up
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.models import Ticket

HTML = clean_html(
    '<p style="color: red">Hallo</p><img src="cid:logo@post"><img src="https://away.example/v.png" alt="v">'
    '<div style="background-image: url(https://away.example/grond.png)">grond</div>'
)


@pytest.fixture
def talk(queue: Queue, customer: Customer, owner: Agent) -> Ticket:
    """A mail with HTML and files, a note, and a mail of plain text that repeats the first."""
    files = (
        stored_file(b"P", name="logo.png", content_type="image/png", content_id="logo@post", is_inline=True),
        stored_file(name="lijst.xlsx"),
    )
    ticket = make_ticket(queue, customer=customer, article=customer_mail(html=HTML, files=files))
    add_note(actor=actor(owner), ticket=ticket, **words())
    again = customer_mail(text="Nog iets.\n\n> Hoe gaat dat?")
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=again, now=NOW)
    return ticket


def paper_of(desk: Client, ticket: Ticket, **asked: int | str) -> str:
    return desk.get(reverse("desk:paper", args=[ticket.number]), asked).content.decode()


def test_all_that_was_said_stands_on_it_in_order_and_unfolded(desk: Client, talk: Ticket) -> None:
    page = paper_of(desk, talk)
    places = [page.index(word) for word in ("Karin Klant", "#1 ", "#2 ", "#3 ", "&gt; Hoe gaat dat?")]
    assert places == sorted(places)
    assert "<details" not in page
    for fact in (talk.number, talk.title, "karin@<wbr>post.example", "Spel", "lijst.xlsx (5 B)", "Daarom"):
        assert fact in page


def test_a_note_is_marked(desk: Client, talk: Ticket) -> None:
    page = paper_of(desk, talk)
    assert page.count("paper__art paper__note") == page.count("de klant ziet dit niet") == 1
    assert page.index("#2 ") < page.index("de klant ziet dit niet") < page.index("#3 ")


def test_without_notes_nothing_is_on_it_that_the_customer_does_not_see(desk: Client, talk: Ticket) -> None:
    assert 'href="?notes=no"' in paper_of(desk, talk)
    page = paper_of(desk, talk, notes="no")
    assert ("#1 " in page, "#2 " in page, "#3 " in page, "Daarom" in page) == (True, False, True, False)


def test_a_mail_keeps_its_look_and_loads_nothing_from_elsewhere(desk: Client, talk: Ticket) -> None:
    page = paper_of(desk, talk)
    image = talk.articles.order_by("pk")[0].attachments.get(is_inline=True)
    assert f'src="{reverse("desk:attachment", args=[talk.number, image.pk])}"' in page
    assert "away.example" not in page
    assert "Afbeelding geblokkeerd: v" in page
    assert 'style="color:' in page
    policy = desk.get(reverse("desk:paper", args=[talk.number])).headers["Content-Security-Policy"]
    assert "style-src-attr 'unsafe-inline'" in policy


def test_one_interaction_keeps_its_number_and_no_other_is_there(
    desk: Client, talk: Ticket, queue: Queue
) -> None:
    note = talk.articles.order_by("pk")[1]
    page = paper_of(desk, talk, article=note.pk)
    assert ("#2 " in page, "#1 " in page, "Nog iets" in page) == (True, False, False)
    other = make_ticket(queue).articles.get()
    for wrong in (other.pk, "x", ""):
        address = reverse("desk:paper", args=[talk.number])
        assert desk.get(address, {"article": wrong}).status_code == 404


def test_the_statements_do_not_depend_on_how_much_was_said(desk: Client, talk: Ticket, owner: Agent) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            paper_of(desk, talk)
        return len(queries)

    paper_of(desk, talk)
    few = statements()
    for _article in range(18):
        add_note(actor=actor(owner), ticket=talk, **words())
    assert statements() == few


def test_the_ticket_and_each_interaction_lead_to_it(desk: Client, talk: Ticket) -> None:
    address = reverse("desk:paper", args=[talk.number])
    first = talk.articles.order_by("pk")[0]
    page = desk.get(reverse("desk:zoom", args=[talk.number]), {"article": first.pk}).content.decode()
    assert f'href="{address}"' in page
    assert f'href="{address}?article={first.pk}"' in page
