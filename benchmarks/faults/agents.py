"""Agents at their browsers, who press a button again when no page comes back.

They answer tickets, send messages on, merge tickets and change some together.
"""

import random
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import Message
from functools import partial
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookies import SimpleCookie

from benchmarks.faults.ledger import Ledger
from benchmarks.faults.load import RETRY_SECONDS, Deed

WAIT_SECONDS = 20
UNPROCESSABLE = 422
ELSEWHERE = "bram@elsewhere.example"
SENDING = ("antwoord", "doorsturen", "bounce")
TOGETHER = 3
NEWEST_SEEN = 10**9
"""As if the agent's list had shown all that was ever done to a ticket."""
HIGH = "4"
SERVER_TROUBLE = range(500, 600)
_TICKED = {"checkbox", "radio"}
_NOT_ALWAYS_SENT = {"submit", "button", "file", *_TICKED}


@dataclass(frozen=True, slots=True)
class Page:
    """What came back: the address it came from in the end, its status, its HTML."""

    address: str
    status: int
    html: str


@dataclass(slots=True)
class Browser:
    """One agent's browser, signed in by cookie."""

    base: str
    session: str
    ledger: Ledger
    token: str = ""

    def ask(self, path: str, *, form: dict[str, str] | None = None) -> Page:
        """A page; asked for again, with the same form, until the server gives one."""
        chance = random.Random()  # noqa: S311  (a pause, no secret)
        while True:
            page = self._ask(path, form)
            if page is not None:
                return page
            self.ledger.retried()
            time.sleep(chance.uniform(*RETRY_SECONDS))

    def _ask(self, path: str, form: dict[str, str] | None) -> Page | None:
        """None where no page came, or one that says that the server is in trouble."""
        data = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(f"{self.base}{path}", data=data)  # noqa: S310  (our own address)
        request.add_header("Cookie", f"sessionid={self.session}; csrftoken={self.token}")
        request.add_header("X-CSRFToken", self.token)
        try:
            with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:  # noqa: S310  (as above)
                self.token = _token(answer.headers) or self.token
                return Page(answer.geturl(), answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            if error.code in SERVER_TROUBLE:
                return None
            return Page(error.geturl(), error.code, error.read().decode(errors="replace"))
        except (OSError, HTTPException):
            return None


def agent_at_work(browser: Browser, *, seed: int) -> Deed:
    """Does one thing after the other to the newest tickets, most often what sends a mail.

    In rounds, so that nothing is left out by chance.
    """
    chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)
    deeds: list[Callable[[Browser, Sequence[str]], None]] = [change_together, merge]
    deeds += [partial(send, screen=screen) for screen in (*SENDING, "antwoord", "antwoord")]
    due: list[Callable[[Browser, Sequence[str]], None]] = []

    def work() -> None:
        numbers = chance.sample(browser.ledger.numbers, min(TOGETHER, len(browser.ledger.numbers)))
        if len(numbers) == TOGETHER:
            if not due:
                due.extend(chance.sample(deeds, len(deeds)))
            browser.ask(f"/tickets/{numbers[0]}/")  # brings the token that a POST needs
            due.pop()(browser, numbers)

    return work


def send(browser: Browser, numbers: Sequence[str], *, screen: str) -> None:
    """Take a ticket, read the form, answer; or send its message on to somebody else."""
    opened = browser.ask(f"/tickets/{numbers[0]}/neem/{screen}/", form={})
    form = form_of(opened.html)
    if not form:
        return  # a colleague holds it, or it was merged
    form |= {"text": f"Om acht uur.\n\n{form['submission']}", "to": form.get("to") or ELSEWHERE}
    page = browser.ask(f"/tickets/{numbers[0]}/{screen}/", form=form)
    browser.ledger.answer(form["submission"], is_sent=_is_done(page, screen))


def change_together(browser: Browser, numbers: Sequence[str]) -> None:
    """Another priority for some tickets at once, and a note in each."""
    ticks = ",".join(f"{number}:{NEWEST_SEEN}" for number in numbers)
    opened = browser.ask("/bulk/", form={"elsewhere": ticks})
    form = form_of(opened.html)
    if not form:
        return
    form |= {"subject": f"Samen {form['submission']}", "text": "Samen bekeken.", "priority": HIGH}
    page = browser.ask(urllib.parse.urlsplit(opened.address).path, form=form)
    if _is_done(page, "wijzigen"):
        browser.ledger.changed_together(form["submission"])


def merge(browser: Browser, numbers: Sequence[str]) -> None:
    """Put one ticket into another, whoever their customers are."""
    path = f"/tickets/{numbers[0]}/samenvoegen/"
    opened = browser.ask(f"/tickets/{numbers[0]}/neem/samenvoegen/", form={})
    form = form_of(opened.html) | {"ticket": numbers[1]}
    for _question_or_answer in range(2):
        if "submission" not in form or _is_done(page := browser.ask(path, form=form), "samenvoegen"):
            return
        form = form_of(page.html)


def _is_done(page: Page, screen: str) -> bool:
    """A page that is no form any more; the form with a complaint is 422. Anything else is a defect."""
    if page.status == UNPROCESSABLE:
        return False
    if page.status != 200 or re.search(rf"/{screen}/|/accounts/", page.address):
        raise RuntimeError(f"A form of {screen} led to {page.address} with {page.status}.")
    return True


def form_of(html: str, *, named: str = "submission") -> dict[str, str]:
    """The names and values of a screen's form, as a browser would send them by the button that it is sent by.

    It is the first that has something of this name. Nothing where there is none.
    """
    reader = _Forms()
    reader.feed(html)
    return next((form for form in reader.forms if named in form), {})


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "form":
            self.forms.append({})
        elif not self.forms or "disabled" in given:
            return
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.forms[-1]):
            self.forms[-1][self._select] = given.get("value", "")
        elif tag == "button" and name and "data-submit" in given:
            self.forms[-1][name] = given.get("value", "")
        elif tag == "input" and name and (kind not in _NOT_ALWAYS_SENT or "checked" in given):
            self.forms[-1].setdefault(name, given.get("value", "on" if kind in _TICKED else ""))


def _token(headers: Message) -> str:
    """The token of Django's protection of forms, where the answer sets one."""
    cookies = SimpleCookie("; ".join(headers.get_all("Set-Cookie", [])))
    return cookies["csrftoken"].value if "csrftoken" in cookies else ""
