"""Agents at their browsers: they answer tickets, and press 'Versturen' again when no page comes back."""

import random
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookies import SimpleCookie

from benchmarks.faults.ledger import Ledger
from benchmarks.faults.load import RETRY_SECONDS, Deed

WAIT_SECONDS = 20
UNPROCESSABLE = 422
PASSED_ON = (
    *("submission", "seen_event", "seen_elsewhere", "answered"),
    *("subject", "to", "cc", "bcc", "state"),
)
_SERVER_TROUBLE = range(500, 600)


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
            if error.code in _SERVER_TROUBLE:
                return None
            return Page(error.geturl(), error.code, error.read().decode(errors="replace"))
        except (OSError, HTTPException):
            return None


def answering_agent(browser: Browser, *, seed: int) -> Deed:
    """Takes a ticket, reads the form, answers."""
    chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)

    def answer() -> None:
        if not browser.ledger.numbers:
            return
        number = chance.choice(browser.ledger.numbers)
        browser.ask(f"/tickets/{number}/")  # brings the token that a POST needs
        opened = browser.ask(f"/tickets/{number}/neem/antwoord/", form={})
        fields = fields_of(opened.html)
        if "submission" not in fields:
            return  # a colleague holds it
        form = {name: fields.get(name, "") for name in PASSED_ON}
        form["text"] = f"Om acht uur.\n\n{form['submission']}"
        page = browser.ask(f"/tickets/{number}/antwoord/", form=form)
        browser.ledger.answer(form["submission"], is_sent=_is_sent(page))

    return answer


def _is_sent(page: Page) -> bool:
    """A page that is no form any more; the form with a complaint is 422. Anything else is a defect."""
    if page.status == UNPROCESSABLE:
        return False
    if page.status != 200 or re.search(r"/antwoord/|/accounts/", page.address):
        raise RuntimeError(f"An answer led to {page.address} with {page.status}.")
    return True


def fields_of(html: str) -> dict[str, str]:
    """The names and values of a page's form fields, as a browser would send them."""
    reader = _Fields()
    reader.feed(html)
    return reader.fields


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "input" and attributes.get("name"):
            self.fields.setdefault(attributes["name"] or "", attributes.get("value") or "")
        elif tag == "select":
            self._select = attributes.get("name") or ""
        elif tag == "option" and self._select and "selected" in attributes:
            self.fields[self._select] = attributes.get("value") or ""


def _token(headers: Message) -> str:
    """The token of Django's protection of forms, where the answer sets one."""
    cookies = SimpleCookie("; ".join(headers.get_all("Set-Cookie", [])))
    return cookies["csrftoken"].value if "csrftoken" in cookies else ""
