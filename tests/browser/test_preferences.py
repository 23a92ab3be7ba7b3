"""What a script does about preferences: what is not saved yet says so, and lists are read again."""

import re
from datetime import datetime

import pytest
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Agent, Preferences
from tests.browser.conftest import sign_in
from tests.factories import make_ticket
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def test_what_was_changed_says_that_it_is_not_saved_until_it_is(
    context: BrowserContext, page: Page, owner: Agent
) -> None:
    sign_in(context, owner)
    page.goto(reverse("desk:preferences"))
    marks = page.get_by_text("Nog niet opgeslagen")
    seen = marks.filter(visible=True)
    expect(seen).to_have_count(0)
    page.get_by_label("Skin").select_option("dark")
    page.get_by_label("Eigen slotregel").fill("Op maandag")
    expect(seen).to_have_count(2)
    page.get_by_role("button", name="Opslaan Eigen slotregel").click()  # comes back alone
    expect(page.get_by_text("Opgeslagen", exact=True).filter(visible=True)).to_have_count(1)
    expect(page.get_by_role("button", name="Opslaan Eigen slotregel")).to_be_focused()
    expect(page.get_by_label("Skin")).to_have_value("dark")
    page.get_by_label("Eigen slotregel").fill("Op dinsdag")
    expect(seen).to_have_count(2)
    page.get_by_label("Eigen slotregel").fill("Op maandag")
    expect(seen).to_have_count(1)
    page.get_by_role("button", name="Opslaan Skin").click()
    expect(page.locator("#meldingen")).to_contain_text("Opgeslagen: Skin.")
    expect(page.locator("#meldingen :focus, #meldingen:focus")).to_have_count(1)
    expect(seen).to_have_count(0)
    expect(page.locator("html")).to_have_css("color-scheme", "dark")


@pytest.mark.own_window
def test_a_list_is_read_again_by_itself_and_nothing_under_the_hands_moves(
    context: BrowserContext, owner: Agent, ticket: Ticket
) -> None:
    """Nor does anything when the list can't be read, of which htmx complains in the console. When it was read
    is told by the house's clock, wherever the browser is."""
    Preferences.objects.create(agent=owner, refresh_minutes=2, page_size=200)
    tickets = [make_ticket(ticket.queue) for _n in range(40)]
    sign_in(context, owner)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
    page.clock.install()
    page.goto(reverse("desk:queue", args=[ticket.queue_id]))
    ticked, focused = (page.locator(f"tr:has-text('{each.number}')") for each in (tickets[20], tickets[22]))
    ticked.get_by_role("checkbox").check()
    focused.locator("[data-row]").focus()
    focused.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    assert scrolled > 0
    more = make_ticket(ticket.queue)
    new = page.get_by_text(more.number, exact=True)

    page.keyboard.press("?")
    expect(page.locator("dialog:modal")).to_have_count(1)
    page.clock.run_for(150_000)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(new).to_have_count(0)

    page.clock.run_for(10_000)
    expect(new).to_have_count(1)
    shown = page.evaluate("Date.now()") / 1000
    times = {f"{datetime.fromtimestamp(shown - ago, get_current_timezone()):%H:%M}" for ago in (0, 30)}
    expect(page.get_by_text(re.compile(rf"^Ververst om ({'|'.join(times)})$"))).to_be_visible()
    expect(ticked.get_by_role("checkbox")).to_be_checked()
    expect(focused.locator("[data-row]")).to_be_focused()
    assert page.evaluate("scrollY") == scrolled

    page.route("**/wachtrijen/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.clock.run_for(130_000)
    expect(new).to_have_count(1)
