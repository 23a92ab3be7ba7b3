"""A form that is written: what was typed is not lost, and leaves whole, once."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Dialog, Locator, Page, expect

from queues.models import Queue, ResponseTemplate
from tests.browser.conftest import opened_over
from tickets.models import Article, Ticket

pytestmark = [
    pytest.mark.browser,
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
]

REPLACED = "De tekst die je typte wordt vervangen. Doorgaan?"
LEFT = "Wat je typte is nog niet opgeslagen. Toch weggaan?"


@pytest.fixture
def polis(queue: Queue) -> ResponseTemplate:
    """A standard answer."""
    template = ResponseTemplate.objects.create(name="Polis", html="<p>De polis dekt dit.</p>")
    template.queues.add(queue)
    return template


@pytest.fixture
def answering(desk: Page, polis: ResponseTemplate) -> Page:
    """The owner's browser with an answer over the ticket."""
    opened_over(desk, desk.locator("nav.actions").get_by_role("button", name="Beantwoord"))
    expect(editor(desk)).to_be_focused()
    return desk


def editor(page: Page) -> Locator:
    return page.locator("[contenteditable=true]")


def staying(page: Page) -> list[str]:
    """The questions that the page asks from now on; each is answered by no."""
    asked: list[str] = []

    def stay(question: Dialog) -> None:
        asked.append(question.message)
        question.dismiss()

    page.on("dialog", stay)
    return asked


def come_back(page: Page) -> None:
    """Send an answer that can't be sent: it comes back."""
    page.get_by_label("Aan:").fill("")
    page.get_by_role("button", name="Versturen").click()
    expect(page.locator("[data-focus-error]")).to_be_focused()
    expect(editor(page)).to_be_visible()


def test_text_that_came_back_is_replaced_only_after_the_question(answering: Page) -> None:
    page, asked = answering, staying(answering)
    page.keyboard.type("Al gebeld.")
    come_back(page)
    page.get_by_label("Standaardantwoord").select_option("Polis")
    assert asked == [REPLACED]
    expect(page.get_by_label("Standaardantwoord")).to_have_value("")
    expect(editor(page)).to_contain_text("Al gebeld.")


def test_a_standard_answer_that_was_chosen_gives_way_to_another_without_a_question(answering: Page) -> None:
    page, asked = answering, staying(answering)
    page.get_by_label("Standaardantwoord").select_option("Polis")
    expect(editor(page)).to_contain_text("De polis dekt dit.")
    page.get_by_label("Standaardantwoord").select_option("")
    expect(editor(page)).not_to_contain_text("De polis dekt dit.")
    assert asked == []


def test_text_that_was_typed_without_the_editor_is_replaced_only_after_the_question(
    unwatched: Page, polis: ResponseTemplate
) -> None:
    page, asked = unwatched, staying(unwatched)
    page.route("**/squire.js", lambda route: route.abort())
    opened_over(page, page.locator("nav.actions").get_by_role("button", name="Beantwoord"))
    page.locator("textarea[name=text]").fill("Zonder opmaak.")
    page.get_by_label("Standaardantwoord").select_option("Polis")
    assert asked == [REPLACED]
    expect(page.locator("textarea[name=text]")).to_have_value("Zonder opmaak.")


def test_what_was_typed_before_a_standard_answer_was_chosen_is_not_left_without_a_question(
    answering: Page,
) -> None:
    page, asked = answering, staying(answering)
    page.get_by_label("Cc:", exact=True).fill("mede@post.example")
    page.get_by_label("Standaardantwoord").select_option("Polis")
    expect(editor(page)).to_contain_text("De polis dekt dit.")
    page.keyboard.press("Escape")
    assert asked == [LEFT]
    expect(page.get_by_label("Cc:", exact=True)).to_have_value("mede@post.example")


def test_a_form_that_comes_back_can_be_finished_without_the_editor(unwatched: Page, ticket: Ticket) -> None:
    page = unwatched
    page.route("**/squire.js", lambda route: route.abort())
    page.route("**/squire.js", lambda route: route.continue_(), times=1)
    page.goto(reverse("desk:note", args=[ticket.number]))
    editor(page).fill("Al gebeld.")
    page.get_by_label("Onderwerp").fill("")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("[data-focus-error]")).to_be_focused()
    plain = page.locator("textarea[name=text]")
    expect(plain).to_be_visible()
    expect(plain).to_have_value(re.compile("Al gebeld."))
    plain.fill("Al gebeld, niemand thuis.")
    page.get_by_label("Onderwerp").fill("Gebeld")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("De notitie is opgeslagen.", exact=False)).to_be_visible()
    assert Article.objects.latest("pk").text.strip() == "Al gebeld, niemand thuis."
