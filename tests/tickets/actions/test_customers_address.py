"""'Dit adres hoort ook bij deze klant': whose what was written becomes, and who may say so."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent, CustomerAddress
from queues.models import Queue
from tests.factories import NOW, actor, customer_mail, make_customer, make_ticket
from tickets.actions.customers_address import add_customers_address
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.errors import AddressTaken, NotAllowed, NothingToAdd
from tickets.models import Article, Ticket
from tickets.queries.correspondents import known_correspondents

pytestmark = pytest.mark.django_db

WORK = "karin@werk.example"


@pytest.fixture
def asked(queue: Queue) -> Ticket:
    """Karin's ticket."""
    return make_ticket(queue, customer=make_customer("karin@post.example"))


def wrote(ticket: Ticket, **changes: object) -> Article:
    """What somebody wrote in it whom it does not know."""
    values = {
        "from_header": f"Karin <{WORK}>",
        "from_address": WORK,
        "is_visible": False,
        "warning": "unknown_sender",
    }
    mail = customer_mail(**(values | changes))
    return add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW).written


def test_the_address_counts_as_the_customers_who_sees_what_came_from_it(
    asked: Ticket, owner: Agent, client: Client
) -> None:
    article, machines = wrote(asked), wrote(asked, is_automatic=True)
    other = wrote(asked, from_address="ander@post.example")
    client.force_login(owner)
    page = reverse("desk:zoom", args=[asked.number])
    press = reverse("desk:add_address", args=[asked.number, article.pk])
    assert press in client.get(page).content.decode()
    assert "hoort voortaan" in client.post(press, follow=True).content.decode()
    for each in (article, machines, other):
        each.refresh_from_db()
    assert [each.is_visible for each in (article, machines, other)] == [True, False, False]
    assert (article.warning, other.warning) == ("", "unknown_sender")
    assert WORK in known_correspondents(asked)
    assert press not in client.get(page).content.decode()
    history = client.get(reverse("desk:history", args=[asked.number])).content.decode()
    assert f"Adres van de klant: {WORK}" in history
    asked.refresh_from_db()
    assert asked.waits_since is not None
    assert "geen adres meer" in client.post(press, follow=True).content.decode()


def test_they_wait_since_the_first_that_was_not_answered(asked: Ticket, owner: Agent) -> None:
    hour = timedelta(hours=1)
    articles = [wrote(asked) for _n in range(3)]
    for n, article in enumerate(articles):
        Article.objects.filter(pk=article.pk).update(created=NOW + n * hour)
    Ticket.objects.update(last_answer_at=NOW, waits_since=NOW + 2 * hour)
    add_customers_address(actor=actor(owner), ticket=asked, article=articles[0], now=NOW + 3 * hour)
    asked.refresh_from_db()
    assert (asked.waits_since, asked.last_contact) == (NOW + hour, NOW + 2 * hour)


def test_an_address_of_another_customer_stays_theirs(asked: Ticket, owner: Agent, client: Client) -> None:
    article, theirs = wrote(asked), make_customer(WORK)
    client.force_login(owner)
    page = client.get(reverse("desk:zoom", args=[asked.number])).content.decode()
    assert reverse("desk:add_address", args=[asked.number, article.pk]) not in page
    with pytest.raises(AddressTaken, match=WORK):
        add_customers_address(actor=actor(owner), ticket=asked, article=article, now=NOW)
    assert CustomerAddress.objects.get(address=WORK).customer == theirs


def test_only_who_answers_here_may_say_so(asked: Ticket, reader: Agent, stranger: Agent) -> None:
    article = wrote(asked)
    for agent in (reader, stranger):
        with pytest.raises(NotAllowed):
            add_customers_address(actor=actor(agent), ticket=asked, article=article, now=NOW)
    assert not CustomerAddress.objects.filter(address=WORK).exists()


def test_without_a_customer_or_a_warning_there_is_nothing_to_add(
    asked: Ticket, queue: Queue, owner: Agent
) -> None:
    for article in (asked.articles.get(), wrote(make_ticket(queue))):
        with pytest.raises(NothingToAdd):
            add_customers_address(actor=actor(owner), ticket=article.ticket, article=article, now=NOW)
