"""The cursor stands where one writes: at the end of the standard answer, else in the empty line."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Agent
from queues.models import Queue, ResponseTemplate, Salutation, Signature
from tests.browser.conftest import NARROW, opened_over, sign_in, watched
from tests.house.screens import address_of
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

# The cursor is not put there by itself where there is no mouse.
NO_MOUSE = (
    "const media = matchMedia; matchMedia = (asked) => media(asked.includes('fine') ? 'not all' : asked);"
)
BEGUN = "Beste Karin Klant,\n\nDe polis dekt dit."


@pytest.fixture
def polis(queue: Queue) -> ResponseTemplate:
    """A standard answer between a salutation and a signature."""
    queue.salutation = Salutation.objects.create(name="Beste", html="Beste <KVV_CUSTOMER_NAME>,")
    queue.signature = Signature.objects.create(name="Groet", html="Groet,\nhet team")
    queue.save(update_fields=["salutation", "signature"])
    return ResponseTemplate.objects.create(name="Polis", html="<p>De polis dekt dit.</p>")


def unfold(page: Page) -> None:
    """Show signature and quotation."""
    page.locator(".editor__tail summary").click()
    expect(page.locator(".editor.is-folded")).to_have_count(0)


def written(page: Page) -> str:
    return page.locator("[contenteditable=true]").inner_text().replace("\u200b", "").partition("\n\n24-11")[0]


def test_the_cursor_stands_in_the_empty_line_or_behind_the_standard_answer(
    desk: Page, polis: ResponseTemplate, ticket: Ticket
) -> None:
    editor = desk.locator("[contenteditable=true]")
    opened_over(desk, desk.locator("nav.actions").get_by_role("button", name="Beantwoord"))
    expect(editor).to_be_focused()
    desk.keyboard.type("Ja.")
    assert written(desk) == "Beste Karin Klant,\n\nJa."
    unfold(desk)
    assert written(desk) == "Beste Karin Klant,\n\nJa.\n\nGroet,\nhet team"
    desk.on("dialog", lambda question: question.accept())
    desk.goto(f"{address_of('reply', ticket)}?template={polis.pk}")
    expect(editor).to_contain_text("De polis dekt dit.")
    expect(editor).to_be_focused()
    desk.keyboard.type("Ook jij.")  # a space parts it
    desk.keyboard.press("Enter")
    desk.keyboard.type("Tot dan.")
    unfold(desk)
    assert written(desk) == f"{BEGUN} Ook jij.\n\nTot dan.\n\nGroet,\nhet team"


def test_who_comes_by_tab_writes_behind_the_standard_answer_too(
    desk: Page, polis: ResponseTemplate, ticket: Ticket
) -> None:
    desk.add_init_script(NO_MOUSE)
    desk.goto(f"{address_of('reply', ticket)}?template={polis.pk}")
    expect(desk.locator("[contenteditable=true]")).to_be_visible()
    desk.locator("[data-do][tabindex='0']").focus()
    desk.keyboard.press("Tab")
    desk.keyboard.type(" Ook jij.")
    unfold(desk)
    assert written(desk) == f"{BEGUN} Ook jij.\n\nGroet,\nhet team"


@pytest.fixture
def thumb(chromium: Browser, live_server: LiveServer, owner: Agent) -> Iterator[Page]:
    """The owner's telephone."""
    context: BrowserContext = chromium.new_context(
        base_url=live_server.url, viewport=NARROW, locale="nl-NL", has_touch=True, is_mobile=True
    )
    sign_in(context, owner)
    with watched(context) as (page, wrong):
        yield page
    context.close()
    assert wrong == []


def test_the_first_tap_leads_to_where_one_writes_and_the_next_where_it_falls(
    thumb: Page, polis: ResponseTemplate, ticket: Ticket
) -> None:
    thumb.goto(f"{address_of('reply', ticket)}?template={polis.pk}")
    editor = thumb.locator("[contenteditable=true]")
    editor.get_by_text("Beste Karin").tap()
    thumb.keyboard.type(" Ja.")
    assert written(thumb) == f"{BEGUN} Ja."
    unfold(thumb)
    editor.get_by_text("Hoe gaat dat?").tap()
    thumb.keyboard.type("!")
    expect(editor.locator("blockquote")).to_contain_text("!")


def test_who_presses_the_label_writes_behind_the_text_that_stands_there_already(
    desk: Page, other_queue: Queue, owner: Agent, ticket: Ticket
) -> None:
    desk.add_init_script(NO_MOUSE)
    desk.goto(address_of("move", ticket))
    expect(desk.locator("[contenteditable=true]")).to_be_visible()
    desk.locator("#id_text_label").click(force=True)
    desk.keyboard.type(" Succes!")
    expect(desk.locator("[contenteditable=true]")).to_have_text(
        "Dit ticket is verplaatst naar de nieuwe wachtrij. Succes!"
    )


LINKS = {
    "www.scouting.example/kamp": "https://www.scouting.example/kamp",
    "https://https://x.example": "https://x.example",
    "http://x.example:8000/a?b=c": "http://x.example:8000/a?b=c",
    "x.example:8000": "https://x.example:8000",
    "https:// www.x.example": "https://www.x.example",
    "https://info@x.example": "mailto:info@x.example",
    "javascript:alert(1)": None,
    "naar het kamp": None,
    "kamp": None,
}


def test_a_link_is_made_of_what_people_type_or_a_sentence_says_why_not(desk: Page, ticket: Ticket) -> None:
    desk.goto(address_of("note", ticket))
    editor, complaint = desk.locator("[contenteditable=true]"), desk.locator("[data-editor-error]")
    typed = iter(LINKS)

    def type_next(question: Dialog) -> None:
        question.accept(next(typed))

    desk.on("dialog", type_next)
    for address in LINKS.values():
        editor.fill("kijk hier")
        editor.select_text()
        desk.locator("[data-do=link]").click()
        if address:
            expect(editor.locator("a")).to_have_attribute("href", address)
            expect(complaint).to_be_hidden()
        else:
            expect(editor.locator("a")).to_have_count(0)
            expect(complaint).to_contain_text("www.example.org")
