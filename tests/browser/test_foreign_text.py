"""Text of others in the editor and in a frame: it can be read, keeps its meaning, and stays in its box."""

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, FloatRect, Locator, Page, ViewportSize, expect

from accounts.models import Agent
from queues.models import Queue
from richtext.clean import clean_html
from tests.browser.conftest import NARROW, WIDE, sign_in
from tests.factories import customer_mail, make_ticket
from tests.house.screens import address_of
from tickets.models import Article, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

CELL = '<td width="150">Onderdeel van de inschrijving</td>'
WORD = "wachtwoordherstelformulier" * 20
MAIL = clean_html(
    "<h1>Programma zaterdag</h1><h2>Ochtend</h2><h6>Kleintjes</h6>"
    '<table width="100%"><tr><td>Onderwerp:</td><td width="100%">Lidmaatschap</td></tr></table>'
    '<div style="background-image:url(https://away.example/grond.jpg);color:#fff">Wit op een foto</div>'
    f"<table><tr>{CELL * 8}</tr></table><p>{WORD}</p>"
)
# What is pasted, as Chromium copies it from a dark page.
DARK = "color: rgb(236, 231, 223); background-color: rgb(33, 31, 28); font-family: system-ui; padding: 12px;"
COPIED = (
    f'<pre class="mailtext" style="{DARK} border: 1px solid #3b3733;">Eerste regel\nTweede regel</pre>'
    f'<p class="box" style="{DARK}">Gewoon <span style="{DARK} font-weight: 650;">vet</span> '
    f'<font color="#eee" face="Arial">en</font> <b style="font-weight: normal;">niet vet</b> '
    f'<span style="font-style: italic; text-decoration: line-through;">schuin</span> '
    f'<a href="https://kvv.example/kamp" style="{DARK} text-decoration: underline;">kamp</a></p>'
    f'<ul style="{DARK}"><li style="{DARK}">een</li><li>twee</li></ul>'
    f'<table bgcolor="#222222" style="{DARK}"><tr><td style="{DARK}" bgcolor="black">cel</td></tr></table>'
    '<img src="/static/img/favicon.svg" alt="van ons">'
)
PASTE = """(area, html) => {
  const data = new DataTransfer();
  data.setData('text/html', html);
  area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""
DROP = """(area, html) => {
  const data = new DataTransfer();
  data.setData('text/html', html);
  const { left, top } = area.querySelector('p').getBoundingClientRect();
  area.dispatchEvent(new DragEvent('drop',
    { dataTransfer: data, clientX: left + 2, clientY: top + 5, bubbles: true, cancelable: true }));
}"""
# Of each element with words: how far its letters are from its ground (WCAG's contrast), the least of all.
LEAST_CONTRAST = """body => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [.2126, .7152, .0722][place], 0);
  const ground = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return parts(colour)[3] === 0 && element.parentElement ? ground(element.parentElement) : colour;
  };
  return Math.min(...[...body.querySelectorAll('*')]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((element) => [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => a - b))
    .map(([dark, bright]) => (bright + .05) / (dark + .05)));
}"""


@pytest.fixture
def framed(queue: Queue) -> Ticket:
    return make_ticket(queue, article=customer_mail(text="Zie de tabel", html=MAIL))


def show(context: BrowserContext, page: Page, owner: Agent, *, size: ViewportSize) -> None:
    """By night, which is harder."""
    sign_in(context, owner)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(size)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_mail_can_be_read_in_its_frame_and_as_a_quotation_that_is_as_wide_as_its_box(
    context: BrowserContext, page: Page, owner: Agent, framed: Ticket, size: ViewportSize
) -> None:
    show(context, page, owner, size=size)
    page.goto(reverse("desk:zoom", args=[framed.number]))
    body = page.frame_locator("iframe.mailframe").locator("body")
    for heading in ("Programma zaterdag", "Ochtend", "Kleintjes"):
        assert size_of(body.get_by_role("heading", name=heading))["width"] > 50
    assert body.evaluate(LEAST_CONTRAST) >= 4.5
    label = size_of(body.get_by_text("Onderwerp:"))
    assert label["width"] > label["height"]
    expect(page.get_by_role("link", name="Laad actieve inhoud.")).to_be_visible()
    page.goto(address_of("reply", framed))
    area = page.locator("[contenteditable=true]")
    page.locator(".editor__tail summary").click()
    expect(area.get_by_role("heading", name="Programma zaterdag")).to_be_visible()
    assert area.evaluate(LEAST_CONTRAST) >= 3
    for box in page.locator("html, .dialog__body, .dialog__body > .stack, .editor__area").all():
        scrolled, shown = box.evaluate("box => [box.scrollWidth, box.clientWidth]")
        assert scrolled <= shown


def size_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box


def test_what_is_pasted_or_dropped_keeps_its_meaning_and_not_its_dress(
    context: BrowserContext, page: Page, owner: Agent, ticket: Ticket
) -> None:
    show(context, page, owner, size=WIDE)
    page.goto(address_of("note", ticket))
    area = page.locator("[contenteditable=true]")
    area.fill("x")
    for count, way in enumerate((PASTE, DROP), start=1):
        area.evaluate(way, COPIED)
        expect(area.get_by_text("Tweede regel")).to_have_count(count)
    assert area.evaluate(LEAST_CONTRAST) >= 4.5
    page.get_by_label("Onderwerp").fill("Geplakt")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("is opgeslagen. De klant ziet die niet.")).to_be_visible()
    html = Article.objects.latest("pk").html
    for meaning in ("Eerste regel<br>Tweede regel", "<b>vet</b>", "<s>", "<i>", "<li>", "<td>", "cel"):
        assert meaning in html
    assert 'href="https://kvv.example/kamp"' in html
    for dress in ("style", "color", "font", "class", "<pre", "<b>niet", "<b>en", "<u>", "<img"):
        assert dress not in html
