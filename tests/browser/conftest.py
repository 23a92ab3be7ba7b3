"""A real Chromium, and a real worker beside the live server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Locator,
    Page,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from accounts.models import Agent
from tests.browser.program import find
from tickets.models import Ticket

# Playwright's loop runs in the test's own thread; Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]

CLOCK_IS_SET = "'__pwClock' in globalThis"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    program = find()
    if program is None:
        pytest.skip("Chromium is not installed (Debian: chromium-headless-shell)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Shared:
    """The window of most tests, and what looks after it: a page that stays, and its line to the browser."""

    window: BrowserContext
    keeper: Page
    line: CDPSession


def new_window(chromium: Browser, live_server: LiveServer) -> BrowserContext:
    """Wide, Dutch, at the live server."""
    window = chromium.new_context(base_url=live_server.url, viewport=WIDE, locale="nl-NL")
    window.set_default_timeout(20_000)
    return window


@pytest.fixture(scope="session")
def shared(chromium: Browser, live_server: LiveServer) -> Iterator[Shared]:
    """One window: style sheets and scripts are fetched, and read, once for all tests."""
    window = new_window(chromium, live_server)
    keeper = window.new_page()
    yield Shared(window, keeper, window.new_cdp_session(keeper))
    window.close()


@pytest.fixture
def context(
    request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer
) -> Iterator[BrowserContext]:
    """A window that knows nothing of other tests but style sheets and scripts; a test that changes it for
    good, as by setting its clock, is marked to have its own.
    """
    if request.node.get_closest_marker("own_window"):
        context = new_window(chromium, live_server)
        yield context
        context.close()
        return
    shared: Shared = request.getfixturevalue("shared")
    yield shared.window
    for page in shared.window.pages:
        if page != shared.keeper:
            page.close()
    shared.window.clear_cookies()
    shared.line.send(
        "Storage.clearDataForOrigin", {"origin": live_server.url, "storageTypes": "local_storage"}
    )
    assert not shared.keeper.evaluate(CLOCK_IS_SET), "the mark own_window is missing"


@contextmanager
def watched(context: BrowserContext) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what its console complains of, a refusal by the content policy included."""
    page = context.new_page()
    wrong: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # 'Failed to load resource' is a 4xx that the test asked for, or a picture from outside.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            wrong.append(f"{page.url}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    yield page, wrong
    page.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test on any error in the console."""
    with watched(context) as (page, wrong):
        yield page
    assert wrong == []


def sign_in(context: BrowserContext, agent: Agent) -> None:
    """By cookie, as most tests are not about signing in."""
    client = Client()
    client.force_login(agent)
    base = str(context._impl_obj._options["baseURL"])
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base}])


@pytest.fixture
def desk(context: BrowserContext, page: Page, owner: Agent, ticket: Ticket) -> Page:
    """The owner's browser at the ticket."""
    sign_in(context, owner)
    page.goto(reverse("desk:zoom", args=[ticket.number]))
    return page


@pytest.fixture
def unwatched(context: BrowserContext, owner: Agent, ticket: Ticket) -> Page:
    """The owner's browser at the ticket; htmx may complain in its console of what was refused."""
    sign_in(context, owner)
    page = context.new_page()
    page.goto(reverse("desk:zoom", args=[ticket.number]))
    return page


def opened_over(desk: Page, opener: Locator) -> None:
    """Press what opens a dialog: it stands over the page, alone, as the last of its body.

    By a page that is whole: before its scripts run, the same press opens the dialog's own page.
    """
    desk.wait_for_load_state()
    at_the_ticket = desk.url
    opener.click()
    expect(desk.locator("body > dialog:modal:last-child")).to_have_count(1)
    expect(desk.locator("dialog")).to_have_count(1)
    expect(desk.locator("nav.actions")).to_have_count(1)
    assert desk.url == at_the_ticket


def open_note(desk: Page) -> None:
    opened_over(desk, desk.get_by_role("link", name="Notitie"))


def hold(page: Page, address: str, *, times: int | None = None) -> list[Route]:
    """What the page asks of an address waits from now on, or so many times, until the test lets it go."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(address, keep, times=times)
    return held


@pytest.fixture
def worker(live_server: LiveServer, tmp_path: Path) -> Iterator[None]:
    """A real Celery worker with beat, on the test's database and broker."""
    name = settings.DATABASES["default"]["NAME"]
    address = os.environ["DATABASE_URL"].rpartition("/")[0]
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "kvv.celery", "worker", "-B", "-P", "solo"]
    command += ["-s", str(tmp_path / "beat"), "--loglevel=WARNING", "--without-gossip", "--without-mingle"]
    environment = os.environ | {"DATABASE_URL": f"{address}/{name}", "REDIS_URL": settings.REDIS_URL}
    process = subprocess.Popen(command, env=environment)
    yield
    process.terminate()
    process.wait(timeout=20)
