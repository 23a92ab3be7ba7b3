"""What a text that was written to one customer says of them when it is used for another."""

from datetime import timedelta

import pytest

from accounts.models import Agent, Customer
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.factories import NOW, actor, answer, customer_mail, make_customer, make_ticket
from tickets.actions.reply import reply_to_ticket
from tickets.errors import Ask
from tickets.letters.of_another import of_others, to_say_to, traces_in, traces_of
from tickets.models import Article, Ticket

pytestmark = pytest.mark.django_db

SAID = (
    "<p>Beste Sanne,</p><p>Ja, Sanne Storm mag mee. Mail s.storm@post.example of bel 06-1234 5678; "
    "lidnummer K-77812, jouw vraag {number}. Ons adres is spel@kvv.example. Van de Stormvogel niet.</p>"
    "<p>Met vriendelijke groet,<br>Hand Leiding</p>"
)
MARKED = ["Sanne Storm", "s.storm@post.example", "06-1234 5678", "K-77812"]


@pytest.fixture
def source(queue: Queue) -> Ticket:
    """An answered ticket of Sanne Storm, whose answer names her in every way."""
    sanne = make_customer("s.storm@post.example")
    Customer.objects.filter(pk=sanne.pk).update(
        first_name="Sanne", last_name="Storm", code="K-77812", phone="0612345678"
    )
    sanne.refresh_from_db()
    mail = customer_mail(from_header="Sanne van der Storm <s.storm@post.example>", text="Mag ik mee?")
    return make_ticket(queue, article=mail, customer=sanne)


@pytest.fixture
def said(source: Ticket, owner: Agent) -> Article:
    html = SAID.format(number=source.number)
    done = reply_to_ticket(actor=actor(owner), ticket=source, answer=answer(source, html=html), now=NOW)
    assert done.written is not None
    return done.written


def test_names_addresses_and_numbers_are_known_and_ours_and_particles_are_not(source: Ticket) -> None:
    traces = traces_of([source])
    assert {"Sanne", "Storm", "s.storm@post.example", "K-77812", "0612345678", source.number} <= traces
    assert not traces & {"van", "der", "", "spel@kvv.example"}
    assert traces_of([]) == set()
    assert traces_in("Stormvogels en sanne", traces) == []
    assert traces_in("Bel (06) 12345678 of S.Storm@post.example", traces) == [
        "(06) 12345678",
        "S.Storm@post.example",
    ]


def test_an_answer_is_said_again_without_its_ends_and_with_marks(
    said: Article, source: Ticket, queue: Queue, owner: Agent
) -> None:
    ticket = make_ticket(queue)
    html = to_say_to(ticket, answer=said, answered=ticket.articles.get(), agent=owner)
    assert html.startswith("<p>Ja, <mark>Sanne Storm</mark> mag mee.")
    assert html.endswith("niet.</p>")
    assert html.count("<mark>") == 5
    assert f"<mark>{source.number}</mark>" in html


def test_what_also_means_who_is_answered_is_not_marked(
    said: Article, source: Ticket, queue: Queue, owner: Agent
) -> None:
    theirs = make_ticket(queue, customer=source.customer)
    assert "<mark>" not in to_say_to(theirs, answer=said, answered=theirs.articles.get(), agent=owner)
    assert of_others([source, theirs], ticket=theirs) == []
    named = make_ticket(queue, article=customer_mail(text="Wij zijn Sanne Storm en de rest"))
    html = to_say_to(named, answer=said, answered=named.articles.get(), agent=owner)
    assert "<mark>Sanne" not in html
    assert "<mark>K-77812</mark>" in html


def test_a_letter_that_names_another_customer_asks_first_and_leaves_without_marks(
    source: Ticket, queue: Queue, owner: Agent
) -> None:
    ticket = make_ticket(queue)
    html = '<p>Ja, <mark>Sanne</mark> mag mee.</p><blockquote type="cite"><mark>Storm</mark></blockquote>'
    given = answer(ticket, html=html, taken_from=(source,))
    with pytest.raises(Ask) as asked:
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=given, now=NOW)
    assert asked.value.message == "In je antwoord staat nog van een andere klant: Sanne."
    sent = answer(ticket, html=html, taken_from=(source,), anyway=(asked.value.key,))
    done = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=sent, now=NOW)
    assert done.written is not None
    assert done.written.html.startswith("<p>Ja, Sanne mag mee.</p>")
    assert done.written.html.count("<mark>") == 1
    assert OutboundMessage.objects.count() == 1


def test_one_that_names_nobody_or_somebody_else_is_sent_at_once(
    source: Ticket, queue: Queue, owner: Agent
) -> None:
    for html in ("<p>Ja, Joost mag mee.</p>", '<p>Ja.</p><blockquote type="cite">Sanne</blockquote>'):
        ticket = make_ticket(queue)
        given = answer(ticket, html=html, taken_from=(source,))
        done = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=given, now=NOW + timedelta(hours=1))
        assert done.event.ticket == ticket


def test_another_name_asks_once_more(source: Ticket, queue: Queue, owner: Agent) -> None:
    ticket, keys = make_ticket(queue), list[str]()
    for html in ("<p>Ja, Sanne.</p>", "<p>Ja, Sanne, K-77812.</p>"):
        given = answer(ticket, html=html, taken_from=(source,), anyway=tuple(keys))
        with pytest.raises(Ask) as asked:
            reply_to_ticket(actor=actor(owner), ticket=ticket, answer=given, now=NOW)
        keys.append(asked.value.key)
    assert len(set(keys)) == 2
