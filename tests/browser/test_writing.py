"""A form that is written: what was typed is not lost, and leaves whole, once."""

import re
from base64 import b64decode

import pytest
from django.urls import reverse
from playwright.sync_api import Dialog, FilePayload, Locator, Page, expect

from queues.models import Queue, ResponseTemplate
from tests.browser.conftest import hold, opened_over
from tickets.models import Article, Ticket

pytestmark = [
    pytest.mark.browser,
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
]

REPLACED = "De tekst die je typte wordt vervangen. Doorgaan?"
ROUTE = FilePayload(name="route.txt", mimeType="text/plain", buffer=b"rechtdoor")
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
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


@pytest.fixture
def plainly(unwatched: Page, polis: ResponseTemplate) -> Page:
    """The same where the editor could not be fetched."""
    unwatched.route("**/squire.js", lambda route: route.abort())
    opened_over(unwatched, unwatched.locator("nav.actions").get_by_role("button", name="Beantwoord"))
    expect(unwatched.locator("textarea[name=text]")).to_be_visible()
    return unwatched


def editor(page: Page) -> Locator:
    return page.locator("[contenteditable=true]")


def on_its_way(page: Page) -> Locator:
    """What says that something still goes up."""
    return page.locator("[aria-busy=true]")


def choose_image(page: Page, name: str) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("[data-do=image]").click()
    chooser.value.set_files(FilePayload(name=name, mimeType="image/png", buffer=PIXEL))


def send_busy(page: Page) -> None:
    """Press the button while something goes up: it says that it is busy, and keeps the focus."""
    expect(on_its_way(page)).to_have_count(1)
    button = page.locator("[data-submit]")
    button.click()
    expect(button).to_have_text("Bezig…")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_be_focused()


def staying(page: Page) -> list[str]:
    """The questions that the page asks from now on; each is answered by no."""
    asked: list[str] = []

    def stay(question: Dialog) -> None:
        asked.append(question.message)
        question.dismiss()

    page.on("dialog", stay)
    return asked


def test_text_that_was_typed_without_the_editor_is_replaced_only_after_the_question_each_time(
    plainly: Page,
) -> None:
    page, asked = plainly, staying(plainly)
    page.locator("textarea[name=text]").fill("Zonder opmaak.")
    page.locator("#id_template").select_option("Polis")
    assert asked == [REPLACED]
    page.get_by_label("Aan:").fill("")
    page.get_by_role("button", name="Versturen").click()
    expect(page.locator("[data-focus-error]")).to_be_focused()
    expect(page.locator("[data-choose]")).to_be_hidden()
    page.locator("#id_template").select_option("Polis")
    assert asked == [REPLACED, REPLACED]
    expect(page.locator("#id_template")).to_have_value("")
    expect(page.locator("textarea[name=text]")).to_have_value("Zonder opmaak.")


def test_a_standard_answer_gives_way_to_another_without_a_question_but_what_was_typed_is_not_left(
    plainly: Page,
) -> None:
    page, asked = plainly, staying(plainly)
    page.get_by_label("Cc:", exact=True).fill("mede@post.example")
    page.locator("#id_template").select_option("Polis")
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile("De polis dekt dit."))
    expect(page.locator("[data-choose]")).to_be_hidden()
    page.locator("#id_template").select_option("")
    expect(page.locator("textarea[name=text]")).not_to_have_value(re.compile("De polis dekt dit."))
    assert asked == []
    expect(page.locator("[data-choose]")).to_be_hidden()
    page.keyboard.press("Escape")
    assert asked == [LEFT]
    expect(page.get_by_label("Cc:", exact=True)).to_have_value("mede@post.example")


def test_a_form_that_comes_back_can_be_finished_without_the_editor(unwatched: Page, ticket: Ticket) -> None:
    page = unwatched
    page.route("**/squire.js", lambda route: route.abort())
    page.route("**/squire.js", lambda route: route.continue_(), times=1)
    page.goto(reverse("desk:note", args=[ticket.number]))
    editor(page).fill("Al gebeld.")
    page.get_by_label("Bestede tijd").fill("veel")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("[data-focus-error]")).to_be_focused()
    plain = page.locator("textarea[name=text]")
    expect(plain).to_be_visible()
    expect(plain).to_have_value(re.compile("Al gebeld."))
    plain.fill("Al gebeld, niemand thuis.")
    page.get_by_label("Bestede tijd").fill("5")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("is opgeslagen. De klant ziet die niet.")).to_be_visible()
    assert Article.objects.latest("pk").text.strip() == "Al gebeld, niemand thuis."


def begin_note(page: Page, ticket: Ticket) -> str:
    """A note with a text, and its address."""
    address = reverse("desk:note", args=[ticket.number])
    page.goto(address)
    editor(page).fill("Al gebeld.")
    return address


@pytest.fixture
def noting(desk: Page, ticket: Ticket) -> Page:
    """The owner's browser with a note that has a text."""
    begin_note(desk, ticket)
    return desk


def saved(page: Page) -> Article:
    """The note, once the page says that it is kept."""
    expect(page.get_by_text("is opgeslagen. De klant ziet die niet.")).to_be_visible()
    return Article.objects.latest("pk")


def test_a_form_waits_for_its_files_and_goes_on_by_itself(noting: Page) -> None:
    held = hold(noting, "**/bestanden/*")
    noting.locator("input[name=files]").set_input_files(ROUTE)
    send_busy(noting)
    (going_up,) = held
    going_up.continue_()
    assert [file.name for file in saved(noting).attachments.all()] == ["route.txt"]


def test_another_standard_answer_waits_for_the_files_too(plainly: Page) -> None:
    held = hold(plainly, "**/bestanden/*")
    plainly.locator("input[name=files]").set_input_files(ROUTE)
    expect(on_its_way(plainly)).to_have_count(1)
    plainly.locator("#id_template").select_option("Polis")
    (going_up,) = held
    going_up.continue_()
    expect(plainly.locator("textarea[name=text]")).to_have_value(re.compile("De polis dekt dit."))
    expect(plainly.get_by_text("route.txt", exact=True)).to_be_visible()


def test_a_form_waits_for_the_images_in_its_text(noting: Page) -> None:
    held = hold(noting, "**/bestanden/beeld/*")
    choose_image(noting, "foto.png")
    choose_image(noting, "kaart.png")
    send_busy(noting)
    first, second = held
    with noting.expect_response("**/bestanden/beeld/*"):
        first.continue_()
    expect(noting.locator(".editor__area img")).to_have_count(1)
    expect(on_its_way(noting)).to_have_count(1)
    second.continue_()
    assert saved(noting).html.count("<img") == 2


def test_a_file_that_is_removed_does_not_leave_with_the_form(noting: Page) -> None:
    noting.locator("input[name=files]").set_input_files(ROUTE)
    expect(noting.get_by_text("route.txt", exact=True)).to_be_visible()
    held = hold(noting, "**/verwijder/")
    noting.get_by_role("button", name="Verwijder route.txt").click()
    send_busy(noting)
    (going,) = held
    going.continue_()
    assert not saved(noting).attachments.exists()


def test_a_file_that_does_not_arrive_keeps_the_form_and_says_so(noting: Page) -> None:
    held = hold(noting, "**/bestanden/*", times=1)
    noting.locator("input[name=files]").set_input_files(ROUTE)
    noting.locator("input[name=files]").set_input_files(ROUTE)
    send_busy(noting)
    (first,) = held
    first.abort()
    complaint = noting.get_by_role("alert").filter(has_text="Het bestand kon niet worden toegevoegd")
    expect(noting.get_by_text("route.txt", exact=True)).to_be_visible()
    expect(complaint).to_be_in_viewport()
    button = noting.get_by_role("button", name="Opslaan")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    expect(button).to_be_focused()
    assert not Article.objects.filter(sender_type=Article.SenderType.AGENT).exists()
    button.click()
    assert saved(noting).attachments.count() == 1


@pytest.mark.own_window
def test_a_form_can_be_sent_again_after_the_browser_was_stopped(unwatched: Page, ticket: Ticket) -> None:
    page = unwatched  # setting its clock is forbidden in a mail's frame, which the console complains of
    address = begin_note(page, ticket)
    page.clock.install()
    # An answer without content leaves the page as it stands, as the browser's 'Stop' does.
    page.route(f"**{address}", lambda route: route.fulfill(status=204), times=1)
    button = page.locator("[data-submit]")
    with page.expect_response(f"**{address}"):
        button.click()
    expect(button).to_have_text("Bezig…")
    page.clock.fast_forward("00:10")
    expect(button).to_have_text("Opslaan")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.click()
    assert saved(page).text.strip() == "Al gebeld."


def test_an_image_that_does_not_arrive_keeps_the_form_and_says_so(noting: Page) -> None:
    held = hold(noting, "**/bestanden/beeld/*", times=1)
    choose_image(noting, "foto.png")
    send_busy(noting)
    (first,) = held
    first.abort()
    expect(noting.locator("[data-editor-error]")).to_have_text(
        "De afbeelding kon niet worden toegevoegd. Probeer het opnieuw."
    )
    expect(noting.locator("[data-submit]")).to_have_text("Opslaan")
    assert not Article.objects.filter(sender_type=Article.SenderType.AGENT).exists()


def test_what_a_proxy_refuses_with_a_page_is_told_in_a_sentence(unwatched: Page, ticket: Ticket) -> None:
    page = unwatched  # a refusal is an error in its console
    begin_note(page, ticket)
    refusal = {"status": 413, "content_type": "text/html", "body": "<html>413</html>"}
    page.route("**/bestanden/**", lambda route: route.fulfill(**refusal))
    page.locator("input[name=files]").set_input_files(ROUTE)
    sentence = re.compile(r"^Dit is te groot: hoogstens 20 MB samen\. Er is niets van bewaard\.$")
    expect(page.locator("[data-list] .invalid-feedback")).to_have_text(sentence)
    choose_image(page, "foto.png")
    expect(page.locator("[data-editor-error]")).to_have_text(sentence)


def test_what_is_chosen_for_a_text_leaves_with_it_and_what_is_pasted_does_not(
    answering: Page, ticket: Ticket
) -> None:
    area = answering.locator("[contenteditable=true]")
    area.press("Control+Home")
    answering.get_by_role("button", name="Meer", exact=True).click()
    answering.get_by_role("combobox", name="Opmaak").select_option("Kop 2")
    answering.keyboard.type("Kamp")
    answering.keyboard.press("Enter")
    for menu, word in (("Lettertype", "Georgia"), ("Lettergrootte", "Groot"), ("Kleur", "Rood")):
        answering.get_by_label(menu, exact=True).select_option(word)
    answering.keyboard.type("Let op")
    expect(answering.get_by_label("Kleur", exact=True)).to_have_value("#b3261e")
    answering.get_by_label("Bijzonder teken").select_option("€")
    area.evaluate(
        """area => {
          const data = new DataTransfer();
          data.setData("text/html", "<p style='color: #123456'>geplakt</p>");
          const how = {clipboardData: data, bubbles: true, cancelable: true};
          area.dispatchEvent(new ClipboardEvent("paste", how));
        }"""
    )
    answering.get_by_role("button", name="Code").click()
    code = answering.get_by_label("De tekst als HTML")
    code.fill(code.input_value() + "<p style='color: #2e6b2f'>met de hand</p>")
    answering.get_by_role("button", name="Code").click()
    expect(area).to_contain_text("met de hand")
    answering.get_by_role("button", name="Versturen").click()
    expect(answering.get_by_text("onderweg")).to_be_visible()
    html = Article.objects.get(ticket=ticket, sender_type=Article.SenderType.AGENT).html
    assert "<h2>Kamp</h2>" in html
    for style in ("font-family:Georgia, serif", "font-size:20px", "rgb(179, 38, 30)", "#2e6b2f"):
        assert style.replace(" ", "") in html.replace(" ", "")
    assert "€" in html
    assert "geplakt" in html
    assert "123456" not in html
    assert "rgb(18" not in html


def test_an_address_is_completed_and_comes_out_of_the_book(answering: Page) -> None:
    cc = answering.get_by_label("Cc", exact=False).first
    answering.get_by_text("Adresboek").click()
    answering.get_by_role("searchbox", name="Zoek in het adresboek").fill("karin")
    answering.locator("[data-into=bcc]").click()
    expect(answering.locator("#id_bcc")).to_have_value(re.compile("karin@post.example"))
    cc.press_sequentially("kar")
    answering.locator(".combo__list [role=option]").first.click()
    expect(answering.locator("#id_cc")).to_have_value(re.compile("karin@post.example"))
