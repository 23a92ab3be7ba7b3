"""What was handed to KVV and what it said to it: the other side's memory, which is never killed."""

import hashlib
import itertools
import random
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

ADDRESS = "info@faults.example"
FILE_BYTES = 200_000
LETTERS = "bdfghklmnp"
"""What digits are in a word: none that a stem of it leaves out."""
MARK = rf"\b(?:stuk)?merk[{LETTERS}]+x\b"


@dataclass(frozen=True, slots=True)
class Letter:
    """A customer's mail, which exists once whatever is done to hand it over."""

    message_id: str
    raw: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, in hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()


class Way(StrEnum):
    """How a visitor sends a form: once, by two presses at the same moment, after it came back with their
    files; or they go away when no page comes, or when it comes back."""

    ONCE = "once"
    TWICE = "twice"
    CAME_BACK = "came back"
    GAVE_UP = "gave up"
    LEFT = "left"


WAYS = (*[Way.ONCE] * 5, *[Way.TWICE] * 3, *[Way.CAME_BACK] * 2, Way.GAVE_UP, Way.LEFT)


@dataclass(frozen=True, slots=True)
class File:
    """A file that a customer sends."""

    name: str
    data: bytes

    @property
    def content_type(self) -> str:
        """As a browser calls it."""
        return "text/plain" if self.name.endswith(".txt") else "application/octet-stream"

    @property
    def same(self) -> tuple[str, str]:
        """What is alike of the same file: its name, and the SHA-256 of its bytes in hexadecimal."""
        return self.name, hashlib.sha256(self.data).hexdigest()


@dataclass(slots=True)
class Question:
    """A form that a visitor fills in. `mark`: a word that stands in it alone; `token`: who the form is.

    `pages`: the addresses of the pages that said that it was sent, and `number` of the ticket that they told;
    `waits`: they told that the address is to be confirmed first; `pressed`: that was begun.
    """

    n: int
    mark: str
    way: Way
    confirms: bool
    files: tuple[File, ...]
    token: str = ""
    pages: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    waits: bool = False
    pressed: bool = False

    @property
    def address(self) -> str:
        """The visitor's, who asks no other question."""
        return f"bezoeker{self.n}@visitor.example"

    @property
    def was_told(self) -> bool:
        """Whether they read that it was sent: from then on it must not get lost."""
        return bool(self.pages)


@dataclass(slots=True)
class Message:
    """What a customer writes on their own page; `is_told`: they read that it is there."""

    mark: str
    files: tuple[File, ...]
    is_told: bool = False


@dataclass(slots=True)
class Ledger:
    """Mails that KVV or its mail server said to have; what an agent was told is sent, or refused, and what
    they asked to be done to some tickets together; the forms that visitors sent, by their addresses, and what
    customers wrote on their pages. `on_its_way`: how many of these two are being sent at this moment."""

    way_of: dict[str, str] = field(default_factory=dict)
    accepted: dict[str, Letter] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    together: set[str] = field(default_factory=set)
    questions: dict[str, Question] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    on_its_way: int = 0
    retries: int = 0
    numbers: tuple[str, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _count: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def new_question(self, *, chance: random.Random) -> Question:
        """A form that somebody opens: which of the two, with what files, and how it is going to be sent."""
        with self._lock:
            n = next(self._count)
        way, files = chance.choice(WAYS), tuple(_files(n, chance=chance))
        question = Question(n, mark_of(n), way, confirms=chance.random() < 0.35, files=files)
        self.questions[question.address] = question
        return question

    def new_message(self, *, chance: random.Random) -> Message:
        """What a customer is about to write on their page."""
        with self._lock:
            n = next(self._count)
        message = Message(mark_of(n), tuple(_files(n, chance=chance)))
        self.messages.append(message)
        return message

    @contextmanager
    def sending(self) -> Iterator[None]:
        """A form is on its way meanwhile."""
        with self._lock:
            self.on_its_way += 1
        try:
            yield
        finally:
            with self._lock:
                self.on_its_way -= 1

    def new_letter(self, *, chance: random.Random) -> Letter:
        """A mail of one of 40 customers: a new question, or one in a ticket, by number or by reference."""
        with self._lock:
            n = next(self._count)
            earlier = list(self.accepted)[-200:]
        message_id = f"{n}.{uuid.uuid4().hex}@visitor.example"
        subject, more = f"Vraag {n}", ""
        kind = chance.random()
        if kind < 0.2 and self.numbers:
            subject = f"Re: [Ticket#{chance.choice(self.numbers)}] Vraag {n}"
        elif kind < 0.4 and earlier:
            more = f"In-Reply-To: <{chance.choice(earlier)}>\r\n"
        head = (
            f"From: Klant {n % 40} <klant{n % 40}@visitor.example>\r\nTo: {ADDRESS}\r\nSubject: {subject}\r\n"
            f"Message-ID: <{message_id}>\r\n{more}Content-Type: text/plain; charset=utf-8\r\n\r\n"
        )
        body = f"Mijn kenmerk is {mark_of(n)}.\r\n" + "Hoe laat begint het?\r\n" * chance.randint(1, 400)
        return Letter(message_id, head.encode() + body.encode())

    def accept(self, letter: Letter, *, way: str) -> None:
        """From now on this mail must not get lost."""
        with self._lock:
            self.accepted[letter.message_id] = letter
            self.way_of[letter.message_id] = way

    def answer(self, submission: str, *, is_sent: bool) -> None:
        """From now on what this form said must leave once, or must not exist."""
        with self._lock:
            (self.sent if is_sent else self.refused).add(submission)

    def changed_together(self, submission: str) -> None:
        """From now on each ticket of this bulk action must be changed once, or say why not."""
        with self._lock:
            self.together.add(submission)

    def retried(self) -> None:
        """Something had to be done again."""
        with self._lock:
            self.retries += 1


def mark_of(n: int) -> str:
    """A word of letters that no other text has."""
    return f"merk{''.join(LETTERS[int(digit)] for digit in str(n))}x"


def file_mark_of(n: int) -> str:
    """The word that stands in the file alone that came with this text."""
    return f"stuk{mark_of(n)}"


def _files(n: int, *, chance: random.Random) -> Iterator[File]:
    """None, a text, something else, or both."""
    kind = chance.random()
    if kind < 0.3:
        yield File(f"lijst{n}.txt", f"In de lijst staat {file_mark_of(n)}.\n".encode())
    if 0.2 < kind < 0.5:
        yield File(f"foto{n}.bin", chance.randbytes(chance.randint(1, FILE_BYTES)))
