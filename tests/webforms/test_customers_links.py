"""Where the link to a customer's page stands in our mails, where it never does, and what strangers get."""

import uuid
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agent, Customer
from blobs.store import read_bytes
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.factories import NOW, actor, answer, customer_mail, make_auto_response, make_ticket
from tests.house.hidden import SECRET, Hidden, hide
from tests.webforms.customers import KARIN, opened, page_of, said, send
from tickets.actions.auto_respond import write_answer
from tickets.actions.forward import Forwarding, forward_message
from tickets.actions.reply import reply_to_ticket
from tickets.customer_link import address_of_page, has_token
from tickets.letters.kept_answer import as_standard_answer, to_say_again
from tickets.models import Article, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def test_an_automatic_answer_has_it_where_its_text_says_so(ticket: Ticket, queue: Queue) -> None:
    response = make_auto_response(queue, html="<p>Volg je vraag: <KVV_CUSTOMER_PAGE></p>")
    mail = ticket.articles.get()
    written: dict[str, Any] = {"ticket": ticket, "response": response, "to": f"Karin <{KARIN}>", "now": NOW}
    new = write_answer(answered=mail, key="1", **written).new
    page = address_of_page(ticket=ticket, address=KARIN)
    assert (f'href="{page}"' in new.html, page in new.text) == (True, True)
    mail.is_visible = False
    unseen = write_answer(answered=mail, key="2", **written).new
    assert (has_token(unseen.html), "Volg je vraag: -" in unseen.text) == (False, True)


@pytest.mark.parametrize(
    ("on", "changes", "has"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"cc": ("els@post.example",)}, False),
        (True, {"bcc": ("els@post.example",)}, False),
        (True, {"to": (KARIN, "els@post.example")}, False),
        (True, {"to": ("els@elders.example",), "is_visible": False}, False),
    ],
)
def test_an_answer_has_it_where_its_queue_wants_and_one_address_alone_gets_it(
    ticket: Ticket, owner: Agent, changes: dict[str, Any], *, on: bool, has: bool
) -> None:
    Queue.objects.update(links_answers=on)
    ticket = Ticket.objects.select_related("queue__sender").get(pk=ticket.pk)
    filled = answer(ticket, **changes)
    article = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW).written
    assert (has_token(article.html), has_token(article.text)) == (has, has)
    assert (address_of_page(ticket=ticket, address=KARIN) in article.text) == has
    for kept in (as_standard_answer(article), to_say_again(article)):
        assert ("Zo gaat dat." in kept, has_token(kept), "eigen pagina" in kept) == (True, False, False)


def test_what_is_forwarded_or_answered_with_it_in_a_quotation_leads_nowhere(
    queue: Queue, owner: Agent
) -> None:
    page = address_of_page(ticket=make_ticket(queue), address=KARIN)
    ticket = make_ticket(queue, article=customer_mail(text=f"> {page}"))
    rewritten = f"https://veilig.example/?url={quote(quote(page, safe=''), safe='')}&amp;data=1"
    links = "".join(f'<a href="{link}">{page}</a>' for link in (page, rewritten))
    quoted = f"<blockquote>{links}</blockquote><p>Weet jij dit?</p>"
    filled = Forwarding(
        submission=uuid.uuid4(),
        subject="Fwd: Vraag",
        html=quoted,
        forwarded=ticket.articles.get(),
        to=("bram@elders.example",),
        state=state_by_key("open"),
    )
    forward_message(actor=actor(owner), ticket=ticket, forwarding=filled, now=NOW)
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket, html=quoted), now=NOW)
    articles = ticket.articles.filter(direction=Article.Direction.OUT)
    sent = [read_bytes(row.mime_id) for row in OutboundMessage.objects.all()]
    assert (articles.count(), len(sent)) == (2, 2)
    assert not any(has_token(article.html) or has_token(article.text) for article in articles)
    assert not any(page.rpartition("/")[0][-20:].encode() in mail for mail in sent)


@pytest.fixture
def hidden(other_queue: Queue, customer: Customer, stranger: Agent) -> Hidden:
    return hide(queue=other_queue, known=customer, agent=stranger)


def test_nothing_of_others_sings_on_any_page_of_a_link(
    ticket: Ticket, hidden: Hidden, customer: Customer
) -> None:
    """A canary in another queue: by one's own link, and by one to that very ticket, closed and opened."""
    theirs = f"{SECRET}@post.example"
    Article.objects.filter(ticket=hidden.ticket).update(from_address=theirs)
    Article.objects.update(created=timezone.now())
    for about in (ticket, hidden.ticket):
        page = page_of(about)
        for browser in (Client(), opened(page)):
            answers: list[Any] = [browser.get(page), browser.get(f"{page}?done={SECRET}")]
            files = [file.pk for file in hidden.article.attachments.all()]
            answers += [browser.get(f"{page}bestand/{pk}/") for pk in (*files, 10**12)]
            answers += [send(browser, page, what) for what in ("open", "schrijf", "opnieuw", "oordeel")]
            assert {answer.status_code for answer in answers[2:4]} == {404}
            assert [SECRET in said(answer) for answer in answers] == [False] * len(answers)
            assert not any(hidden.queue.name in said(answer) for answer in answers[:2])
    page = page_of(hidden.ticket, theirs)
    assert SECRET not in said(Client().get(page))
    assert SECRET in said(opened(page).get(page))  # the control
