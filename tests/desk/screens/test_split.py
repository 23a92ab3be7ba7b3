"""Split: the form is filled in from the message, and says what becomes of it."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent, Customer
from queues.models import Queue, QueuePermission
from tests.desk.reading import text
from tests.factories import NOW, actor, customer_mail, make_ticket, stored_file
from tests.house.screens import filled_in
from tests.tickets.actions.written import words
from tickets.actions.follow_up import add_follow_up
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.models import Article, Event, Ticket

NAMES = ("split", "split_email")


@pytest.fixture
def mail(queue: Queue, customer: Customer) -> Article:
    new = customer_mail(subject="Re: Bagage", html="<p>Telt <b>dit</b> mee?</p>", files=(stored_file(),))
    return make_ticket(queue, customer=customer, article=new).articles.get()


def address(name: str, article: Article) -> str:
    return f"{reverse(f'desk:{name}', args=[article.ticket.number])}?article={article.pk}"


@pytest.mark.parametrize("name", NAMES)
def test_the_form_is_filled_in_from_the_message(desk: Client, mail: Article, name: str) -> None:
    page = desk.get(address(name, mail))
    begun = page.context["form"]
    assert begun["customer"].value() == "Karin Klant <karin@post.example>"
    assert (begun["subject"].value(), begun["queue"].value()) == ("Bagage", mail.ticket.queue_id)
    assert "Telt <b>dit</b> mee?" in begun.shown_html
    assert "bijlage.txt" in text(page)
    assert "no open tickets" not in text(page)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_sent_as_it_was_filled_in_and_leads_back_to_the_old_ticket(
    desk: Client, mail: Article, name: str
) -> None:
    begun = desk.get(address(name, mail)).context["form"]
    names = ("submission", "customer", "customer_id", "customer_for", "queue", "subject", "priority", "state")
    values = {each: begun[each].value() for each in names} | {"rich": "1", "html": begun.shown_html}
    file = mail.attachments.get()
    answer = desk.post(address(name, mail), values | {"along": [file.pk]})
    assert answer.headers["Location"] == reverse("desk:zoom", args=[mail.ticket.number])
    made = Event.objects.filter(kind="created").latest("pk")
    assert made.article is not None
    assert made.ticket.customer == mail.ticket.customer
    assert made.article.attachments.get().blob_id == file.blob_id
    twice = desk.post(address(name, mail), values | {"along": [file.pk]})
    assert (twice.status_code, Ticket.objects.count()) == (302, 2)


def test_it_is_offered_on_what_customers_say_and_not_on_what_is_internal(
    desk: Client, mail: Article, owner: Agent
) -> None:
    note = add_note(actor=actor(owner), ticket=mail.ticket, **words()).written
    page = text(desk.get(reverse("desk:zoom", args=[mail.ticket.number]), {"notes": "1"}))
    offered = reverse("desk:split", args=[mail.ticket.number])
    assert f"{offered}?article={mail.pk}" in page
    assert f"{offered}?article={note.pk}" not in page
    for name in NAMES:
        assert desk.get(address(name, note)).status_code == 404


def test_the_message_of_a_stranger_becomes_theirs(desk: Client, mail: Article) -> None:
    theirs = customer_mail(
        from_header="Vera Vreemd <vera@elders.example>",
        from_address="vera@elders.example",
        is_visible=False,
        warning="unknown_sender",
    )
    done = add_follow_up(actor=Actor.mail(), ticket=mail.ticket, article=theirs, now=NOW)
    begun = desk.get(address("split", done.written)).context["form"]
    assert begun["customer"].value() == "Vera Vreemd <vera@elders.example>"


def test_where_one_may_make_no_ticket_it_is_neither_offered_nor_opened(
    client: Client, mail: Article, reader: Agent
) -> None:
    client.force_login(reader)
    offered = reverse("desk:split", args=[mail.ticket.number])
    assert offered not in text(client.get(reverse("desk:zoom", args=[mail.ticket.number])))
    assert [client.get(address(name, mail)).status_code for name in NAMES] == [403, 403]


def test_a_wrong_customer_keeps_what_was_ticked(desk: Client, mail: Article, other_queue: Queue) -> None:
    """And the queue where one may only move tickets to is none to make them in."""
    form = filled_in("split", ticket=mail.ticket, target=other_queue, customer="", queue=other_queue.pk)
    page = desk.post(address("split", mail), form)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"customer", "queue"}
    assert QueuePermission.Right.CREATE not in QueuePermission.objects.values_list("right", flat=True)
