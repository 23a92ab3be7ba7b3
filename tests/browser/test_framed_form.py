"""A question's whole way: an administrator makes its form, a visitor sends it in a frame on another site,
where their browser sends us no cookie, and goes on with it by the link in the answer.
"""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import Agent
from queues.models import Queue
from tests.browser.conftest import NARROWEST, sign_in
from tests.webforms.customers import answered, code_in, mailed
from tests.webforms.visiting import PNG, address_of
from tickets.models import Ticket
from webforms.models import Category

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

PICTURE = FilePayload(name="pas.png", mimeType="image/png", buffer=PNG)
FEMKE = "femke@thuis.example"
ADDRESS = re.compile(r"http://\S+/mijn-vraag/\S+/")
HEIGHT = "document.querySelector('iframe').getBoundingClientRect().height"
PAGE = """<!doctype html><html lang="nl"><title>Onze site</title><h1>Onze site</h1>
<iframe src="{base}{path}" title="Stel je vraag" style="width: 100%; height: 150px"></iframe>
<script src="{base}/static/js/frame-size.js" async></script>"""


@pytest.fixture
def site() -> Iterator[ThreadingHTTPServer]:
    """Another site, which has one page: `html`."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(getattr(self.server, "html", "").encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (so is it called there)
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def make_by_hand(page: Page, queue: Queue, origin: str) -> None:
    """An administrator makes a form with a choice, and a text and a file that one answer asks for."""
    page.goto(reverse("admin:webforms_category_add"))
    page.get_by_label("Naam in het Nederlands").first.fill("Verzekeringen")
    page.get_by_label("Wachtrij:").select_option(label=queue.name)
    page.get_by_text("Op andere sites", exact=True).click()
    page.get_by_label("Te zien op andere sites").fill(f"https://elders.example\n{origin}")
    for name, kind, values in (
        ("Soort", "choice", {"choices": "Kamp | Camp\nAnders"}),
        ("Plaats", "short", {"asked_when": "Soort", "shown_value": "Kamp"}),
        ("Bewijs", "file", {"asked_when": "Soort", "shown_value": "Kamp"}),
    ):
        page.get_by_role("button", name="Veld van een formulier toevoegen").click()
        row = page.locator("[data-form-field]:not(.empty-form)").last
        row.locator("[name$=name_nl]").first.fill(name)
        row.locator("[name$=kind]").select_option(kind)
        if "asked_when" in values:
            row.locator("summary").last.click()
            row.locator("[name$=is_required]").set_checked(kind == "short")
        for column, value in values.items():
            row.locator(f"[name$={column}]").fill(value)
    expect(page.frame_locator("[name=form-preview]").get_by_label("Bewijs")).to_be_attached()
    page.get_by_role("button", name="Opslaan", exact=True).click()
    page.wait_for_url(f"**{reverse('admin:webforms_category_changelist')}")


def ask_in_a_frame(page: Page) -> None:
    """A visitor of that site sends the form, without one of its answers at first."""
    page.set_viewport_size(NARROWEST)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("Plaats")).to_be_hidden()
    frame.get_by_label("Soort").select_option("kamp")
    frame.get_by_label("Plaats").fill("Zeist")
    frame.get_by_label("Bewijs").set_input_files(PICTURE)
    frame.get_by_label("Naam").fill("Femke")
    frame.get_by_label("E-mailadres").fill(FEMKE)
    frame.get_by_label("Vraag").fill("Is een gastlid verzekerd?")
    frame.get_by_role("button", name="Verstuur je vraag").click()
    expect(frame.get_by_role("alert")).to_contain_text("Onderwerp")
    expect(frame.get_by_text("pas.png (")).to_be_visible()
    frame.get_by_label("Onderwerp").fill("Gastlid")
    frame.get_by_role("button", name="Verstuur je vraag").click()
    expect(frame.get_by_role("heading", name="Je vraag is binnen")).to_be_visible()


def go_on(page: Page) -> None:
    """The visitor opens the link in the answer by the code of a mail, reads the answer, and writes back."""
    page.goto(ADDRESS.findall(mailed()[-1][1])[0])
    expect(page.get_by_text("Zo gaat dat.")).to_have_count(0)
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_label("Code uit de e-mail").fill(code_in(mailed()[-1][1]))
    page.get_by_role("button", name="Laat mijn vraag zien").click()
    expect(page.get_by_text("Zo gaat dat.")).to_be_visible()
    page.get_by_label("Schrijf terug", exact=True).fill("Ook op zee?")
    page.get_by_label("Bijlagen").set_input_files(PICTURE)
    page.get_by_role("button", name="Versturen").first.click()
    expect(page.get_by_text("Je bericht is aangekomen")).to_be_visible()
    expect(page.get_by_text("Ook op zee?")).to_be_visible()


@pytest.mark.usefixtures("foreign_templates")
def test_a_question_comes_by_a_form_on_another_site_and_goes_on_at_the_customers_page(
    context: BrowserContext,
    page: Page,
    live_server: LiveServer,
    queue: Queue,
    owner: Agent,
    superuser: Agent,
    site: ThreadingHTTPServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.BASE_URL = live_server.url
    Queue.objects.update(links_answers=True)
    origin = f"http://127.0.0.1:{site.server_port}"
    sign_in(context, superuser)
    make_by_hand(page, queue, origin)
    context.clear_cookies()
    category = Category.objects.get()
    monkeypatch.setattr("webforms.identity.QUICKEST", timedelta(0))
    site.html = PAGE.format(base=live_server.url, path=address_of(category))  # type: ignore[attr-defined]  # its page
    page.goto(f"{origin}/")
    page.wait_for_function(f"{HEIGHT} > 600")
    ask_in_a_frame(page)
    assert context.cookies() == []
    page.wait_for_function(f"{HEIGHT} > 150 && {HEIGHT} < 600")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.frames[1].evaluate(wide)
    ticket = Ticket.objects.get()
    article = ticket.articles.get()
    assert "Plaats: Zeist" in article.text
    assert article.attachments.get().name == "pas.png"
    answered(ticket, owner, to=(FEMKE,))
    go_on(page)
    assert not page.evaluate(wide)
    assert [each.sender_type for each in ticket.articles.order_by("pk")] == ["customer", "agent", "customer"]
    assert Ticket.objects.count() == 1
