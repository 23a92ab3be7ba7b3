"""What is folded on a ticket's page: quotations in a frame, which follows them, and messages in the table."""

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Agent
from queues.models import Queue
from richtext.convert import quote_html
from tests.browser.conftest import sign_in
from tests.factories import NOW, customer_mail, make_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

HTML = "".join(f"<p>Regel {n} van de eerste vraag.</p>" for n in range(8))
TEXT = "\n\n".join(f"Regel {n} van de eerste vraag." for n in range(8))

# Not `wait_for_function`, which evaluates a string in the page, which our policy refuses.
REACHES = """(frame, [least, most]) => new Promise(done => {
    const end = performance.now() + 15000;
    const look = () => {
        const fits = least <= frame.clientHeight && frame.clientHeight <= most;
        if (fits || performance.now() > end) done(fits); else requestAnimationFrame(look);
    };
    look();
})"""


def test_the_frame_follows_the_fold(page: Page, context: BrowserContext, queue: Queue, owner: Agent) -> None:
    ticket = make_ticket(queue, article=customer_mail(text=TEXT, html=HTML))
    newer = customer_mail(text="Nog iets", html=f"<p>Nog iets</p>{quote_html(HTML)}")
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=newer, now=NOW)
    sign_in(context, owner)
    page.goto(reverse("desk:zoom", args=[ticket.number]))
    frame = page.locator("iframe.mailframe")
    inside = frame.content_frame
    summary = inside.get_by_text("Eerdere berichten tonen (8 regels)")
    expect(summary).to_be_visible()
    expect(inside.get_by_text("Regel 7")).to_be_hidden()
    assert frame.evaluate(REACHES, [0, 150])
    low = frame.evaluate("frame => frame.clientHeight")
    summary.press("Enter")
    expect(inside.get_by_text("Regel 7")).to_be_visible()
    assert frame.evaluate(REACHES, [low + 150, 1000])
    fits = "frame => frame.contentDocument.documentElement.scrollHeight <= frame.clientHeight"
    assert frame.evaluate(fits)
    summary.press("Enter")
    assert frame.evaluate(REACHES, [low, low])


def test_a_link_in_the_table_leads_into_its_message(
    page: Page, context: BrowserContext, queue: Queue, owner: Agent
) -> None:
    ticket = make_ticket(queue, article=customer_mail(subject="Eerste"))
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(subject="Tweede"), now=NOW)
    sign_in(context, owner)
    page.goto(reverse("desk:zoom", args=[ticket.number]))
    page.locator(".interactions > summary").click()
    for subject, number in (("Tweede", 2), ("Eerste", 1)):  # open already; folded, so that its page comes
        page.locator(".articles").get_by_role("link", name=subject).click()
        expect(page.locator(f"article#art-{number}")).to_be_focused()
