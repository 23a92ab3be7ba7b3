"""Answers that were given before, beside a ticket and beside the answer that is being written."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent, Customer
from outbox.models import OutboundMessage
from queues.models import Queue
from search.models import NotUseful
from tests.factories import NOW, actor, answer, customer_mail, make_ticket
from tests.house.screens import filled_in
from tests.search.finding import keep_words
from tickets.actions.reply import reply_to_ticket
from tickets.models import Article, Ticket

pytestmark = pytest.mark.django_db

STATEMENTS_MOST = 18
HTMX = {"HX-Request": "true"}
TEXT = "<p>Beste Sanne,</p><p>Ja Sanne, gastleden zijn verzekerd.</p><p>Groet,<br>Hand</p>"


@pytest.fixture
def before(queue: Queue, owner: Agent) -> Ticket:
    """What Sanne asked, and was answered."""
    mail = customer_mail(
        subject="Gastlid verzekerd?",
        text="Is een gastlid verzekerd op zomerkamp?",
        from_header="Sanne Storm <s.storm@post.example>",
        from_address="s.storm@post.example",
    )
    ticket = make_ticket(queue, article=mail)
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket, html=TEXT), now=NOW)
    keep_words(ticket)
    return ticket


@pytest.fixture
def ticket(queue: Queue, customer: Customer) -> Ticket:
    """What Karin asks now."""
    mail = customer_mail(subject="Zomerkamp", text="Zijn gastleden verzekerd op zomerkamp?")
    return make_ticket(queue, article=mail, customer=customer)


def said(ticket: Ticket) -> Article:
    return ticket.articles.latest("pk")


def beside(client: Client, ticket: Ticket, **asked: str) -> str:
    answer = client.get(reverse("desk:earlier", args=[ticket.number]), asked, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def press(client: Client, ticket: Ticket, other: Ticket, **sent: str) -> str:
    address = reverse("desk:not_useful", args=[ticket.number, other.number])
    return client.post(address, sent, headers=HTMX).content.decode()


def test_the_ticket_asks_for_it_by_a_second_request_and_without_script_by_a_link(
    desk: Client, ticket: Ticket, before: Ticket
) -> None:
    page = desk.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
    address = reverse("desk:earlier", args=[ticket.number])
    assert f'hx-get="{address}?' in page
    assert f'<a href="{address}?' in page
    assert "gastleden zijn verzekerd" not in page
    alone = desk.get(address).content.decode()
    assert "gastleden zijn verzekerd" in alone
    assert "<html" in alone


def test_the_box_has_the_answer_its_date_and_what_can_be_done_with_it(
    desk: Client, ticket: Ticket, before: Ticket
) -> None:
    box = beside(desk, ticket, seen="7")
    assert "Gastlid verzekerd?" in box
    assert "Ja Sanne, gastleden zijn verzekerd." in box
    assert "Groet" not in box
    assert "24-11-2026" in box
    assert "schreef terug" not in box
    assert f'name="use" value="{said(before).pk}"' in box
    assert box.count('name="seen" value="7"') == 2
    more = re.search(r'href="([^"]*)">Meer zoeken in het archief', box)
    assert more
    found = desk.get(unescape(more[1])).content.decode()
    assert (f"/tickets/{before.number}/" in found, f"/tickets/{ticket.number}/" in found) == (True, False)
    assert box.count("<html") == 0


def test_where_there_is_nothing_it_says_so_in_one_word(desk: Client, queue: Queue) -> None:
    box = beside(desk, make_ticket(queue))
    assert box.count("<li>") == 0
    assert box.count("geen") == 2
    assert "Vergelijkbare" not in beside(desk, make_ticket(queue), beside="1")


def test_who_only_reads_sees_the_answers_and_no_buttons(
    client: Client, reader: Agent, ticket: Ticket, before: Ticket
) -> None:
    client.force_login(reader)
    box = beside(client, ticket)
    assert "gastleden zijn verzekerd" in box
    assert "<button" not in box
    address = reverse("desk:earlier_text", args=[ticket.number, said(before).pk])
    assert client.get(address).status_code == 403


def test_it_takes_as_many_statements_for_one_as_for_five(
    desk: Client, queue: Queue, owner: Agent, ticket: Ticket, before: Ticket
) -> None:
    counts = []
    for _more in range(3):
        with CaptureQueriesContext(connection) as captured:
            beside(desk, ticket)
        counts.append(len(captured))
        other = make_ticket(queue, article=customer_mail(text="Zijn gastleden op zomerkamp verzekerd?"))
        reply_to_ticket(actor=actor(owner), ticket=other, answer=answer(other), now=NOW)
        keep_words(other)
    assert counts[1] == counts[2] <= STATEMENTS_MOST


def test_an_answer_is_used_where_one_writes_with_marks_on_whom_it_was_for(
    desk: Client, ticket: Ticket, before: Ticket
) -> None:
    address = reverse("desk:earlier_text", args=[ticket.number, said(before).pk])
    text = desk.get(address).content.decode()
    assert text == "<p>Ja <mark>Sanne</mark>, gastleden zijn verzekerd.</p>"
    opened = desk.post(
        reverse("desk:take", args=[ticket.number, "antwoord"]), {"use": str(said(before).pk)}, follow=True
    ).content.decode()
    assert "&lt;mark&gt;Sanne&lt;/mark&gt;, gastleden" in opened
    assert f'name="taken_from" value="{before.number}"' in opened


def test_what_an_agent_may_not_see_is_not_there(
    desk: Client, other_queue: Queue, ticket: Ticket, before: Ticket
) -> None:
    Ticket.objects.filter(pk=before.pk).update(queue=other_queue)  # just now: nothing was indexed
    assert "gastleden zijn verzekerd" not in beside(desk, ticket)
    address = reverse("desk:earlier_text", args=[ticket.number, said(before).pk])
    nowhere = reverse("desk:earlier_text", args=[ticket.number, 10**9])
    assert desk.get(address).status_code == desk.get(nowhere).status_code == 404
    opened = desk.post(
        reverse("desk:take", args=[ticket.number, "antwoord"]), {"use": str(said(before).pk)}, follow=True
    ).content.decode()
    assert "gastleden zijn" not in opened
    assert desk.post(reverse("desk:not_useful", args=[ticket.number, before.number])).status_code == 404


def test_without_script_its_button_puts_it_in_and_loses_nothing(
    desk: Client, ticket: Ticket, before: Ticket, queue: Queue
) -> None:
    address = reverse("desk:reply", args=[ticket.number])
    form = filled_in("reply", ticket=ticket, target=queue) | {"use_answer": str(said(before).pk)}
    form |= {"rich": "", "text": "Dit typte ik zelf."}
    page = desk.post(address, form).content.decode()
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert text
    assert text[1].strip() == "Ja Sanne, gastleden zijn verzekerd.\n\nDit typte ik zelf."
    assert f'name="taken_from" value="{before.number}"' in page


def test_a_letter_that_still_names_them_asks_and_shows_where(
    desk: Client, ticket: Ticket, before: Ticket, queue: Queue
) -> None:
    address = reverse("desk:reply", args=[ticket.number])
    sent = OutboundMessage.objects.count()
    form = filled_in("reply", ticket=ticket, target=queue) | {
        "rich": "1",
        "html": "<p>Ja Sanne, zeker.</p>",
        "taken_from": before.number,
    }
    asked = desk.post(address, form)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "In je antwoord staat nog van een andere klant: Sanne." in page
    assert "Ja &lt;mark&gt;Sanne&lt;/mark&gt;, zeker." in page
    key = re.search(r'name="anyway" value="(of_another:[0-9a-f]{8})"', page)
    assert key
    assert OutboundMessage.objects.count() == sent
    assert desk.post(address, form | {"anyway": key[1]}).status_code == 302
    assert OutboundMessage.objects.count() == sent + 1
    assert "<mark" not in said(ticket).html


def test_what_is_not_useful_goes_and_comes_back(desk: Client, ticket: Ticket, before: Ticket) -> None:
    box = press(desk, ticket, before)
    assert "gastleden zijn verzekerd" not in box
    assert "‘Gastlid verzekerd?’ wordt hier niet meer voorgesteld." in box
    press(desk, ticket, before)
    assert NotUseful.objects.count() == 1
    assert "gastleden zijn verzekerd" in press(desk, ticket, before, again="1")
    address = reverse("desk:not_useful", args=[ticket.number, before.number])
    assert "wordt bij dit ticket niet meer" in desk.post(address, follow=True).content.decode()


def test_the_customers_last_questions_stand_below(
    desk: Client, queue: Queue, owner: Agent, customer: Customer, ticket: Ticket
) -> None:
    old = make_ticket(queue, article=customer_mail(subject="Eerder gevraagd"), customer=customer)
    reply_to_ticket(actor=actor(owner), ticket=old, answer=answer(old), now=NOW)
    make_ticket(queue, article=customer_mail(subject="Nog open"), customer=customer)
    box = beside(desk, ticket)
    assert box.index("Laatste vragen van deze klant") < box.index("Nog open") < box.index("Eerder gevraagd")
    assert "Zo gaat dat." in box
    assert box.count("niet beantwoord") == 1
