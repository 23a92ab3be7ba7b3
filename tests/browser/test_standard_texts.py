"""Standard answers beside the editor: found by keys or a press, put in where one writes, and undone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Dialog, Page, expect

from accounts.models import Agent, Group
from queues.models import Queue, ResponseTemplate
from tests.browser.conftest import open_note, opened_over
from tickets.models import Article, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def texts(queue: Queue) -> list[ResponseTemplate]:
    """Two that begin alike, and what is noted."""
    html = '<p>Nummer &lt;KVV_TICKET_NUMBER&gt;: de polis <b style="color: #b3261e">dekt</b> dit.</p>'
    made = [
        ResponseTemplate.objects.create(name="Polis: gedekt", html=html),
        ResponseTemplate.objects.create(name="Polis: <b>niet", html="<p>Helaas.</p><p>Dat kan niet.</p>"),
        ResponseTemplate.objects.create(name="Navraag", html="<p>Nagevraagd.</p>", kind="note"),
    ]
    for template in made:
        template.queues.add(queue)
    return made


def test_a_found_text_is_put_where_the_cursor_stands_and_taken_back_by_undo(
    desk: Page, ticket: Ticket
) -> None:
    opened_over(desk, desk.locator("nav.actions").get_by_role("button", name="Beantwoord"))
    editor, field = desk.locator("[contenteditable=true]"), desk.locator("#id_find_text")
    expect(editor).to_be_focused()
    expect(desk.locator("#id_template")).to_be_hidden()
    desk.keyboard.type("Dag. Tot dan.")
    for _sign in "Tot dan.":
        desk.keyboard.press("ArrowLeft")
    lines = desk.locator(".combo__list [role=option]")
    field.click()
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("Polis: <b>niet")
    expect(lines.first).to_contain_text("Helaas. Dat kan niet.")
    field.press_sequentially("gedekt")
    expect(lines).to_have_count(1)
    expect(desk.get_by_text("1 tekst gevonden")).to_have_count(1)
    field.press("Escape")
    expect(desk.get_by_role("listbox")).to_be_hidden()
    expect(desk.get_by_role("dialog")).to_be_visible()
    field.press("ArrowDown")
    expect(desk.get_by_role("listbox", name="Standaardantwoord")).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(editor).to_contain_text(f"Dag. Nummer {ticket.number}: de polis dekt dit.\u00a0Tot dan.")
    expect(editor).to_be_focused()
    expect(field).to_have_value("")
    desk.keyboard.type("Zeker. ")
    expect(editor).to_contain_text("dekt dit.\u00a0Zeker. Tot dan.")
    sent = desk.evaluate("new FormData(document.querySelector('dialog form')).get('html')")
    assert re.search(r"<b style=\"color: ?(#b3261e|rgb\(179, 38, 30\))[^\"]*\">dekt</b>", str(sent))
    desk.keyboard.press("Control+z")
    desk.keyboard.press("Control+z")
    expect(editor).not_to_contain_text("polis")
    expect(editor).to_contain_text("Dag. Tot dan.")


def test_what_is_looked_for_is_no_typed_text_and_what_is_taken_is(desk: Page) -> None:
    asked: list[str] = []

    def stay(question: Dialog) -> None:
        asked.append(question.message)
        question.dismiss()

    desk.on("dialog", stay)
    open_note(desk)
    field = desk.locator("#id_find_text")
    expect(field).to_be_visible()
    field.press_sequentially("nergens")
    expect(desk.get_by_text("0 teksten gevonden")).to_have_count(1)
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    assert asked == []
    open_note(desk)
    expect(desk.get_by_role("combobox", name="Standaardtekst")).to_be_visible()
    field.fill("navr")
    desk.locator(".combo__list [role=option]").click()
    expect(desk.locator("[contenteditable=true]")).to_contain_text("Nagevraagd.")
    desk.keyboard.press("Escape")
    assert len(asked) == 1
    expect(desk.get_by_role("dialog")).to_be_visible()


def test_a_text_goes_into_the_code_too_and_one_that_is_gone_is_said(
    unwatched: Page, texts: list[ResponseTemplate]
) -> None:
    page = unwatched
    open_note(page)
    field, line = page.locator("#id_find_text"), page.locator(".combo__list [role=option]")
    expect(field).to_be_visible()
    page.locator("[data-do=more]").click()
    page.locator("[data-do=code]").click()
    field.click()
    line.click()
    expect(page.locator(".editor__code")).to_have_value(re.compile("<p>Nagevraagd.</p>"))
    field.click()
    expect(line).to_have_count(1)
    ResponseTemplate.objects.all().delete()
    line.click()
    expect(page.locator("[data-editor-error]")).to_contain_text("kon niet worden opgehaald")


def test_an_answer_becomes_a_standard_answer_with_a_word_put_in_at_the_cursor(
    desk: Page, owner: Agent, queue: Queue
) -> None:
    Group.objects.filter(agents=owner).update(keeps_texts=True)
    opened_over(desk, desk.locator("nav.actions").get_by_role("button", name="Beantwoord"))
    expect(desk.locator("[contenteditable=true]")).to_be_focused()
    desk.keyboard.type("Karin, dat kan.")
    desk.get_by_label("Daarna").select_option("open")
    desk.get_by_role("button", name="Versturen").click()
    expect(desk.get_by_role("dialog")).to_have_count(0)
    article = Article.objects.latest("pk")
    desk.goto(reverse("desk:keep_answer", args=[article.ticket.number, article.pk]))
    editor = desk.locator("[contenteditable=true]")
    expect(editor).to_have_text("<KVV_CUSTOMER_REALNAME>, dat kan.")
    editor.click()
    desk.keyboard.press("Control+End")
    desk.get_by_text("Woorden die KVV invult").click()
    desk.get_by_role("button", name="<KVV_TICKET_NUMBER>").click()
    expect(editor).to_have_text("<KVV_CUSTOMER_REALNAME>, dat kan.<KVV_TICKET_NUMBER>")
    desk.get_by_label("Naam").fill("Dat kan")
    desk.get_by_role("button", name="Bewaren").click()
    expect(desk.get_by_text("‘Dat kan’ is nu een standaardantwoord")).to_be_visible()
    kept = ResponseTemplate.objects.get(name="Dat kan")
    assert kept.html.startswith("<p>&lt;KVV_CUSTOMER_REALNAME&gt;, dat kan.&lt;KVV_TICKET_NUMBER&gt;")
    assert list(kept.queues.all()) == [queue]
