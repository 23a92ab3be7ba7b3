"""Ticking tickets in a list, and doing something to all of them."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import Agent, Preferences
from queues.models import Queue
from tests.browser.conftest import NARROW, sign_in
from tests.factories import make_ticket
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

FIRST_PAGE = 10


@pytest.fixture
def tickets(queue: Queue) -> list[Ticket]:
    return [make_ticket(queue, title=f"Vraag {n:02}") for n in range(FIRST_PAGE + 2)]


@pytest.fixture
def at_list(context: BrowserContext, page: Page, owner: Agent, tickets: list[Ticket]) -> Callable[[], Page]:
    """The list of the queue, with ten tickets a page."""
    sign_in(context, owner)
    Preferences.objects.update_or_create(agent=owner, defaults={"page_size": FIRST_PAGE})

    def go() -> Page:
        page.goto(reverse("desk:queue", args=[tickets[0].queue_id]))
        return page

    return go


def test_ticks_outlast_paging_and_a_reload_and_are_changed_or_merged_into_the_oldest(
    at_list: Callable[[], Page], tickets: list[Ticket], worker: None
) -> None:
    """One worker does both: it takes long to start."""
    page, ticks = at_list(), at_list().get_by_role("checkbox")
    page.locator("body").press("j")
    page.keyboard.press("x")
    count = page.locator(".bulk__n")
    expect(count).to_have_text("1 gekozen")
    page.get_by_role("link", name="Volgende pagina").click()
    expect(page.locator(".c-nr")).to_have_count(2)
    expect(count).to_have_text("1 gekozen")
    page.get_by_role("checkbox", name="Alles op deze pagina").check()
    expect(count).to_have_text("3 gekozen")
    page.reload()
    expect(count).to_have_text("3 gekozen")
    expect(ticks.and_(page.locator(".pick :checked"))).to_have_count(2)
    page.locator(".bulk").get_by_role("button", name="Eigenaar").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("nieuwe eigenaar van 3 tickets")
    expect(dialog.get_by_label("Nieuwe eigenaar")).to_be_focused()
    dialog.get_by_label("Nieuwe prioriteit").select_option("4 hoog")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="3 tickets gewijzigd")).to_be_visible(timeout=40_000)
    assert Ticket.objects.filter(priority=4).count() == 3
    page.get_by_role("link", name="Naar de lijst").click()
    expect(page.locator(".bulk__n")).to_have_text("kies tickets om er iets mee te doen")
    at_list()
    for ticket in tickets[3:6]:
        page.get_by_role("checkbox", name=f"Kies ticket {ticket.number}").check()
    page.locator(".bulk summary").click()
    page.locator(".bulk").get_by_role("button", name="Samenvoegen").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("voeg 3 tickets samen")
    expect(dialog.get_by_role("radio", name="Vraag 03")).to_be_checked()
    dialog.get_by_role("button", name="Samenvoegen").click()
    expect(page.get_by_role("heading", name="2 tickets gewijzigd")).to_be_visible(timeout=40_000)
    page.get_by_text("Samengevoegd met:").get_by_role("link", name="Vraag 03").click()
    expect(page.get_by_text("3 interacties")).to_be_visible()


def test_leaving_the_screen_leaves_the_ticks_and_they_are_cleared_by_a_press(
    at_list: Callable[[], Page], tickets: list[Ticket]
) -> None:
    page = at_list()
    page.set_viewport_size(NARROW)
    expect(page.get_by_role("button", name="Sluiten")).to_be_hidden()
    page.get_by_role("checkbox", name=f"Kies ticket {tickets[0].number}").check()
    page.locator(".bulk").get_by_role("button", name="Sluiten").click()
    expect(page.get_by_role("dialog")).to_contain_text("sluit 1 ticket")
    page.get_by_role("dialog").get_by_text("Annuleren", exact=True).last.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".bulk__n")).to_have_text("1 gekozen")
    page.locator(".bulk summary").click()
    page.get_by_role("button", name="Keuze wissen").click()
    expect(page.locator(".bulk__n")).to_have_text("kies tickets om er iets mee te doen")
    expect(page.locator(".pick :checked")).to_have_count(0)
    page.reload()
    expect(page.locator(".pick :checked")).to_have_count(0)


def test_without_script_all_of_a_page_is_chosen_and_the_screen_is_a_page(
    chromium: Browser, context: BrowserContext, at_list: Callable[[], Page], owner: Agent, ticket: Ticket
) -> None:
    base = str(context._impl_obj._options["baseURL"])
    plain = chromium.new_context(base_url=base, java_script_enabled=False, locale="nl-NL")
    sign_in(plain, owner)
    page = plain.new_page()
    page.goto(reverse("desk:queue", args=[ticket.queue_id]))
    page.get_by_role("checkbox", name="Alles op deze pagina").check()
    page.locator(".bulk").get_by_role("button", name="Vergrendel", exact=True).click()
    expect(page.get_by_role("heading", name=f"vergrendel {FIRST_PAGE} tickets")).to_be_visible()
    page.get_by_role("button", name="Versturen").click()
    expect(page).to_have_url(re.compile("/bulk/[0-9a-f-]+/$"))
    expect(page.get_by_text(f"Nog {FIRST_PAGE} tickets te gaan.")).to_be_visible()
    plain.close()


def test_the_bar_of_what_is_done_to_many_and_the_counters_are_one_stop_each(
    at_list: Callable[[], Page],
) -> None:
    page = at_list()
    bar = page.get_by_role("toolbar", name="Acties op de gekozen tickets")
    all_of_them = page.get_by_label("Alles")
    all_of_them.focus()
    page.keyboard.press("Tab")
    expect(bar.get_by_role("button").first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(bar.get_by_text("Meer")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(all_of_them).to_be_focused()
    page.keyboard.press("Tab")
    expect(bar.get_by_text("Meer")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ticket#")).to_be_focused()
    own = page.get_by_role("toolbar", name="Mijn tickets").get_by_role("link")
    own.first.focus()
    page.keyboard.press("ArrowRight")
    expect(own.nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Uitloggen")).to_be_focused()
