"""The pop-ups on the screen: own words first, the whole text sent, and where one is after a deed."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Agent
from queues.models import Queue, QueuePermission, Salutation, Signature
from tests.browser.conftest import NARROW, opened_over
from tests.factories import grant, make_ticket
from tests.house.screens import address_of
from tickets.models import Article, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def letters(queue: Queue) -> None:
    """What stands around an answer."""
    queue.salutation = Salutation.objects.create(name="Beste", html="Beste <KVV_CUSTOMER_NAME>,")
    queue.signature = Signature.objects.create(name="Groet", html="Groet,\nhet team")
    queue.save(update_fields=["salutation", "signature"])


def test_what_is_folded_leaves_with_the_answer_and_what_comes_next_has_the_focus(
    desk: Page, queue: Queue, ticket: Ticket, letters: None
) -> None:
    make_ticket(queue)
    opened_over(desk, desk.locator("nav.actions").get_by_role("button", name="Beantwoord"))
    area, fold = desk.locator("[contenteditable=true]"), desk.locator(".editor__tail summary")
    expect(area.locator("[data-tail]").first).to_be_hidden()
    assert area.locator("[data-here]").evaluate("line => line.offsetHeight") >= 44
    desk.keyboard.type("Dat kan.")
    expect(fold).to_be_in_viewport()
    desk.get_by_role("button", name="Versturen").click()
    expect(desk.get_by_text("Antwoord aan Karin Klant onderweg")).to_be_visible()
    expect(desk.locator(".is-unread .what__subj").first).to_be_focused()
    sent = Article.objects.get(ticket=ticket, sender_type=Article.SenderType.AGENT)
    texts = ("Beste Karin Klant", "Dat kan.", "het team", "Hoe gaat dat?")
    places = [sent.text.index(text) for text in texts]
    assert places == sorted(places)
    assert "data-" not in sent.html
    assert "Schrijf hier" not in sent.html


def test_nothing_that_is_folded_is_deleted_unseen(desk: Page, letters: None) -> None:
    desk.set_viewport_size(NARROW)
    opened_over(desk, desk.locator("nav.actions").get_by_role("button", name="Beantwoord"))
    area = desk.locator("[contenteditable=true]")
    tail = area.locator("> [data-tail]")
    area.locator("[data-here]").click()
    desk.keyboard.press("Control+a")
    desk.keyboard.type("Ja.")
    expect(area).to_have_text(re.compile("^Ja.*het team.*Hoe gaat dat", re.DOTALL))
    expect(tail.first).to_be_hidden()
    desk.keyboard.press("Delete")
    expect(tail.first).to_be_visible()
    expect(area).to_contain_text("het team")


def test_escape_leaves_a_question_as_it_is_and_leads_back_to_the_ticket(
    desk: Page, ticket: Ticket, colleague: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
    desk.reload()
    desk.locator("nav.actions").get_by_role("button", name="Ontgrendel").click()
    expect(desk.locator("dialog:modal")).to_contain_text(f"Het ticket van {colleague} ontgrendelen?")
    desk.keyboard.press("Escape")
    expect(desk).to_have_url(re.compile(f"/tickets/{ticket.number}/#inhoud$"))
    expect(desk.get_by_role("main")).to_be_focused()
    ticket.refresh_from_db()
    assert ticket.locked


def test_moving_begins_at_the_queue_which_is_whole(
    desk: Page, ticket: Ticket, other_queue: Queue, owner: Agent
) -> None:
    other_queue.name = "Kennisnetwerk::Verzekeringen"
    other_queue.save(update_fields=["name"])
    grant(owner, other_queue, QueuePermission.Right.MOVE_INTO)
    for width in (1280, 390):
        desk.set_viewport_size({"width": width, "height": 844})
        desk.goto(address_of("move", ticket))
        select = desk.get_by_label("Nieuwe wachtrij")
        if width == 1280:
            expect(select).to_be_focused()
            expect(select).to_have_css("background-image", re.compile("gradient"))  # its arrow
        select.select_option(other_queue.name)
        assert select.evaluate("box => box.clientWidth - 40") >= 200
    desk.get_by_role("button", name="Versturen").click()
    message = desk.get_by_text(f"Ticket#{ticket.number} is verplaatst naar Kennisnetwerk::Verzekeringen")
    expect(message).to_be_visible()
    expect(desk.locator("#meldingen .hint")).to_be_focused()
