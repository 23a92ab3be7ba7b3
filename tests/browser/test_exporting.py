"""What was found, carried out to a file: followed while it is made, fetched and opened."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Agent
from queues.models import Queue
from search.export_work import work_off
from search.models import Export
from tests.browser.conftest import sign_in
from tests.search.exported import csv_rows, sheet_rows
from tests.search.finding import said

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def choose(page: Page, role: str, name: str) -> None:
    page.locator("summary", has_text="Uitvoeren naar").click()
    page.get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]  # a link or a button


def fetched(page: Page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name="Downloaden").click()
    assert re.fullmatch(r"tickets-[0-9-]+\.xlsx", download.value.suggested_filename)
    return download.value.path().read_bytes()


def test_what_was_found_becomes_lines_a_sheet_and_a_page_to_print(
    context: BrowserContext, page: Page, owner: Agent, queue: Queue
) -> None:
    old, new = said(queue, "kamp", ticket={"title": "=1+1"}), said(queue, "kamp", ticket={"title": "<b>ü"})
    sign_in(context, owner)
    page.goto("/zoeken/?q=kamp")
    with page.expect_download() as download:
        choose(page, "link", "CSV")
    lines = csv_rows(download.value.path().read_bytes())[1:]
    assert [row[0] for row in lines] == [f"Ticket#{new.number}", f"Ticket#{old.number}"]
    page.reload()
    choose(page, "button", "Excel")
    status = page.locator("#uitvoer").get_by_role("status")
    expect(status).to_contain_text("Het wacht op zijn beurt.")
    for values, words in (({"written": 4_000}, "4.000 tickets gevonden"), ({"total": 9_000}, "van 9.000")):
        Export.objects.update(**values)
        expect(status).to_contain_text(words)
    expect(page.get_by_role("progressbar")).to_be_visible()
    work_off()
    expect(status).to_contain_text("Het is klaar, met 2 tickets.")
    rows = sheet_rows(fetched(page))[1:]
    assert [(row[0], row[4]) for row in rows] == [(new.number, "<b>ü"), (old.number, "'=1+1")]
    page.get_by_role("link", name="Terug naar de gevonden tickets").click()
    choose(page, "button", "Print")
    work_off()
    page.get_by_role("link", name="Openen om te printen").click()
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("cell", name="<b>ü")).to_be_visible()
    expect(page.get_by_role("button", name="Afdrukken")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Afdrukken")).to_be_hidden()
