"""An hour's text, and its writer signs out and in again in another tab: it is sent all the same."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Request, expect
from pytest_django import Settings

from accounts.models import Agent
from tests.browser.conftest import opened_over
from tests.factories import PASSWORD
from tickets.models import Article, Ticket

pytestmark = [
    pytest.mark.browser,
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
]

BEFORE = FilePayload(name="voor.txt", mimeType="text/plain", buffer=b"rechtdoor")
AFTER = FilePayload(name="na.txt", mimeType="text/plain", buffer=b"linksaf")


@pytest.fixture
def answering(context: BrowserContext, owner: Agent, ticket: Ticket) -> Page:
    """The owner's browser, signed in as people do, with an answer over the ticket and a text in it."""
    page = context.new_page()
    page.goto(reverse("desk:zoom", args=[ticket.number]))
    fill_in(page, owner)
    opened_over(page, page.locator("nav.actions").get_by_role("button", name="Beantwoord"))
    expect(editor(page)).to_be_focused()
    page.keyboard.type("Een uur getypt.")
    add(page, BEFORE)
    page.get_by_label("Cc:", exact=True).fill("kampstaf@post.example")
    return page


@pytest.fixture
def other_tab(answering: Page, context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    page.goto("/")
    page.locator(".titlebar__out button").click()
    expect(page.get_by_label("Wachtwoord")).to_be_visible()
    yield page
    page.close()


def editor(page: Page) -> Locator:
    return page.locator("[contenteditable=true]")


def fill_in(page: Page, agent: Agent) -> None:
    page.get_by_label("Gebruikersnaam").fill(agent.username)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Login").click()
    expect(page.locator(".titlebar__out")).to_be_visible()


def add(page: Page, file: FilePayload) -> None:
    page.locator("input[name=files]").set_input_files(file)
    expect(page.locator("[data-list]")).to_contain_text(file["name"])


def send(page: Page) -> None:
    page.get_by_role("button", name="Versturen").click()


def has_left_whole(ticket: Ticket, *files: str) -> None:
    answer = Article.objects.filter(ticket=ticket).latest("pk")
    assert "Een uur getypt." in answer.text
    assert answer.cc == "kampstaf@post.example"
    assert sorted(answer.attachments.values_list("name", flat=True)) == sorted(files)


def test_the_answer_comes_back_and_leaves(
    answering: Page, other_tab: Page, owner: Agent, ticket: Ticket
) -> None:
    fill_in(other_tab, owner)
    send(answering)
    expect(editor(answering)).to_contain_text("Een uur getypt.")
    expect(answering.locator("[data-focus-error]")).to_contain_text("Je bent opnieuw ingelogd")
    expect(answering.get_by_label("Cc:", exact=True)).to_have_value("kampstaf@post.example")
    expect(answering.locator("[data-list]")).to_contain_text("voor.txt")
    send(answering)
    expect(answering.locator("dialog")).to_have_count(0)
    has_left_whole(ticket, "voor.txt")


def test_who_is_still_signed_out_signs_in_and_goes_on(
    answering: Page, other_tab: Page, owner: Agent, ticket: Ticket
) -> None:
    send(answering)
    expect(answering.get_by_label("Tekst")).to_have_value(re.compile("^Een uur getypt"))
    fill_in(other_tab, owner)
    answering.get_by_role("button", name="Verder met mijn tekst").click()
    expect(editor(answering)).to_contain_text("Een uur getypt.")
    send(answering)
    expect(answering.locator("dialog")).to_have_count(0)
    has_left_whole(ticket, "voor.txt")


def test_what_is_too_big_for_who_is_signed_out_is_sent_once_more_by_a_reload(
    answering: Page, other_tab: Page, owner: Agent, ticket: Ticket, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1500
    send(answering)
    expect(answering.get_by_role("heading", name="Te groot")).to_be_visible()
    expect(answering.get_by_text("herlaad deze pagina", exact=False)).to_be_visible()
    fill_in(other_tab, owner)
    answering.reload()
    expect(editor(answering)).to_contain_text("Een uur getypt.")
    send(answering)
    expect(answering.locator("dialog")).to_have_count(0)
    has_left_whole(ticket, "voor.txt")


def test_a_file_that_is_added_then_arrives_and_the_answer_leaves_at_once(
    answering: Page, other_tab: Page, owner: Agent, ticket: Ticket
) -> None:
    fill_in(other_tab, owner)
    asked: list[Request] = []
    answering.on("request", lambda request: asked.append(request))  # noqa: PLW0108  (it marks its handler)
    add(answering, AFTER)
    assert [request.headers.get("hx-request") for request in asked if request.method == "GET"] == ["true"]
    send(answering)
    expect(answering.locator("dialog")).to_have_count(0)
    has_left_whole(ticket, "voor.txt", "na.txt")
