"""A visitor asks a question in a frame on another site, where their browser sends us no cookie."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from queues.models import Queue
from tests.browser.conftest import NARROWEST
from tests.webforms.visiting import PNG, add_field, address_of, make_form
from tickets.models import Article
from webforms.spec import Kind

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

PICTURE = FilePayload(name="pas.png", mimeType="image/png", buffer=PNG)
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


def test_a_form_with_a_condition_and_a_file_is_sent_from_another_site(
    context: BrowserContext,
    page: Page,
    live_server: LiveServer,
    queue: Queue,
    site: ThreadingHTTPServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    origin = f"http://127.0.0.1:{site.server_port}"
    category = make_form(queue, origins=f"https://elders.example\n{origin}")
    parent = add_field(category, "soort", Kind.CHOICE, "kamp", "anders")
    add_field(category, "plaats", Kind.SHORT, shown_when=parent, shown_value="Kamp", is_required=True)
    add_field(category, "bewijs", Kind.FILE, shown_when=parent, shown_value="Kamp")
    monkeypatch.setattr("webforms.identity.QUICKEST", timedelta(0))
    site.html = PAGE.format(base=live_server.url, path=address_of(category))  # type: ignore[attr-defined]  # its page
    page.set_viewport_size(NARROWEST)
    page.goto(f"{origin}/")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("Plaats")).to_be_hidden()
    frame.get_by_label("Soort").select_option("kamp")
    frame.get_by_label("Plaats").fill("Zeist")
    frame.get_by_label("Bewijs").set_input_files(
        FilePayload(name="pas.png", mimeType="image/png", buffer=PNG)
    )
    frame.get_by_label("E-mail", exact=False).or_(frame.get_by_label("Mail")).first.fill(
        "femke@thuis.example"
    )
    frame.get_by_label("Vraag").fill("Is een gastlid verzekerd?")
    frame.get_by_role("button", name="Verstuur je vraag").click()
    expect(frame.get_by_role("alert")).to_contain_text("Onderwerp")
    expect(frame.get_by_text("pas.png (")).to_be_visible()
    frame.get_by_label("Onderwerp").fill("Gastlid")
    frame.get_by_role("button", name="Verstuur je vraag").click()
    expect(frame.get_by_role("heading", name="Je vraag is binnen")).to_be_visible()
    article = Article.objects.get()
    assert "Plaats: Zeist" in article.text
    assert article.attachments.get().name == "pas.png"
    assert context.cookies() == []
    tall = "document.querySelector('iframe').getBoundingClientRect().height > 150"
    page.wait_for_function(tall)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.frames[1].evaluate(wide)
