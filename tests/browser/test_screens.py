"""Every screen, wide and light, narrow and dark: nothing to complain of for axe, no bar to scroll sideways,
no text squeezed into a column of a letter or two.

The colours of the other looks are compared in `tests/house/test_contrast.py`, without a browser. With
KVV_SCREENSHOTS naming a folder, the pictures of the README are written there: `make screenshots`.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize
from pytest_django.live_server_helper import LiveServer

from accounts.models import Agent
from kvv.demo.catcher import caught, keep
from mailgate.models import Mailbox
from queues.models import Queue
from tests.browser.conftest import NARROW, WIDE, sign_in, watched
from tests.conftest import foreign_templates_allowed
from tests.house.screens import SCREENS, address_of
from tests.webforms.customers import page_of
from tests.webforms.visiting import make_submission
from tickets.models import Article, Ticket
from webforms.confirmation_mail import confirmation_of
from webforms.models import Category, FormVersion
from webforms.pages import signed_for

pytestmark = [
    pytest.mark.browser,
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
]

Scheme = Literal["light", "dark"]
Opener = Callable[[ViewportSize, Scheme], BrowserContext]
Looks = Sequence[tuple[ViewportSize, Scheme]]
FORM = "verzekeringen"
LOOKS: Looks = ((WIDE, "light"), (NARROW, "dark"))
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# Without `preload` axe fetches no style sheet of its own accord, which our policy would refuse. What passes
# is not written out, and no frame is waited for: axe is in none, and a mail's frame has a path of its own.
RUN_AXE = """axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    preload: false, iframes: false, resultTypes: ['violations']
}).then(found => found.violations.map(each => each.id + ': ' + each.nodes[0].html.slice(0, 200)))"""
SQUEEZED = """[...document.querySelectorAll('main :not(thead *, .original, .visually-hidden *)')].filter(
    each => each.offsetWidth < 32 && each.offsetHeight > 60 && each.innerText.trim().length > 8
).map(each => each.outerHTML.slice(0, 200))"""
COMPLETE = """() => document.fonts.status === 'loaded' &&
    [...document.querySelectorAll('[data-editor]:not([hidden])')].every(
        editor => editor.querySelector('[contenteditable]')
    )"""
STAYS_LIGHT = """document.querySelector('meta[name=color-scheme][content~=dark]') &&
    !getComputedStyle(document.documentElement).colorScheme.includes('dark')"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def demo(live_server: LiveServer) -> None:
    call_command("load_demo", verbosity=0)


@pytest.fixture
def open_window(chromium: Browser, live_server: LiveServer, demo: None) -> Iterator[Opener]:
    """What opens a window of a size and a colour scheme."""
    with ExitStack() as windows:

        def opened(size: ViewportSize, scheme: Scheme) -> BrowserContext:
            window = chromium.new_context(
                base_url=live_server.url,
                viewport=size,
                color_scheme=scheme,
                locale="nl-NL",
                reduced_motion="reduce",
            )
            windows.callback(window.close)
            return window

        yield opened


@pytest.fixture
def window(open_window: Opener) -> BrowserContext:
    """A window, whose pages are given each look in turn."""
    return open_window(*LOOKS[0])


def faults(page: Page, path: str, *, looks: Looks) -> list[str]:
    """What is wrong with a screen, which is loaded once."""
    answer = page.goto(path)
    assert answer is not None
    seen = [f"{path} {answer.status}"] if answer.status >= 400 else []
    return seen + faults_here(page, path, looks=looks)


def faults_here(page: Page, path: str, *, looks: Looks) -> list[str]:
    """What is wrong with the screen that the page shows."""
    page.wait_for_function(COMPLETE)
    page.evaluate(AXE)
    seen = []
    for size, scheme in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        at = f"{path} at {size['width']}"
        if scheme == "dark" and page.evaluate(STAYS_LIGHT):
            seen.append(f"{at} stays light by night")
        if wide := page.evaluate(TOO_WIDE):
            seen.append(f"{at} is {wide} px too wide")
        seen += [f"{at} squeezes {html}" for html in page.evaluate(SQUEEZED)]
        seen += [f"{at}: {fault}" for fault in page.evaluate(RUN_AXE)]
    return seen


def check(window: BrowserContext, screens: Mapping[str, Looks], *, agent: Agent | None) -> None:
    """Nothing is wrong with these screens in these looks; the console has nothing to complain of, either."""
    if agent is not None:
        sign_in(window, agent)
    with watched(window) as (page, wrong):
        all_faults = [fault for path, looks in screens.items() for fault in faults(page, path, looks=looks)]
    assert not all_faults + wrong, "\n".join(all_faults + wrong)


def picture(page: Page, name: str) -> None:
    """Keep a screen for the README, where one was asked for."""
    if where := os.environ.get("KVV_SCREENSHOTS"):
        page.wait_for_function(COMPLETE)
        page.screenshot(path=Path(where) / f"{name}.png")


def framed_ticket() -> Ticket:
    """A ticket with HTML, an inline image, a file and remote images."""
    article = Article.objects.exclude(html="").filter(sender_type="customer").order_by("-pk")[0]
    return article.ticket


def agent_paths() -> list[str]:
    ticket = framed_ticket()
    article = ticket.articles.exclude(html="")[0]
    base = reverse("desk:zoom", args=[ticket.number])
    lists = ["/", "/wachtrijen/", f"/wachtrijen/{ticket.queue_id}/", "/status/open/"]
    lists += ["/status/gesloten/", "/mijn/vergrendeld/", "/mijn/eigenaar/", "/mijn/gevraagd/"]
    lists += ["/mijn/gevolgd/", "/dashboard/zijkant/", "/dashboard/nieuw/alle/", "/hulp/"]
    lists += ["/klanten/", "/klanten/nieuw/", f"/klanten/{ticket.customer_id}/"]
    lists += [f"/klanten/{ticket.customer_id}/bewerken/", "/zoeken/", "/zoeken/?q=onvindbaar"]
    lists += [f"/zoeken/uitgebreid/?queue={ticket.queue_id}&shown=created_age", "/zoeken/sjablonen/"]
    lists += ["/zoeken/sjablonen/nieuw/?q=tent"]
    lists += [f"/zoeken/?queue={ticket.queue_id}", f"/zoeken/aantallen/?queue={ticket.queue_id}"]
    screens = [base, f"{base}?active={article.pk}", f"{base}geschiedenis/", f"{base}afdrukken/"]
    screens += [address_of(name, ticket) for name in SCREENS]
    return [*lists, *screens, "/voorkeuren/", "/accounts/2fa/", "/demo/mail/schrijf/"]


def frame_path() -> str:
    """A mail's own frame."""
    article = framed_ticket().articles.exclude(html="")[0]
    return reverse("desk:article_frame", args=[article.ticket.number, article.pk])


def without_policy(route: Route) -> None:
    """No script runs in a mail's frame, that of a test neither, unless its policy is taken away."""
    answer = route.fetch()
    headers = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
    route.fulfill(response=answer, headers=headers)


def public_paths() -> list[str]:
    keep(
        b"From: a@kvv.example\r\nSubject: demo\r\n\r\nHallo\r\n",
        sender="a@kvv.example",
        recipients=["b@c.de"],
    )
    name = caught()[0].name
    demo = ["/demo/mail/", "/demo/mail/schrijf/", f"/demo/mail/{name}/", f"/demo/mail/{name}/antwoord/"]
    return ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", *demo]


def talk() -> tuple[Ticket, str]:
    """A ticket with an answer that has left, and the address of its customer."""
    answers = Article.objects.filter(sender_type="agent", channel="email", is_visible=True)
    ticket = answers.filter(ticket__merged_into=None)[0].ticket
    return ticket, ticket.articles.filter(sender_type="customer")[0].from_address


def customers_paths() -> list[str]:
    """The question forms, and a customer's own page as it is for any browser, and for one that was opened."""
    submission = make_submission(Category.objects.get(slug=FORM))
    forms = ["/formulieren/", f"/formulieren/{FORM}/", f"/formulieren/verstuurd/{signed_for(submission)}/"]
    ticket, address = talk()
    others = Ticket.objects.exclude(queue=ticket.queue).order_by("pk")
    Queue.objects.filter(pk=ticket.queue_id).update(link_suffices=True)
    Article.objects.filter(ticket__in=[ticket, others[0]]).update(created=timezone.now())
    pages = [page_of(ticket, address), page_of(others[0]), f"{page_of(others[0])}?done=code"]
    return [*forms, f"/formulieren/bevestig/{confirmation_of(submission)}/", *pages]


def faults_of_what_went_wrong(window: BrowserContext) -> list[str]:
    """Of a form that lacks something, and of a customer's link that is over."""
    ticket, address = talk()
    ticket.articles.update(created=timezone.now() - timedelta(days=91))
    with watched(window) as (page, wrong):
        page.goto(f"/formulieren/{FORM}/")
        page.get_by_label("Waar gaat het over?").select_option(label="Schade")
        page.get_by_role("button", name="Verstuur je vraag").click()
        page.get_by_role("alert").first.wait_for()
        seen = faults_here(page, "a form that lacks something", looks=LOOKS)
        page.goto(page_of(ticket, address))
        page.get_by_role("heading", name="Deze link is te oud").wait_for()
        seen += faults_here(page, "a link that is over", looks=LOOKS)
    return seen + wrong


def admin_paths() -> list[str]:
    """The start, and for each thing to set up its list, an empty form and a filled one."""
    new = Mailbox.objects.create(name="nieuw", host="127.0.0.1", port=1, is_confirmed=False)
    version = FormVersion.objects.filter(category__slug=FORM)[0]
    paths = ["/admin/", reverse("admin:mailgate_mailbox_begin", args=[new.pk])]
    paths.append(reverse("admin:webforms_category_version", args=[version.pk]))
    for model in admin.site._registry:
        base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        paths.append(base)
        if (first := model._default_manager.first()) is not None:
            paths.append(f"{base}{first.pk}/change/")
    return paths


@pytest.mark.long
def test_the_screens_of_an_agent(window: BrowserContext) -> None:
    agent = Agent.objects.get(username="handleiding")
    check(window, dict.fromkeys(agent_paths(), LOOKS), agent=agent)
    with watched(window) as (page, wrong):
        page.route(f"**{frame_path()}", without_policy)  # of this page alone: with a route nothing is cached
        assert faults(page, frame_path(), looks=LOOKS) + wrong == []


@pytest.mark.long
def test_the_pictures_of_the_readme_and_the_screens_of_administrators_customers_and_the_demo(
    open_window: Opener, window: BrowserContext
) -> None:
    """One demo for all of them: it takes long to load."""
    take_pictures(open_window)
    with foreign_templates_allowed():
        check_administration(window)
    window.clear_cookies()
    check(window, dict.fromkeys([*public_paths(), *customers_paths()], LOOKS), agent=None)
    assert faults_of_what_went_wrong(window) == []


def take_pictures(open_window: Opener) -> None:
    agent = Agent.objects.get(username="handleiding")
    base = reverse("desk:zoom", args=[framed_ticket().number])
    wide, narrow, dark = open_window(WIDE, "light"), open_window(NARROW, "light"), open_window(WIDE, "dark")
    shown = [(wide, "/wachtrijen/", "queue-overview"), (wide, base, "ticket")]
    shown += [(wide, f"{base}antwoord/", "answer"), (narrow, base, "ticket-narrow")]
    shown += [(dark, "/wachtrijen/", "queue-overview-dark")]
    for window, path, name in shown:
        sign_in(window, agent)
        with watched(window) as (page, wrong):
            page.goto(path)
            page.get_by_role("main").wait_for()
            picture(page, name)
        assert wrong == []


def check_administration(window: BrowserContext) -> None:
    """All of it wide; narrow the start and those of a kind of their own: list, question, editor."""
    agent = Agent.objects.get(username="beheer")
    kinds = ("/inboundmessage/", "/queues/queue/", "/begin/", "/responsetemplate/", "/webforms/")
    looks = {
        path: LOOKS if path == "/admin/" or any(kind in path for kind in kinds) else LOOKS[:1]
        for path in admin_paths()
    }
    check(window, looks, agent=agent)
    with watched(window) as (page, wrong):
        page.set_viewport_size({"width": 768, "height": 900})
        page.goto(reverse("admin:queues_mailaddress_changelist"))
        assert page.locator(".results").evaluate("list => list.scrollWidth - list.clientWidth") <= 0
    assert wrong == []
