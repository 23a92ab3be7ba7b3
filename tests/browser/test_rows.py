"""A row of a list opens its ticket wherever it is pressed, but on what leads elsewhere."""

import re
from typing import Literal

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from accounts.models import Agent, Preferences
from tests.browser.conftest import NARROW, sign_in
from tests.factories import make_customer, make_ticket
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

WIDEST: ViewportSize = {"width": 1600, "height": 900}
"""There the customer's code has a column."""


PLACES: dict[tuple[str, Literal["wide", "narrow"]], list[str]] = {
    ("m", "wide"): [".c-nr", ".c-age", ".what__who", ".c-state", ".c-queue", ".c-owner"],
    ("s", "wide"): [".c-queue"],
    ("l", "wide"): [".c-queue"],
    ("m", "narrow"): [".c-queue"],
}
"""Of a list in each of its three ways to be shown, what is pressed."""


def test_every_place_of_a_row_opens_its_ticket_but_the_customers_code(
    context: BrowserContext, page: Page, owner: Agent, ticket: Ticket
) -> None:
    sign_in(context, owner)
    other = make_ticket(ticket.queue, customer=make_customer(), title="Vlag gevonden")
    row = page.locator("tr", has=page.get_by_text("Vlag gevonden", exact=True)).first
    for (view, width), places in PLACES.items():
        Preferences.objects.update_or_create(agent=owner, defaults={"view": view})
        page.set_viewport_size(WIDEST if width == "wide" else NARROW)
        for place in places:
            page.goto(reverse("desk:queue", args=[ticket.queue_id]))
            box = row.locator(place).bounding_box()
            assert box is not None
            page.mouse.click(box["x"] + 10, box["y"] + 10)
            expect(page).to_have_url(re.compile(rf"/tickets/{other.number}/\?from="))
        if width == "wide":
            page.goto(reverse("desk:queue", args=[ticket.queue_id]))
            row.locator(".c-cust a").click()
            expect(page).to_have_url(re.compile("/klanten/"))
