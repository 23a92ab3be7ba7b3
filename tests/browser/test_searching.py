"""Searching by keys and by mouse."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Agent
from queues.models import Queue
from tests.browser.conftest import NARROW, sign_in
from tests.search.finding import said
from tickets.states import state_by_key

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def test_from_a_key_to_what_was_found_and_narrowed_down_and_back(
    context: BrowserContext, page: Page, owner: Agent, queue: Queue
) -> None:
    closed = {"state": state_by_key("closed_successful"), "title": "Tent lenen"}
    said(queue, "Is er een tent voor het kamp?", ticket=closed)
    new = said(queue, "Een tent voor ons kamp?", ticket={"title": "Tent gezocht"})
    sign_in(context, owner)
    page.goto("/hulp/")
    page.keyboard.press("/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    page.keyboard.type("tent")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Gevonden tickets")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Tent gezocht")).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_text("1 gekozen")).to_be_visible()
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile(f"/tickets/{new.number}/"))
    page.get_by_role("link", name="Terug", exact=True).click()
    page.get_by_role("link", name=re.compile("succesvol gesloten")).click()
    expect(page.get_by_role("status").filter(has_text="1 ticket gevonden")).to_be_visible()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.get_by_text("1 gekozen")).to_be_hidden()  # that was another search
    page.get_by_role("link", name=re.compile("^Zonder Status")).click()
    expect(page.locator(".hit")).to_have_count(2)


def test_what_was_searched_before_is_kept_in_this_browser_until_one_signs_in(
    context: BrowserContext, page: Page, owner: Agent, queue: Queue
) -> None:
    sign_in(context, owner)
    for typed in ("tent", "kamp", "<b>bos</b>"):
        page.goto(f"/zoeken/?q={typed}")
    page.set_viewport_size(NARROW)
    page.goto("/hulp/")
    page.get_by_role("link", name="Zoeken", exact=True).click()
    expect(page.get_by_role("searchbox", name="Zoeken in tickets")).to_be_focused()
    before = page.get_by_role("region", name="Eerder gezocht")
    assert before.get_by_role("link").all_inner_texts() == ["<b>bos</b>", "kamp", "tent"]
    before.get_by_role("link", name="kamp").click()
    expect(page).to_have_title("kamp – Zoeken · KVV")
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_role("button", name="Login", exact=True)).to_be_visible()
    sign_in(context, owner)
    page.goto("/zoeken/")
    expect(page.get_by_role("heading", name="Zo zoek je")).to_be_visible()
    expect(before).to_be_hidden()
