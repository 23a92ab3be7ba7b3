"""A ticket on paper: all of it, on as many pages as it needs, and no line on two of them."""

import re
import zlib
from contextlib import suppress

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Agent
from queues.models import Queue
from richtext.clean import clean_html
from tests.browser.conftest import sign_in
from tests.browser.test_hostile_quotation import HOSTILE
from tests.factories import NOW, actor, customer_mail, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.follow_up import add_follow_up
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

LINES = "".join(f"Regel {number} van een lange mail.<br>" for number in range(150))
# What a browser would print as one piece, cut wherever a page ends.
PIECES = clean_html(
    f'<div style="display: inline-block; width: 100%">{LINES}</div>'
    f'<span style="display:inline-table">{LINES}</span><table><tr><td width="900">{LINES}</td></tr></table>'
)
# What something foreign lies over, by its words.
COVERED = """() => [...document.querySelectorAll(
    '.paper__bar :is(a, button), .paper h1, .paper__art > :is(h2, p)'
)].filter(each => {
    each.scrollIntoView({ block: 'center' });
    const { left, top, height } = each.getBoundingClientRect();
    const there = document.elementFromPoint(left + 5, top + height / 2);
    return there && !each.contains(there);
}).map(each => each.innerText)"""
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
SHOWN = re.compile(rb"<([0-9A-F]+)> Tj")


def drawn_in(pdf: bytes) -> int:
    """How much is written on all pages together: a line that a page's end cuts is written on two of them."""
    count = 0
    for stream in STREAM.finditer(pdf):
        with suppress(zlib.error):
            drawn = zlib.decompress(stream[1])
            count += sum(map(len, SHOWN.findall(drawn))) if b"BT" in drawn else 0
    return count


def pages_in(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.fixture
def long_talk(queue: Queue, owner: Agent) -> Ticket:
    ticket = make_ticket(queue, article=customer_mail(html=PIECES))
    add_note(actor=actor(owner), ticket=ticket, **words())
    text = customer_mail(text=LINES.replace("<br>", "\n"))
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=text, now=NOW)
    return ticket


def test_a_long_ticket_is_printed_whole_on_several_pages_and_no_line_on_two_of_them(
    context: BrowserContext, page: Page, owner: Agent, long_talk: Ticket
) -> None:
    sign_in(context, owner)
    page.goto(reverse("desk:paper", args=[long_talk.number]))
    sheets, roll = page.pdf(format="A4"), page.pdf(width="210mm", height="5000mm")
    assert (pages_in(sheets) > 10, pages_in(roll)) == (True, 1)
    assert drawn_in(sheets) == drawn_in(roll) > 600 * len("Regel 1 van een lange mail.")
    page.evaluate("document.querySelector('.paper__html').className = ''")  # and so a cut would be seen
    assert drawn_in(page.pdf(format="A4")) > drawn_in(roll)


def test_a_mail_on_paper_lies_over_nothing_else(
    context: BrowserContext, page: Page, owner: Agent, queue: Queue
) -> None:
    ticket = make_ticket(queue, article=customer_mail(html=clean_html(HOSTILE)))
    add_note(actor=actor(owner), ticket=ticket, **words())
    sign_in(context, owner)
    page.goto(reverse("desk:paper", args=[ticket.number]))
    expect(page.get_by_role("button", name="Afdrukken")).to_be_visible()
    assert page.evaluate(COVERED) == []
