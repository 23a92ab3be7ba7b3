"""Visitors at question forms, who press again when no page comes back, and what they do by their mails.

Each sits in a network of their own, without cookies. What they read of the form's page and of their mails is
all that they know.
"""

import random
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from benchmarks.faults.agents import SERVER_TROUBLE, UNPROCESSABLE, WAIT_SECONDS, Page, form_of
from benchmarks.faults.ledger import File, Ledger, Question, Way
from benchmarks.faults.load import RETRY_SECONDS, Deed
from webforms.identity import QUICKEST

FORM, CONFIRMING_FORM = "vragen", "bevestigde-vragen"
FORMS = "/formulieren"
FOUND = 302
CONFIRMS, WRITES_TWICE, CLOSES = 0.7, 0.3, 0.15
_NUMBER = re.compile(r'class="bignr">([0-9]+)<')
_CONFIRM = re.compile(rf"{FORMS}/bevestig/[^\s/]+/")
_PAGE = re.compile(r"/mijn-vraag/[^\s/]+/")

Filled = Mapping[str, str]


@dataclass(slots=True)
class Home:
    """The browser of who fills in form `n`."""

    port: int
    ledger: Ledger
    n: int

    def open(self, path: str) -> Page:
        """A page, asked for until the server gives one."""
        return self._until_given(lambda: self.ask("GET", path))

    def send(self, path: str, form: Filled, files: Sequence[File] = ()) -> Page:
        """The page that a form leads to; it is sent again until the server gives one."""
        return self._led(self._until_given(lambda: self.try_once(path, form, files)))

    def send_twice(self, path: str, form: Filled, files: Sequence[File] = ()) -> list[Page]:
        """The pages that two presses at the same moment lead to."""
        with ThreadPoolExecutor(2) as presses:
            return list(presses.map(lambda _press: self.send(path, form, files), range(2)))

    def send_once(self, path: str, form: Filled, files: Sequence[File] = ()) -> Page | None:
        """The page that a form leads to, where one came the first time."""
        answer = self.try_once(path, form, files)
        return self._led(answer) if answer is not None else None

    def try_once(self, path: str, form: Filled, files: Sequence[File]) -> Page | None:
        """What came back of a form, be it that the page is elsewhere; None where nothing useful did."""
        field = "f_bijlage" if "token" in form else "attachments"
        brought = (
            {field: [SimpleUploadedFile(file.name, file.data, file.content_type) for file in files]}
            if files
            else {}
        )
        body = encode_multipart(BOUNDARY, {**form, **brought})
        with self.ledger.sending():
            return self.ask("POST", path, body)

    def fill_in(self) -> None:
        """Take the time that a person needs at least."""
        time.sleep(QUICKEST.total_seconds() + 0.1)

    def ask(self, method: str, path: str, body: bytes = b"") -> Page | None:
        """One request; None where no page came, or one that says that the server is in trouble."""
        network = f"127.{1 + self.n // 250 % 250}.{1 + self.n % 250}.1"
        line = HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS, source_address=(network, 0))
        headers = {"Content-Type": MULTIPART_CONTENT} if method == "POST" else {}
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            html = answer.read().decode(errors="replace")
        except (OSError, HTTPException):
            return None
        finally:
            line.close()
        is_trouble = answer.status in SERVER_TROUBLE
        return None if is_trouble else Page(answer.getheader("Location") or path, answer.status, html)

    def _led(self, answer: Page) -> Page:
        return self.open(answer.address) if answer.status == FOUND else answer

    def _until_given(self, ask: Callable[[], Page | None]) -> Page:
        chance = random.Random()  # noqa: S311  (a pause, no secret)
        while (page := ask()) is None:
            self.ledger.retried()
            time.sleep(chance.uniform(*RETRY_SECONDS))
        return page


class Postbox:
    """What visitors find in their mails: the links that they did not follow yet, and their own pages.

    Each is the number of a form and a path.
    """

    def __init__(self, outbox: Path) -> None:
        self._outbox, self._seen = outbox, set[str]()
        self._lock = threading.Lock()
        self._to_confirm: list[tuple[int, str]] = []
        self._pages: list[tuple[int, str]] = []

    def look(self) -> None:
        """Read what came since."""
        with self._lock:
            new = {file.name for file in self._outbox.glob("*.eml")} - self._seen
            self._seen |= new
            for name in sorted(new):
                self._read((self._outbox / name).read_bytes())

    def next_to_confirm(self) -> tuple[int, str] | None:
        """A question that is to be confirmed, told once."""
        with self._lock:
            return self._to_confirm.pop() if self._to_confirm else None

    def some_page(self, chance: random.Random) -> tuple[int, str] | None:
        """Somebody's own page."""
        with self._lock:
            return chance.choice(self._pages) if self._pages else None

    def _read(self, raw: bytes) -> None:
        mail = message_from_bytes(raw, policy=default)
        who = re.search(r"bezoeker([0-9]+)@", str(mail["To"]))
        body = mail.get_body(("plain",))
        if who is None or body is None:
            return
        text = body.get_content()
        for links, found in ((self._to_confirm, _CONFIRM.search(text)), (self._pages, _PAGE.search(text))):
            if found is not None and (int(who[1]), found[0]) not in links:
                links.append((int(who[1]), found[0]))


def visitor(ledger: Ledger, *, port: int, seed: int) -> Deed:
    """Somebody else each time, who asks one question."""
    chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)

    def visit() -> None:
        question = ledger.new_question(chance=chance)
        ask_question(Home(port, ledger, question.n), question)

    return visit


def reader_of_mail(ledger: Ledger, postbox: Postbox, *, port: int, seed: int) -> Deed:
    """Customers who confirm their address, some never, and who write back on their own page."""
    chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)

    def read() -> None:
        postbox.look()
        if link := postbox.next_to_confirm():
            if chance.random() < CONFIRMS:
                confirm(Home(port, ledger, link[0]), link[1], is_twice=chance.random() < WRITES_TWICE)
        elif link := postbox.some_page(chance):
            write_back(Home(port, ledger, link[0]), link[1], chance=chance)

    return read


def ask_question(home: Home, question: Question) -> None:
    """Open a form, fill it in, and send it as this visitor does."""
    path = f"{FORMS}/{CONFIRMING_FORM if question.confirms else FORM}/"
    form, files = _filled(home.open(path), question), question.files
    question.token = form["token"]
    home.fill_in()
    if question.way in (Way.CAME_BACK, Way.LEFT):
        page = home.send(path, form | {"f_mail": "geen adres"}, files)
        if page.status != UNPROCESSABLE:
            raise RuntimeError(f"A form with a wrong address led to {page.address} with {page.status}.")
        form, files = _filled(page, question), ()
    if question.way is Way.GAVE_UP:
        _read(question, [home.send_once(path, form, files)])
    elif question.way is Way.TWICE:
        _read(question, home.send_twice(path, form, files))
    elif question.way is not Way.LEFT:
        _read(question, [home.send(path, form, files)])


def confirm(home: Home, path: str, *, is_twice: bool) -> None:
    """Open the link that was mailed, and press the button."""
    question = home.ledger.questions[f"bezoeker{home.n}@visitor.example"]
    home.open(path)
    question.pressed = True
    _read(question, home.send_twice(path, {}) if is_twice else [home.send(path, {})])


def write_back(home: Home, path: str, *, chance: random.Random) -> None:
    """Write a message, where the page is still theirs; some close their question with it."""
    opened = home.open(path)
    form = form_of(opened.html)
    if not form:
        return  # another customer's by now
    message = home.ledger.new_message(chance=chance)
    form |= {"text": f"Nog iets: {message.mark}."} | ({"close": "1"} if chance.random() < CLOSES else {})
    send = home.send_twice if chance.random() < WRITES_TWICE else lambda *sent: [home.send(*sent)]
    pages = send(f"{path}schrijf/", form, message.files)
    message.is_told = any(page.status == 200 and "done=" in page.address for page in pages)


def _filled(page: Page, question: Question) -> dict[str, str]:
    """The form of a page with the visitor's answers."""
    form = form_of(page.html, named="token")
    if not form:
        raise RuntimeError(f"There is no form at {page.address}, which came with {page.status}.")
    return form | {
        "f_mail": question.address,
        "f_onderwerp": f"Vraag {question.n}",
        "f_vraag": f"Hoe laat begint het? Mijn kenmerk is {question.mark}.",
    }


def _read(question: Question, pages: Sequence[Page | None]) -> None:
    """Remember what the pages said; one that is neither of the two that a form leads to is a defect."""
    for page in pages:
        if page is None:
            continue
        if page.status != 200 or not page.address.startswith(f"{FORMS}/verstuurd/"):
            raise RuntimeError(f"A form of {question.address} led to {page.address} with {page.status}.")
        question.pages.add(page.address)
        told = _NUMBER.search(page.html)
        question.numbers |= {told[1]} if told else set()
        question.waits |= told is None
