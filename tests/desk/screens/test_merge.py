"""Samenvoegen: which ticket is meant, what will move, where the old number leads, and undoing it."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.desk.reading import text
from tests.factories import (
    NOW,
    actor,
    customer_mail,
    grant,
    make_auto_response,
    make_customer,
    make_queue,
    make_ticket,
    stored_file,
)
from tests.house.screens import filled_in
from tickets.actions.follow_up import add_follow_up
from tickets.actions.watch import watch_ticket
from tickets.actor import Actor
from tickets.models import Ticket, TicketLink, TicketMerge
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
Right = QueuePermission.Right


@pytest.fixture
def address(ticket: Ticket) -> str:
    return reverse("desk:merge", args=[ticket.number])


@pytest.fixture
def main(queue: Queue, ticket: Ticket, colleague: Agent) -> Ticket:
    return make_ticket(queue, customer=ticket.customer, title="De eerste vraag", owner=colleague)


def zoom(ticket: Ticket) -> str:
    return reverse("desk:zoom", args=[ticket.number])


def history(ticket: Ticket) -> str:
    return reverse("desk:history", args=[ticket.number])


def sent(desk: Client, ticket: Ticket, main: Ticket, **changes: object) -> str:
    form = filled_in("merge", ticket=ticket, target=ticket.queue) | {"ticket": main.number} | changes
    return text(desk.post(reverse("desk:merge", args=[ticket.number]), form, follow=True))


def test_the_customer_s_other_open_tickets_are_offered_and_what_will_move_is_said(
    desk: Client, address: str, ticket: Ticket, main: Ticket, queue: Queue, owner: Agent
) -> None:
    closed = make_ticket(
        queue, customer=ticket.customer, title="Al klaar", state=state_by_key("closed_successful")
    )
    only_read = make_ticket(make_queue(), customer=ticket.customer, title="Alleen lezen")
    grant(owner, only_read.queue, Right.READ)
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(files=(stored_file(),)), now=NOW)
    page = text(desk.get(address))
    titles = ("De eerste vraag", "Al klaar", "Alleen lezen")
    assert [title in page for title in titles] == [True, False, False]
    assert "2 interacties en 1 bijlage" in page
    assert "Laat de klant weten" not in page  # by which text?
    make_auto_response(queue, kind="merged")
    assert "Laat de klant weten" in text(desk.get(address))
    shown = text(desk.post(address, {"chosen": main.number, "look": "1"}))
    assert f"gaan naar {main.number}" in shown
    assert "Eigenaar blijft <b>Colleague</b>" in shown
    for number in (only_read.number, "2013070410000731"):
        refused = sent(desk, ticket, Ticket(number=number))
        assert "Er is geen ticket met dit nummer dat je hier mag gebruiken." in refused
    shown = text(desk.post(address, {"chosen": closed.number, "look": "1"}))
    assert "gaat weer open voor deze vraag" in shown


def test_what_was_chosen_does_not_count_beside_words_that_it_was_not_found_by(
    desk: Client, ticket: Ticket, main: Ticket
) -> None:
    for typed, says in (
        ("2013070410000731", "Er is geen ticket met dit nummer"),
        ("iets heel anders", "Er is geen ticket gevonden"),
    ):
        assert says in sent(desk, ticket, Ticket(number=typed), chosen=main.number)
        link = filled_in("link", ticket=ticket, target=ticket.queue)
        link |= {"ticket": typed, "chosen": main.number}
        assert says in text(desk.post(reverse("desk:link", args=[ticket.number]), link))
    assert (TicketMerge.objects.count(), TicketLink.objects.count()) == (0, 0)
    sent(desk, ticket, Ticket(number="eerste"), chosen=main.number)
    assert TicketMerge.objects.get().target == main


def test_the_old_number_leads_to_the_main_ticket_and_to_all_that_stands_there(
    desk: Client, ticket: Ticket, main: Ticket
) -> None:
    file = customer_mail(files=(stored_file(b"tekst"),))
    article = add_follow_up(actor=Actor.mail(), ticket=ticket, article=file, now=NOW).written
    page = sent(desk, ticket, main)
    assert f"<title>De eerste vraag · {main.number}" in page
    assert f"Ticket#{ticket.number}</a> is samengevoegd met dit ticket." in page
    answer = desk.get(f"{zoom(ticket)}?article={article.pk}")
    assert answer.headers["Location"] == f"{zoom(main)}?article={article.pk}"
    attachment = article.attachments.get().pk
    file_address = reverse("desk:attachment", args=[ticket.number, attachment])
    assert b"".join(desk.get(file_address)) == b"tekst"
    note = filled_in("note", ticket=ticket, target=ticket.queue)
    assert desk.post(reverse("desk:note", args=[ticket.number]), note).status_code == 302
    assert main.articles.latest("pk").channel == "note"


def test_two_customers_are_named_and_asked_about_and_the_button_then_does_it(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    theirs = make_ticket(queue, customer=make_customer("piet@post.example"))
    assert theirs.customer is not None
    theirs.customer.first_name = "Piet"
    theirs.customer.save()
    page = sent(desk, ticket, theirs)
    assert f"{theirs.number} is van Piet Klant" in page
    assert "Toch samenvoegen" in page
    key = page.partition('name="anyway" value="')[2].partition('"')[0]
    sent(desk, ticket, theirs, anyway=key)
    assert TicketMerge.objects.get().target == theirs


def test_it_is_undone_from_the_history_by_who_may_and_says_what_stands_in_the_way(
    desk: Client, client: Client, ticket: Ticket, main: Ticket, queue: Queue, reader: Agent, owner: Agent
) -> None:
    sent(desk, ticket, main)
    page = text(desk.get(history(main)))
    press = reverse("desk:unmerge", args=[main.number, TicketMerge.objects.get().pk])
    assert press in page
    assert history(ticket) in page
    assert f"In ticket: {main.number}" in text(desk.get(history(ticket)))
    client.force_login(reader)
    assert "Samenvoegen ongedaan maken" not in text(client.get(history(main)))
    assert client.post(press).status_code == 403
    client.force_login(owner)
    back = {"back": history(main)}
    assert "het zijn weer twee tickets" in text(client.post(press, back, follow=True))
    assert f"<title>{ticket.title}" in text(client.get(zoom(ticket)))
    assert press not in text(client.get(history(main)))
    assert "het is al ongedaan gemaakt" in text(client.post(press, back, follow=True))


def test_who_may_not_see_the_main_ticket_learns_nothing_of_it(
    desk: Client, client: Client, ticket: Ticket, reader: Agent, owner: Agent
) -> None:
    hidden = make_ticket(make_queue("Geheim"), title="Verborgen", customer=ticket.customer)
    grant(owner, hidden.queue, Right.ALL)
    watch_ticket(actor=actor(reader), ticket=ticket, now=NOW)
    sent(desk, ticket, hidden)
    client.force_login(reader)
    page = text(client.get(zoom(ticket)))
    assert "samengevoegd" in page
    assert not any(secret in page for secret in (hidden.number, "Verborgen", "Geheim"))
    assert "Beantwoord" not in page
    assert client.get(zoom(hidden)).status_code == 404
    assert text(client.get("/mijn/gevolgd/")).count("Verborgen") == 0
