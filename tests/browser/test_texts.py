"""Texts of admins: written in the editor, with words KVV fills in, and looked at before they count."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Agent
from queues.models import AutoResponse, Queue, Signature
from richtext.convert import html_to_text
from tests.browser.conftest import NARROW, sign_in, watched

pytestmark = [
    pytest.mark.browser,
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("foreign_templates"),
]


@pytest.fixture
def office(context: BrowserContext, page: Page, superuser: Agent, queue: Queue) -> Page:
    """The administrator's browser."""
    sign_in(context, superuser)
    return page


def test_a_text_is_written_in_the_editor_and_looked_at_before_it_is_kept(office: Page) -> None:
    Signature.objects.create(name="Groet", html="Groet,\nhet team")
    office.goto(reverse("admin:queues_signature_change", args=[Signature.objects.get().pk]))
    editor = office.locator("[contenteditable=true]")
    expect(editor).to_have_text(re.compile("Groet,\\s*het team"))
    expect(office.get_by_label("Naam:")).to_be_visible()
    office.get_by_text("Woorden die KVV invult").click()
    office.get_by_role("button", name="<KVV_QUEUE>").click()
    office.keyboard.press("Enter")
    office.locator("[data-do=bold]").click()
    office.keyboard.type("Tot ziens")
    with office.context.expect_page() as opened:
        office.get_by_role("button", name="Voorbeeld met een verzonnen ticket").click()
    shown = opened.value.locator(".editor__area")
    expect(shown).to_contain_text(re.compile("Groet,\\s*het teamSpel|Groet,\\s*het teamVoorbeeldwachtrij"))
    expect(shown.locator("b")).to_have_text("Tot ziens")
    for page in (opened.value, office):
        page.set_viewport_size(NARROW)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened.value.close()
    assert Signature.objects.get().html == "Groet,\nhet team"
    office.get_by_role("button", name="Opslaan", exact=True).click()
    office.wait_for_url("**/signature/")
    kept = Signature.objects.get().html
    assert re.fullmatch(r"<p>Groet,<br>\s*het team&lt;KVV_QUEUE&gt;</p><p><b>Tot ziens</b>(<br>)?</p>", kept)


def test_a_word_goes_into_the_subject_where_the_cursor_stood_there(office: Page) -> None:
    office.goto(reverse("admin:queues_autoresponse_add"))
    expect(office.locator("[contenteditable=true]")).to_be_visible()
    office.get_by_label("Naam:").fill("Gelezen")
    office.get_by_label("Soort:").select_option("new_ticket")
    office.get_by_text("Woorden die KVV invult").click()
    office.get_by_label("Onderwerp:").fill("Over ")
    office.get_by_role("button", name="<KVV_TICKET_NUMBER>").click()
    office.get_by_role("button", name="<KVV_CUSTOMER_EMAIL[6]>").click()
    office.get_by_label("Naam:").press("Enter")
    office.wait_for_url("**/autoresponse/")
    made = AutoResponse.objects.get()
    assert (made.subject, made.html) == ("Over <KVV_TICKET_NUMBER>", "<p>&lt;KVV_CUSTOMER_EMAIL[6]&gt;</p>")


def test_where_the_editor_can_not_be_fetched_the_text_area_does(
    context: BrowserContext, superuser: Agent
) -> None:
    sign_in(context, superuser)
    with watched(context) as (page, _wrong):
        page.route("**/squire.js", lambda route: route.abort())
        page.goto(reverse("admin:queues_signature_add"))
        page.get_by_label("Naam:").fill("Groet")
        page.locator("textarea[name=html]").fill("Groet,\n")
        page.get_by_text("Woorden die KVV invult").click()
        page.get_by_role("button", name="<KVV_QUEUE>").click()
        page.get_by_role("button", name="Opslaan", exact=True).click()
        page.wait_for_url("**/signature/")
    assert html_to_text(Signature.objects.get().html) == "Groet,\n<KVV_QUEUE>"
