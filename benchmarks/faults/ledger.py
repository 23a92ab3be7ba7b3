"""What was handed to KVV and what it said to it: the other side's memory, which is never killed."""

import hashlib
import itertools
import random
import threading
import uuid
from dataclasses import dataclass, field

ADDRESS = "info@faults.example"


@dataclass(frozen=True, slots=True)
class Letter:
    """A customer's mail, which exists once whatever is done to hand it over."""

    message_id: str
    raw: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, in hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(slots=True)
class Ledger:
    """Mails that KVV or its mail server said to have; what an agent was told is sent, or refused, and what
    they asked to be done to some tickets together."""

    way_of: dict[str, str] = field(default_factory=dict)
    accepted: dict[str, Letter] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    together: set[str] = field(default_factory=set)
    retries: int = 0
    numbers: tuple[str, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _count: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

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
        return Letter(message_id, head.encode() + b"Hoe laat begint het?\r\n" * chance.randint(1, 400))

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
