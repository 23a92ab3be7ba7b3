"""What a page says by itself: figures that change, that there is something new, that one is signed out."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Agent
from queues.models import Queue
from tests.browser.conftest import open_note, sign_in
from tests.factories import NOW, actor, customer_mail, make_agent
from tests.tickets.actions.written import words
from tickets.actions.follow_up import add_follow_up
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.models import Ticket

pytestmark = [
    pytest.mark.browser,
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.own_window,
]

MARKED, PLAIN = re.compile("^● "), re.compile("^[^●]")


def beat(page: Page, *, after: str = "01:00") -> None:
    with page.expect_response("**/pols/*"):
        page.clock.fast_forward(after)


def follow_up(ticket: Ticket) -> None:
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)


def hide(page: Page, *, hidden: bool) -> None:
    page.evaluate(
        """(hidden) => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_news_is_said_in_title_and_bar_without_moving_anything_and_never_over_a_dialog(
    unwatched: Page, ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    page = unwatched  # its clock can't be set in a mail's frame
    page.clock.install()
    page.reload()
    news = page.get_by_text("Er is iets nieuws.")
    heading = page.get_by_role("heading", level=1)
    before = heading.bounding_box()
    beat(page)
    expect(page).to_have_title(PLAIN)
    open_note(page)
    add_note(actor=actor(colleague), ticket=ticket, **words(asked=(owner,)))
    beat(page)
    expect(page).to_have_title(MARKED)
    expect(page.locator("[data-counter=asked]")).to_have_text("1")
    expect(news).to_be_hidden()
    page.keyboard.press("Escape")
    expect(news).to_be_visible()
    assert heading.bounding_box() == before
    page.get_by_role("button", name="Opnieuw laden").click()
    expect(page.get_by_text("Colleague vraagt jou hiernaar te kijken")).to_be_visible()
    expect(page).to_have_title(PLAIN)


def test_a_tab_that_nobody_looks_at_asks_every_five_minutes_and_at_once_when_it_is_seen_again(
    unwatched: Page, ticket: Ticket, queue: Queue
) -> None:
    page = unwatched
    page.clock.install()
    page.goto(reverse("desk:queue", args=[queue.pk]))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/pols/" in request.url else None)
    hide(page, hidden=True)
    page.clock.fast_forward("04:30")
    assert asked == []
    follow_up(ticket)
    beat(page, after="00:30")
    expect(page).to_have_title(MARKED)
    page.clock.fast_forward("02:00")
    with page.expect_response("**/pols/*"):
        hide(page, hidden=False)
        page.clock.run_for(10)
    assert len(asked) == 2


def test_who_was_signed_out_meanwhile_is_told_kindly_until_they_are_back(
    context: BrowserContext, unwatched: Page, owner: Agent
) -> None:
    page = unwatched
    page.clock.install()
    page.goto(reverse("desk:preferences"))
    Session.objects.all().delete()
    beat(page)
    said = page.get_by_text("Je bent uitgelogd. Wat je hier hebt getypt, staat er nog.")
    expect(said).to_be_visible()
    expect(page.get_by_role("link", name="Inloggen in een ander tabblad")).to_be_visible()
    sign_in(context, owner)
    beat(page)
    expect(said).to_be_hidden()


def test_a_colleague_is_looked_for_by_name_or_named_in_the_text_and_stays_ticked(
    page: Page, desk: Page, queue: Queue
) -> None:
    for name in ("Zoë", "Anne", "Bram", "Cas", "Daan", "Eva", "Fien", "Guus", "Hans"):
        make_agent(name.lower(), is_superuser=True)
    open_note(desk)
    asking = desk.locator("[data-colleagues]")
    asking.get_by_text("Vraag het aan").click()
    asking.get_by_label("Bram").check()
    asking.get_by_label("Zoek een collega").fill("zoe")
    expect(asking.locator("label.check:visible")).to_have_count(2)
    asking.get_by_label("Zoek een collega").press("Enter")
    expect(desk.locator("dialog:modal")).to_be_visible()
    expect(asking.locator("[data-ticked]")).to_have_text("1")
    desk.locator("[contenteditable=true]").click()
    desk.keyboard.type("Weet jij dit, @Eva? Anders hans@post.example.")
    expect(asking.locator("input:checked")).to_have_count(2)
    expect(asking.get_by_label("Eva")).to_be_checked()
    desk.keyboard.press("Control+a")
    desk.keyboard.press("Delete")
    expect(asking.get_by_label("Eva")).not_to_be_checked()
    expect(asking.get_by_label("Bram")).to_be_checked()
