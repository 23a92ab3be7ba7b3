"""Searching by keys and by mouse."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Agent
from queues.models import Queue
from search.language import TYPED_MOST
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
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.type("tent")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Gevonden tickets")).to_be_focused()
    page.wait_for_load_state()  # by then all of the page's scripts have begun
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
    page.goto("/zoeken/")
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


def test_attributes_are_added_by_keys_over_any_page_and_what_is_wrong_leads_to_its_field(
    context: BrowserContext, page: Page, owner: Agent, queue: Queue
) -> None:
    wanted = said(queue, "Is er een tent?", ticket={"title": "Tent gezocht"})
    sign_in(context, owner)
    page.set_viewport_size(NARROW)
    page.goto("/hulp/")
    page.keyboard.press("/")
    dialog = page.get_by_role("dialog", name="Zoeken")
    expect(dialog.get_by_role("heading", name="Zoeken")).to_be_visible()
    dialog.get_by_label("Volledig:").fill("tent")
    for attribute, control in (("Onderwerp", "Onderwerp:"), ("Aangemaakt", "vanaf de dag")):
        dialog.get_by_label("Voeg attribuut toe:").select_option(label=attribute)
        dialog.get_by_label("Voeg attribuut toe:").press("Enter")
        expect(dialog.get_by_label(control)).to_be_focused()
    expect(dialog.get_by_label("Volledig:")).to_have_value("tent")
    dialog.get_by_role("button", name="Verwijder attribuut Onderwerp").press("Enter")
    expect(dialog.get_by_label("Voeg attribuut toe:")).to_be_focused()
    dialog.get_by_label("vanaf de dag").fill("2026-02-03")
    dialog.get_by_label("tot en met de dag").fill("2026-02-02")
    dialog.get_by_label("Volledig:").press("Enter")
    complaint = page.get_by_role("dialog", name="Zoeken").get_by_role("alert")
    expect(complaint).to_be_focused()
    complaint.get_by_role("link", name="Aangemaakt").click()
    expect(page.get_by_label("vanaf de dag")).to_be_focused()
    page.get_by_label("tot en met de dag").fill("2199-02-02")
    page.get_by_label("Volledig:").press("Enter")
    expect(page.get_by_text("Tent gezocht")).to_be_visible()
    assert "subject" not in page.url
    assert wanted.number in page.content()


def test_without_script_each_step_keeps_all(
    chromium: Browser, live_server: LiveServer, owner: Agent, queue: Queue
) -> None:
    said(queue, "Is er een tent?", ticket={"title": "Tent gezocht"})
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="nl-NL")
    sign_in(context, owner)
    page = context.new_page()
    page.goto("/zoeken/uitgebreid/")
    page.get_by_label("Volledig:").fill("tent")
    page.get_by_label("Voeg attribuut toe:").select_option(label="Wachtrij")
    page.get_by_role("button", name="Voeg attribuut toe").click()
    page.get_by_label("Spel", exact=True).check()
    page.get_by_role("button", name="Zoeken", exact=True).last.click()
    expect(page).to_have_url(re.compile(rf"/zoeken/\?q=tent&queue={queue.pk}$"))
    expect(page.get_by_text("Tent gezocht")).to_be_visible()
    context.close()


def test_the_field_in_the_bar_answers_while_one_types(
    context: BrowserContext, page: Page, owner: Agent, queue: Queue
) -> None:
    said(queue, "Wij zoeken een tent.", ticket={"title": "Tent <b>gezocht</b>"})
    new = said(queue, "Nog een tent.", ticket={"title": "Tent lenen"})
    sign_in(context, owner)
    page.goto("/hulp/")
    field, lines = page.get_by_role("combobox", name="Zoeken in tickets"), page.get_by_role("option")
    field.press_sequentially("t")
    field.press("ArrowDown")
    field.press_sequentially("en")
    expect(lines).to_have_count(2)
    expect(page.get_by_role("group", name="Tickets").get_by_role("option")).to_have_count(2)
    expect(page.get_by_text("2 suggesties")).to_have_count(1)
    field.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", lines.last.get_attribute("id") or "")
    expect(lines.last).to_contain_text("Tent <b>gezocht</b>")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("ten")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/zoeken/\?q=ten$"))
    page.set_viewport_size(NARROW)
    expect(page.get_by_role("heading", name="Gevonden tickets")).to_be_focused()
    page.get_by_role("link", name="Zoeken", exact=True).click()
    field = page.get_by_role("dialog").get_by_role("combobox", name="Volledig:")
    field.fill("ten")
    page.get_by_role("listbox", name="Suggesties").get_by_role("option").first.click()
    expect(page).to_have_url(re.compile(f"/tickets/{new.number}/"))


def test_a_search_too_long_for_an_address_says_so_and_keeps_what_was_typed(
    context: BrowserContext, page: Page, owner: Agent
) -> None:
    sign_in(context, owner)
    page.goto("/zoeken/")
    field = page.get_by_role("searchbox", name="Zoeken in tickets")
    field.fill("字" * 1000)
    assert field.evaluate("field => field.value.length") == TYPED_MOST
    field.evaluate("field => field.removeAttribute('maxlength')")  # as several fields are longer together
    field.fill("字" * 1000)
    field.press("Enter")
    said = "Deze zoekopdracht is te lang. Haal er iets uit."
    assert field.evaluate("field => field.validationMessage") == said
    field.fill("é" * 1000)  # twice as many bytes as characters, and six signs of an address each
    field.press("Enter")
    expect(page.get_by_text("Geen ticket gevonden")).to_be_visible()
    assert len(page.url) > 6_000
