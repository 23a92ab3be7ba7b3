"""What scripts add: pop-ups over the page that asked for them, the editor, menus, the way back."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Agent, Preferences
from queues.models import Queue, QueuePermission
from tests.browser.conftest import hold, open_note, opened_over, sign_in
from tests.factories import make_ticket
from tests.house.screens import address_of
from tickets.models import Article, Ticket

pytestmark = [
    pytest.mark.browser,
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
]

OPENERS: list[tuple[Literal["button", "link"], str]] = [("button", "Sluiten"), ("link", "Notitie")]
ANSWER: tuple[Literal["button"], str] = ("button", "Beantwoord")


def open_answer(desk: Page) -> None:
    """By the menu of the article."""
    desk.locator(".article__reply summary").click()
    opened_over(desk, desk.get_by_role("button", name="Allen beantwoorden, leeg"))


def test_each_button_of_the_ticket_and_the_menu_of_an_article_open_their_dialog_over_it(desk: Page) -> None:
    for role, name in (*OPENERS, ANSWER):
        opened_over(desk, desk.locator("nav.actions").get_by_role(role, name=name, exact=True))
        desk.reload()
    open_answer(desk)


@pytest.fixture
def asked(desk: Page) -> list[str]:
    """The addresses that htmx asks for."""
    asked: list[str] = []

    def note_down(request: Request) -> None:
        if "hx-request" in request.headers and request.redirected_from is None:
            asked.append(request.url)

    desk.on("request", note_down)
    return asked


def test_a_double_click_opens_one_dialog(desk: Page, asked: list[str]) -> None:
    for role, name in OPENERS:
        desk.reload()
        asked.clear()
        desk.get_by_role(role, name=name).dblclick()
        expect(desk.locator("dialog:modal")).to_be_visible()
        assert len(asked) == 1
        expect(desk.locator("dialog")).to_have_count(1)


def test_clicks_on_two_buttons_open_the_dialog_of_the_first(
    desk: Page, asked: list[str], ticket: Ticket
) -> None:
    held = hold(desk, f"**{reverse('desk:note', args=[ticket.number])}?*")
    desk.get_by_role("link", name="Notitie").click()
    desk.get_by_role("button", name="Sluiten").click()
    desk.locator(".article__reply summary").click()
    desk.get_by_role("button", name="Allen beantwoorden, leeg").click()
    (first,) = held
    first.continue_()
    expect(desk.locator("dialog:modal")).to_contain_text("Notitie toevoegen")
    assert len(asked) == 1
    expect(desk.locator("dialog")).to_have_count(1)


def test_a_dialog_over_the_ticket_gives_the_focus_back_where_it_was(desk: Page) -> None:
    open_note(desk)
    expect(desk.locator("[contenteditable=true]")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog")).to_have_count(0)
    expect(desk.get_by_role("link", name="Notitie")).to_be_focused()
    open_note(desk)


def test_typed_text_is_not_lost_without_a_question(desk: Page) -> None:
    asked: list[str] = []

    def stay(question: Dialog) -> None:
        asked.append(question.message)
        question.dismiss()

    desk.once("dialog", stay)
    open_note(desk)
    expect(desk.locator("[contenteditable=true]")).to_be_focused()
    desk.keyboard.type("Al gebeld.")
    desk.get_by_role("link", name="Annuleren en scherm sluiten").click()
    assert asked == ["Wat je typte is nog niet opgeslagen. Toch weggaan?"]
    expect(desk.locator("dialog:modal")).to_contain_text("Al gebeld.")
    desk.get_by_role("button", name="Opslaan").click()
    expect(desk.get_by_text("is opgeslagen. De klant ziet die niet.")).to_be_visible()
    assert "Al gebeld." in Article.objects.latest("pk").text


def test_leaving_a_dialog_over_the_ticket_gives_the_lock_back(
    desk: Page, ticket: Ticket, owner: Agent
) -> None:
    opened_over(desk, desk.get_by_role("button", name="Sluiten"))
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner) == (True, owner)
    desk.get_by_role("button", name="Annuleren en scherm sluiten").click()
    expect(desk.locator("dialog")).to_have_count(0)
    expect(desk.get_by_role("button", name="Sluiten")).to_be_focused()
    ticket.refresh_from_db()
    assert not ticket.locked
    for screen in ("close", "note"):  # left from their own addresses
        desk.goto(address_of(screen, ticket))
        desk.get_by_text("Annuleren", exact=True).last.click()
        expect(desk.locator("dialog")).to_have_count(0)
        expect(desk.get_by_role("main")).to_be_focused()


def test_a_lock_that_can_not_be_given_back_now_is_told(desk: Page, ticket: Ticket) -> None:
    opened_over(desk, desk.get_by_role("button", name="Sluiten"))
    with transaction.atomic():  # somebody is changing the ticket, for longer than the server waits
        Ticket.objects.select_for_update(no_key=True, of=("self",)).get(pk=ticket.pk)
        desk.keyboard.press("Escape")
        expect(desk.get_by_text("Iemand wijzigt dit ticket", exact=False)).to_be_visible(timeout=20_000)
    ticket.refresh_from_db()
    assert ticket.locked


def test_who_was_signed_out_is_not_told_that_the_lock_was_given_back(
    desk: Page, context: BrowserContext, ticket: Ticket
) -> None:
    opened_over(desk, desk.get_by_role("button", name="Sluiten"))
    context.clear_cookies(name="sessionid")
    desk.keyboard.press("Escape")
    expect(desk.get_by_label("Gebruikersnaam")).to_be_visible()
    ticket.refresh_from_db()
    assert ticket.locked


def test_a_click_that_is_refused_says_so(unwatched: Page, owner: Agent) -> None:
    at_the_ticket, rights = unwatched.url, QueuePermission.objects.filter(group__agents=owner)
    for role, name in OPENERS:
        rights.update(right=QueuePermission.Right.ALL)
        unwatched.goto(at_the_ticket)
        rights.update(right=QueuePermission.Right.READ)
        unwatched.get_by_role(role, name=name).click()
        expect(unwatched.get_by_text("Je mag dit niet in deze wachtrij.", exact=False)).to_be_visible()


def test_a_click_that_reaches_nobody_is_tried_as_a_page(unwatched: Page, ticket: Ticket) -> None:
    address = reverse("desk:note", args=[ticket.number])
    unwatched.route(f"**{address}?*", lambda route: route.abort(), times=1)
    unwatched.get_by_role("link", name="Notitie").click()
    expect(unwatched.locator("dialog:modal")).to_be_visible()
    assert f"{address}?seen=" in unwatched.url


def test_the_editor_is_fetched_when_the_first_one_is_needed(desk: Page) -> None:
    fetched: list[str] = []

    def note_down(request: Request) -> None:
        fetched.append(request.url.rpartition("/")[2])

    desk.on("request", note_down)
    desk.reload()
    desk.wait_for_load_state("networkidle")
    assert not {"squire.js", "purify.min.js"} & set(fetched)
    open_note(desk)
    expect(desk.locator("[contenteditable=true]")).to_be_focused()
    assert {"squire.js", "purify.min.js"} <= set(fetched)


def test_a_link_in_the_errors_leads_into_the_editor(desk: Page, ticket: Ticket) -> None:
    desk.goto(reverse("desk:note", args=[ticket.number]))
    desk.get_by_role("button", name="Opslaan").click()
    expect(desk.locator("[data-focus-error]")).to_be_focused()
    area = desk.locator("[contenteditable=true]")
    expect(area).to_have_attribute("aria-describedby", "id_text_error")
    desk.get_by_role("link", name="Schrijf eerst een tekst.").click()
    expect(area).to_be_focused()


def test_an_editor_that_can_not_be_fetched_leaves_the_plain_text(
    context: BrowserContext, owner: Agent, ticket: Ticket
) -> None:
    sign_in(context, owner)
    page = context.new_page()
    page.route("**/squire.js", lambda route: route.abort())
    page.goto(reverse("desk:note", args=[ticket.number]))
    page.locator("textarea[name=text]").fill("Zonder opmaak.")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("is opgeslagen. De klant ziet die niet.")).to_be_visible()
    assert Article.objects.latest("pk").text.strip() == "Zonder opmaak."


@pytest.fixture
def without_script(chromium: Browser, live_server: LiveServer, owner: Agent) -> Iterator[Page]:
    """The owner's browser that runs no script."""
    window = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    sign_in(window, owner)
    yield window.new_page()
    window.close()


def test_without_script_the_dialog_is_the_page(without_script: Page, ticket: Ticket) -> None:
    page = without_script
    page.goto(reverse("desk:note", args=[ticket.number]))
    expect(page.locator("dialog")).to_be_visible()
    for beneath in (".page", ".foot"):
        expect(page.locator(beneath)).to_be_hidden()
    page.get_by_role("textbox", name="Tekst").fill("Met de hand.")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("is opgeslagen. De klant ziet die niet.")).to_be_visible()
    assert Article.objects.latest("pk").text.strip() == "Met de hand."


def test_the_way_back_leads_to_what_htmx_has_put_into_the_list(desk: Page, ticket: Ticket) -> None:
    desk.goto(reverse("desk:queue", args=[ticket.queue_id]))
    desk.locator(".overview__bar .seg a").last.click()
    desk.wait_for_url("**/?show=available")
    desk.get_by_role("link", name=ticket.title).click()
    back = str(desk.get_by_role("link", name="Terug", exact=True).get_attribute("href"))
    assert back.startswith(reverse("desk:queue", args=[ticket.queue_id]) + "?show=available")


def test_a_letter_does_what_stands_on_the_page_but_not_while_one_types_nor_under_a_dialog(
    desk: Page, ticket: Ticket, queue: Queue, owner: Agent
) -> None:
    second = make_ticket(queue, title="Tweede")
    desk.goto(reverse("desk:queue", args=[queue.pk]))
    for key, focused in (("j", ticket.title), ("j", second.title), ("j", second.title), ("k", ticket.title)):
        desk.keyboard.press(key)
        expect(desk.get_by_role("link", name=focused)).to_be_focused()
    desk.keyboard.press("?")
    keys = desk.get_by_role("dialog", name="Sneltoetsen")
    expect(keys).to_contain_text("volgend, vorig ticket, kruis het aan, open het")
    desk.keyboard.press("o")
    expect(keys).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("o")
    desk.wait_for_url("**/tickets/**")
    desk.keyboard.press("n")
    text = desk.locator("[contenteditable=true]")
    text.press_sequentially("renu")
    expect(text).to_contain_text("renu")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("is opgeslagen. De klant ziet die niet.")).to_be_visible()
    desk.keyboard.press("v")
    expect(desk.get_by_text("Het ticket is op jouw naam vergrendeld.")).to_be_visible()
    desk.keyboard.press("u")
    desk.wait_for_url(re.compile(rf"^[^?]*/wachtrijen/{queue.pk}/"))
    Preferences.objects.update_or_create(agent=owner, defaults={"has_keys": False})
    desk.reload()
    desk.keyboard.press("j")
    expect(desk.get_by_role("link", name=ticket.title)).not_to_be_focused()


def test_a_menu_closes_by_a_press_beside_it_and_by_escape(desk: Page) -> None:
    menu = desk.locator("details.drop", has_text="Tickets").first
    summary = menu.locator("summary")
    summary.click()
    expect(menu).to_have_attribute("open", "")
    desk.locator(".foot").click()
    expect(menu).not_to_have_attribute("open", "")
    summary.click()
    expect(menu).to_have_attribute("open", "")
    desk.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_a_moment_to_wait_for_is_chosen_by_one_press_which_leaves_the_form_where_it_is(
    desk: Page, ticket: Ticket
) -> None:
    desk.goto(reverse("desk:wait", args=[ticket.number]))
    moments, until = desk.get_by_role("group", name="Wacht tot"), desk.get_by_label("of kies zelf")
    week = moments.get_by_role("button").last  # on a Monday 'maandag 9:00', which is in a week, too
    expect(desk.get_by_role("button", name="morgen 9:00")).to_be_focused()
    week.click()
    expect(until).to_have_value(str(week.get_attribute("value")))
    expect(week).to_have_attribute("aria-pressed", "true")
    expect(desk.get_by_role("button", name="morgen 9:00")).to_have_attribute("aria-pressed", "false")
    desk.get_by_role("button", name="Versturen").click()
    expect(desk.locator("#meldingen")).to_contain_text("wacht tot het moment dat je koos")


def test_enter_in_a_field_to_look_by_looks_and_sends_nothing(desk: Page, queue: Queue) -> None:
    other = make_ticket(queue, title="Een tweede vraag")
    opened_over(desk, desk.get_by_role("link", name="Koppel", exact=True))
    desk.keyboard.type("tweede")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Met welk ticket?")).to_have_value("tweede")
    expect(desk.get_by_role("radio")).to_have_count(1)
    desk.get_by_role("radio", name=other.title).check()
    desk.get_by_label("Met welk ticket?").press("Control+Enter")
    expect(desk.locator("#meldingen")).to_contain_text("is gekoppeld")
