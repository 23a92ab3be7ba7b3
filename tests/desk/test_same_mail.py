"""What agents see of a mail that came in for two queues, and how the second answer is warned."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.desk.reading import HTMX
from tests.desk.screens.test_reply import filled_in
from tests.factories import NOW, actor, answer, customer_mail, grant, make_ticket
from tickets.actions.also_received import link_same_mail, note_also_received
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import take_ticket
from tickets.actions.reply import reply_to_ticket
from tickets.actor import Actor
from tickets.changing.article_rows import insert_article
from tickets.changing.events import record
from tickets.kinds import EventKind
from tickets.models import Article, Ticket

SECRET = "Geheime wachtrij"


@pytest.fixture
def desk(client: Client, owner: Agent, ticket: Ticket) -> Client:
    client.force_login(owner)
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=timezone.now())
    return client


@pytest.fixture
def twin(ticket: Ticket, other_queue: Queue) -> Ticket:
    """The same mail, as a ticket of a queue that the owner may not see."""
    Queue.objects.filter(pk=other_queue.pk).update(name=SECRET)
    other_queue.refresh_from_db()
    twin = make_ticket(other_queue, customer=ticket.customer)
    one, other = (copy.articles.get() for copy in (ticket, twin))
    link_same_mail(actor=Actor.mail(), made=[one], copies=[other], now=NOW)
    return twin


def answered(twin: Ticket, agent: Agent) -> Article:
    filled = answer(twin)
    return reply_to_ticket(actor=actor(agent), ticket=twin, answer=filled, now=timezone.now()).written


def page(desk: Client, name: str, ticket: Ticket) -> str:
    """The ticket's page as a browser asks for it, a screen as htmx does: as a dialog alone."""
    headers = {} if name == "zoom" else HTMX
    response = desk.get(reverse(f"desk:{name}", args=[ticket.number]), headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def seen_in(text: str) -> dict[str, str]:
    """What a form says its agent has seen."""
    return dict(re.findall(r'name="(seen_[a-z]+)" value="([0-9]+)"', text))


@pytest.mark.parametrize("name", ["zoom", "reply"])
def test_one_ticket_for_both_names_the_other_queue(
    desk: Client, ticket: Ticket, other_queue: Queue, name: str
) -> None:
    note_also_received(actor=Actor.mail(), article=ticket.articles.get(), queue=other_queue, now=NOW)
    assert "Deze e-mail is ook ontvangen door Veiligheid." in page(desk, name, ticket)
    assert "Ook ontvangen door: Veiligheid" in page(desk, "history", ticket)


@pytest.mark.parametrize("name", ["zoom", "reply"])
def test_who_may_not_see_the_other_ticket_is_told_that_there_is_one_and_when_it_was_answered(
    desk: Client, ticket: Ticket, twin: Ticket, stranger: Agent, name: str
) -> None:
    before = page(desk, name, ticket)
    assert "ook ontvangen door een andere wachtrij" in before
    assert "een antwoord verstuurd" not in before
    answered(twin, stranger)
    after = page(desk, name, ticket)
    assert "een antwoord verstuurd" in after
    for text in (before, after, page(desk, "history", ticket)):
        assert SECRET not in text
        assert twin.number not in text


def test_who_may_see_the_other_ticket_gets_its_queue_and_a_link(
    desk: Client, ticket: Ticket, twin: Ticket, owner: Agent
) -> None:
    grant(owner, twin.queue, QueuePermission.Right.READ)
    zoom = page(desk, "zoom", ticket)
    assert "Gekoppelde objecten" in zoom
    assert zoom.count(reverse("desk:zoom", args=[twin.number])) == 2
    assert SECRET in zoom


def test_a_further_mail_for_both_is_not_told_twice(desk: Client, ticket: Ticket, twin: Ticket) -> None:
    one, other = (make_ticket(copy.queue, article=customer_mail()).articles.get() for copy in (ticket, twin))
    Article.objects.filter(pk=one.pk).update(ticket=ticket)
    Article.objects.filter(pk=other.pk).update(ticket=twin)
    link_same_mail(actor=Actor.mail(), made=[one], copies=[other], now=NOW)
    assert page(desk, "zoom", ticket).count("een andere wachtrij,") == 1


def test_an_answer_that_was_sent_there_meanwhile_holds_yours_and_keeps_what_you_typed(
    desk: Client, ticket: Ticket, twin: Ticket, stranger: Agent
) -> None:
    theirs = answered(twin, stranger)
    form = filled_in(ticket, html="<p>Mijn lange antwoord</p>")
    address = reverse("desk:reply", args=[ticket.number])
    refused = desk.post(address, form)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "kwam ook bij een andere wachtrij binnen en is daar zojuist beantwoord" in text
    assert "Mijn lange antwoord" in text
    assert "Zo gaat dat." not in text  # their answer, which this agent may not read
    assert f'name="anyway" value="elsewhere:{theirs.pk}"' in text
    assert desk.post(address, form | {"anyway": f"elsewhere:{theirs.pk}"}).status_code == 302
    assert ticket.articles.filter(sender_type=Article.SenderType.AGENT).count() == 1


def test_who_may_read_the_other_answer_reads_it_beside_their_own(
    desk: Client, ticket: Ticket, twin: Ticket, stranger: Agent, owner: Agent
) -> None:
    grant(owner, twin.queue, QueuePermission.Right.READ)
    answered(twin, stranger)
    refused = desk.post(reverse("desk:reply", args=[ticket.number]), filled_in(ticket))
    assert "Zo gaat dat." in refused.content.decode()


def test_who_saw_the_other_answer_when_the_form_was_opened_is_not_held(
    desk: Client, ticket: Ticket, twin: Ticket, stranger: Agent
) -> None:
    theirs = answered(twin, stranger)
    assert f'name="seen_elsewhere" value="{theirs.pk}"' in page(desk, "reply", ticket)
    done = desk.post(reverse("desk:reply", args=[ticket.number]), filled_in(ticket, seen_elsewhere=theirs.pk))
    assert done.status_code == 302


def test_a_mail_that_is_committed_late_is_not_passed_over_for_a_newer_answer_elsewhere(
    desk: Client, ticket: Ticket, twin: Ticket, stranger: Agent
) -> None:
    """Ids grow with time within one ticket only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('tickets_article', 'id'))")
        (drawn,) = cursor.fetchone()
    assert answered(twin, stranger).pk > drawn
    form = filled_in(ticket) | seen_in(page(desk, "reply", ticket))
    late = insert_article(ticket=ticket, new=customer_mail(), now=NOW, article_id=drawn)
    record(ticket=ticket, kind=EventKind.FOLLOW_UP, actor=Actor.mail(), now=NOW, article=late)
    assert desk.post(reverse("desk:reply", args=[ticket.number]), form).status_code == 422


def test_send_anyway_covers_what_was_shown_and_nothing_else(
    desk: Client, ticket: Ticket, twin: Ticket, stranger: Agent
) -> None:
    address, form = reverse("desk:reply", args=[ticket.number]), filled_in(ticket)
    theirs = answered(twin, stranger)
    mail = add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    first = desk.post(address, form)
    assert first.status_code == 422
    shown = f"unseen:{mail.event.pk}"
    assert f'name="anyway" value="{shown}"' in first.content.decode()
    second = desk.post(address, form | {"anyway": shown})
    assert second.status_code == 422
    assert f'name="anyway" value="elsewhere:{theirs.pk}"' in second.content.decode()
    assert f'<input type="hidden" name="anyway" value="{shown}"' in second.content.decode()
    both = [shown, f"elsewhere:{theirs.pk}"]
    assert desk.post(address, form | {"anyway": both}).status_code == 302


def statements(desk: Client, name: str, ticket: Ticket) -> int:
    """How many a page costs, once the first look at the ticket is written down."""
    page(desk, name, ticket)
    with CaptureQueriesContext(connection) as captured:
        page(desk, name, ticket)
    return len(captured)


@pytest.mark.parametrize(("name", "most"), [("zoom", 15), ("reply", 16)])
def test_it_costs_one_statement_whatever_came_twice_and_none_where_nothing_did(
    desk: Client, ticket: Ticket, name: str, most: int
) -> None:
    none = statements(desk, name, ticket)
    article = ticket.articles.get()
    for place in ("Een", "Twee", "Drie"):
        queue = Queue.objects.create(name=place)
        note_also_received(actor=Actor.mail(), article=article, queue=queue, now=NOW)
        assert statements(desk, name, ticket) == none + 1 <= most
