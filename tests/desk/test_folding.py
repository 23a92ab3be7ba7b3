"""Quoted history on the ticket's screen: folded where it stands in an earlier message, and only there."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue
from richtext.convert import quote_html, quote_text
from tests.factories import NOW, customer_mail, make_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.models import Article, Ticket

pytestmark = pytest.mark.django_db

QUESTION = "Mogen wij op het veld kamperen?\nWij zijn met dertig man."
HTML = "<p>Mogen wij op het veld kamperen?</p><p>Wij zijn met dertig man.</p>"
FOLD = "Eerdere berichten tonen"


@pytest.fixture
def desk(client: Client, owner: Agent) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def asked(queue: Queue) -> Ticket:
    return make_ticket(queue, article=customer_mail(text=QUESTION, html=HTML))


def add(ticket: Ticket, **values: object) -> Article:
    return add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(**values), now=NOW).written


def frame(desk: Client, article: Article, name: str = "article_frame") -> str:
    return desk.get(reverse(f"desk:{name}", args=[article.ticket.number, article.pk])).content.decode()


def test_a_plain_mail_shows_its_answer_and_folds_its_quotation(desk: Client, asked: Ticket) -> None:
    add(asked, text=f"Nog iets & meer:\n{quote_text(QUESTION)}")
    page = desk.get(reverse("desk:zoom", args=[asked.number])).content.decode()
    assert f"<summary>{FOLD} (2 regels)</summary>" in page
    fold = page.partition('<details class="more quoted">')[2].partition("</details>")[0]
    assert "&gt; Mogen wij" in fold
    assert "Nog iets &amp; meer:" in page
    assert "Nog iets" not in fold


@pytest.mark.parametrize("name", ["article_frame", "active_frame"])
def test_a_frame_folds_it_too_without_script(desk: Client, asked: Ticket, name: str) -> None:
    newer = add(asked, html=f"<p>Nog iets</p>{quote_html(HTML)}")
    page = frame(desk, newer, name)
    assert f'<details class="quoted"><summary>{FOLD} (2 regels)</summary><blockquote' in page
    assert page.index("Nog iets") < page.index("<details")


def test_the_first_mail_and_a_changed_quotation_are_shown_whole(desk: Client, asked: Ticket) -> None:
    assert FOLD not in frame(desk, asked.articles.get())
    assert FOLD not in frame(
        desk, add(asked, html=f"<p>Nee</p>{quote_html(HTML.replace('dertig', 'veertig'))}")
    )


def test_what_stands_only_in_another_ticket_a_later_mail_or_a_note_is_not_folded(
    desk: Client, asked: Ticket, queue: Queue
) -> None:
    other = make_ticket(queue)
    newer = add(other, html=f"<p>Nog iets</p>{quote_html(HTML)}")
    add(other, html=HTML, text=QUESTION)
    assert FOLD not in frame(desk, newer)
    hidden = make_ticket(queue, article=customer_mail(is_visible=False, text=QUESTION, html=HTML))
    assert FOLD not in frame(desk, add(hidden, html=f"<p>Nog iets</p>{quote_html(HTML)}"))


def test_nothing_that_is_kept_or_quoted_changes(desk: Client, asked: Ticket, owner: Agent) -> None:
    newer = add(asked, html=f"<p>Nog iets</p>{quote_html(HTML)}")
    form = desk.get(reverse("desk:reply", args=[asked.number]), {"article": newer.pk}).context["form"]
    assert "details" not in str(form["html"].value())
    newer.refresh_from_db()
    assert newer.html == f"<p>Nog iets</p>{quote_html(HTML)}"
