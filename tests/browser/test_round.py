"""The main job, end to end, no step faked: Dovecot → ticket → answer in the browser → SMTP → follow-up."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from pytest_django import Settings

from accounts.models import Agent
from kvv.demo.catcher import Catcher, caught
from mailgate.models import Mailbox
from outbox.transports import use_catcher
from queues.models import Queue
from tests.browser.conftest import NARROW
from tests.dovecot import PASSWORD, USER, Dovecot
from tests.factories import PASSWORD as AGENT_PASSWORD
from tests.smtp_server import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
]

QUESTION = """From: Karin Klant <karin@post.example>
To: {address}
Subject: Hoe lang duurt de hike?
Message-ID: <vraag@post.example>
Content-Type: text/html; charset=utf-8

<p>Hallo! <b>Hoe lang</b> duurt de hike?</p><script>alert(1)</script>
"""
REPLY = """From: Karin Klant <karin@post.example>
To: {address}
Subject: Antw: {subject}
In-Reply-To: {message_id}
Message-ID: <dank@post.example>

Dank je wel! En hoe laat beginnen we?
"""


@pytest.fixture
def catcher(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The server that takes our outgoing mail, and keeps it where no other test does."""
    settings.VAR_DIR = tmp_path
    with serving(Catcher()) as port:
        use_catcher(host="127.0.0.1", port=port)
        yield


@pytest.fixture
def mailbox(dovecot: Dovecot, queue: Queue) -> Mailbox:
    return Mailbox.objects.create(
        name="demo",
        host="127.0.0.1",
        port=dovecot.port,
        security=Mailbox.Security.PLAIN,
        username=USER,
        password=PASSWORD,
        interval_seconds=1,
    )


def put(dovecot: Dovecot, mail: str) -> None:
    with dovecot.client() as client:
        client.append("INBOX", mail.replace("\n", "\r\n").encode())


def reload_until(page: Page, text: str) -> None:
    """Look again, as a person would, until it is there."""
    for _look in range(40):
        if page.get_by_text(text, exact=False).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"'{text}' did not appear")


def test_the_round(
    context: BrowserContext,
    page: Page,
    owner: Agent,
    queue: Queue,
    dovecot: Dovecot,
    mailbox: Mailbox,
    catcher: None,
    worker: None,
) -> None:
    assert queue.sender is not None
    address = queue.sender.address
    put(dovecot, QUESTION.format(address=address))

    page.goto("/")
    page.get_by_label("Gebruikersnaam").fill(owner.username)
    page.get_by_label("Wachtwoord").fill(AGENT_PASSWORD)
    page.get_by_role("button", name="Login").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()

    page.goto(f"/wachtrijen/{queue.pk}/")
    reload_until(page, "Hoe lang duurt de hike?")
    expect(page.locator("tr.is-unread")).to_have_count(1)
    page.get_by_role("link", name="Hoe lang duurt de hike?").click()
    expect(page.frame_locator("iframe.mailframe").get_by_text("Hoe lang", exact=True)).to_be_visible()

    page.locator(".actions").get_by_role("button", name="Beantwoord").click()
    expect(page.get_by_role("heading", name="Bericht opstellen voor")).to_be_visible()
    expect(page.get_by_label("Aan:")).to_have_value("Karin Klant <karin@post.example>")
    editor = page.locator(".editor__area")
    expect(editor).to_contain_text("Hoe lang")
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Ongeveer vier uur.")
    page.get_by_role("button", name="Vet").click()
    page.locator("input[name=files]").set_input_files(
        FilePayload(name="route.txt", mimeType="text/plain", buffer=b"rechtdoor")
    )
    expect(page.get_by_text("route.txt", exact=True)).to_be_visible()
    page.get_by_role("button", name="Versturen").click()
    expect(page.get_by_text("Antwoord aan Karin Klant onderweg")).to_be_visible()

    for _look in range(60):
        if sent := caught():
            break
        page.wait_for_timeout(500)
    assert len(sent) == 1
    answer = message_from_bytes(sent[0].raw, policy=default)
    assert answer["In-Reply-To"] == "<vraag@post.example>"
    body = answer.get_body(("html",))
    assert body is not None
    assert "Ongeveer vier uur." in body.get_content()
    assert "<script" not in body.get_content()
    assert [part.get_filename() for part in answer.iter_attachments()] == ["route.txt"]

    reply = REPLY.format(address=address, subject=answer["Subject"], message_id=answer["Message-ID"])
    put(dovecot, reply)
    page.goto(f"/wachtrijen/{queue.pk}/?sort=number")
    reload_until(page, "Hoe lang duurt de hike?")
    expect(page.locator("tr.is-unread")).to_have_count(1)
    page.get_by_role("link", name="Hoe lang duurt de hike?").click()
    expect(page.locator("table.articles tbody tr")).to_have_count(3)
    expect(page.get_by_text("En hoe laat beginnen we?")).to_be_visible()
    expect(page.locator(".facts .state")).to_have_text("open")
    expect(page.get_by_role("link", name="Terug", exact=True)).to_have_attribute(
        "href", re.compile(rf"^/wachtrijen/{queue.pk}/\?sort=number&way=up#t\d+$")
    )

    page.set_viewport_size(NARROW)
    expect(page.get_by_text("En hoe laat beginnen we?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
