"""The completion of a customer: who fits opens below the field, by keyboard and by press."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Customer
from queues.models import Queue
from tests.browser.conftest import opened_over
from tests.factories import make_customer, make_ticket
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def others(queue: Queue) -> list[Customer]:
    """Two whose names begin alike; only the second has an address."""
    first = Customer.objects.create(first_name="Wessel", last_name="<b>Zonder", code="W-1")
    second = make_customer("wessel@post.example")
    Customer.objects.filter(pk=second.pk).update(first_name="Wessel", last_name="Ander")
    for customer in (first, second):
        make_ticket(queue, customer=customer)
    return [first, second]


def test_arrows_and_enter_choose_a_line_esc_closes_the_list_and_what_is_chosen_is_sent(
    desk: Page, ticket: Ticket, others: list[Customer]
) -> None:
    opened_over(desk, desk.get_by_role("link", name="Klant", exact=True))
    field = desk.get_by_role("combobox", name="Nieuwe klant")
    lines = desk.get_by_role("option")
    expect(desk.get_by_role("button", name="Zoek", exact=True)).to_be_hidden()
    field.press_sequentially("wess")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("Wessel <b>Zonder")
    expect(desk.get_by_text("2 klanten gevonden")).to_have_count(1)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("Escape")
    expect(desk.get_by_role("listbox")).to_be_hidden()
    expect(desk.get_by_role("dialog")).to_be_visible()
    field.press("ArrowDown")
    expect(lines).to_have_count(2)
    field.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", lines.last.get_attribute("id") or "")
    field.press("Enter")
    expect(field).to_have_value("Wessel Ander <wessel@post.example>")
    field.fill("wess")
    lines.first.click()
    expect(field).to_have_value("Wessel <b>Zonder")
    expect(desk.locator("input[name=customer_id]")).to_have_value(str(others[0].pk))
    field.press("End")
    field.press("Backspace")
    expect(desk.locator("input[name=customer_id]")).to_have_value("")
    field.fill("wess")
    lines.first.click()
    desk.get_by_role("button", name="Versturen").click()
    expect(desk.get_by_text("gaan voortaan naar de nieuwe klant")).to_be_visible()
    ticket.refresh_from_db()
    assert ticket.customer == others[0]
