"""The dashboard in a browser: a tab comes alone and stays, what is folded stays so, boxes are moved."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Agent
from queues.models import Queue, QueuePermission, QueueSubscription
from tests.factories import grant, make_queue, make_ticket
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def test_what_is_chosen_on_the_dashboard_is_there_the_next_time(
    desk: Page, ticket: Ticket, queue: Queue, owner: Agent
) -> None:
    elsewhere = make_queue("Elders")
    grant(owner, elsewhere, QueuePermission.Right.ALL)
    QueueSubscription.objects.get_or_create(agent=owner, queue=queue)
    other = make_ticket(elsewhere)
    desk.goto("/")
    new = desk.locator("#box-nieuw")
    expect(new.get_by_role("link", name=ticket.number)).to_be_visible()
    expect(desk.locator("#box-week .chart")).to_be_visible()
    with desk.expect_response("**/dashboard/tabblad/"):
        new.get_by_role("link", name="Alle tickets").click()
    expect(new.get_by_role("link", name=other.number)).to_be_visible()
    expect(new.get_by_role("link", name="Alle tickets")).to_be_focused()
    with desk.expect_response("**/dashboard/welkom/"):
        desk.get_by_role("heading", name="Welkom!").click()
    desk.get_by_role("heading", name="Instellingen").click()
    desk.get_by_role("button", name="Nieuwe tickets omlaag").click()
    expect(desk.locator("#plaats-nieuw")).to_be_visible()  # the address opens what it stands in
    expect(desk.locator("section[id^=box-] h2").nth(3)).to_have_text("Open tickets / wachtend op antwoord")
    desk.locator("#plaats-nieuw").drag_to(desk.locator("#plaats-welkom"), target_position={"x": 5, "y": 2})
    expect(desk.locator(".cols__main h2").first).to_have_text("Nieuwe tickets")
    expect(desk.locator("#box-welkom")).not_to_have_attribute("open", "")
    expect(new.get_by_role("link", name=other.number)).to_be_visible()
    new.get_by_role("link", name=other.title).first.click()
    desk.get_by_role("link", name="Terug").first.click()
    expect(desk.get_by_role("heading", name="Dashboard")).to_be_visible()
