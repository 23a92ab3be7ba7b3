"""Where the focus is on pages that come whole: in the first field, on what is wrong, on what was done."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Agent
from tests.browser.conftest import sign_in
from tests.factories import PASSWORD, make_ticket
from tickets.models import Ticket

pytestmark = [
    pytest.mark.browser,
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
]


def test_signing_in_by_keyboard_alone(page: Page, owner: Agent) -> None:
    page.goto(reverse("account_login"))
    expect(page.get_by_label("Gebruikersnaam")).to_be_focused()
    page.keyboard.type(owner.username)
    page.keyboard.press("Tab")
    page.keyboard.type("verkeerd")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Gebruikersnaam")).to_have_value(owner.username)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_who_arranges_a_list_stays_at_the_button_pressed(page: Page, owner: Agent, ticket: Ticket) -> None:
    sign_in(page.context, owner)
    page.goto(reverse("desk:queue", args=[ticket.queue_id]))
    for name in ("Groot", "Ticket#", "prioriteit", "leeftijd"):
        button = page.get_by_role("button", name=name, exact=name.islower())
        button.press("Enter")
        expect(button).to_be_focused()


def test_a_setting_says_that_it_is_not_saved_and_then_that_it_is(page: Page, owner: Agent) -> None:
    sign_in(page.context, owner)
    page.goto(reverse("desk:preferences"))
    unsaved = page.get_by_text("Nog niet opgeslagen").locator("visible=true")
    expect(unsaved).to_have_count(0)
    page.get_by_label("Taal").select_option("en")
    expect(unsaved).to_have_count(1)
    page.get_by_label("Taal").select_option("nl")
    expect(unsaved).to_have_count(0)
    page.get_by_label("Tickets per pagina").select_option("25")
    keep = page.get_by_role("button", name="Opslaan Tickets per pagina")
    keep.press("Enter")
    expect(page.get_by_text("Opgeslagen", exact=True).locator("visible=true")).to_have_count(1)
    expect(keep).to_be_focused()
    page.get_by_role("button", name="Opslaan Wachtwoord").press("Enter")
    page.get_by_label("Huidig wachtwoord").fill("verkeerd")
    page.get_by_label("Nieuw wachtwoord").fill("1")
    page.get_by_label("Bevestig wachtwoord").fill("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.goto("/nergens/")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_who_comes_back_from_a_ticket_is_at_its_row(page: Page, owner: Agent, ticket: Ticket) -> None:
    make_ticket(ticket.queue, title="Een andere")
    sign_in(page.context, owner)
    page.goto(reverse("desk:queue", args=[ticket.queue_id]))
    for subject in ("Een andere", ticket.title):
        page.get_by_role("link", name=subject).press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(subject)
        page.keyboard.press("u")
        expect(page.get_by_role("link", name=subject)).to_be_focused()
