"""Who works while things are killed: mail servers that hand us mail, and a mail server that keeps it for us.

Each does what its real model does after a failure: the same again, until it was told that it worked.
"""

import os
import random
import smtplib
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.faults.ledger import ADDRESS, Ledger, Letter

RETRY_SECONDS = (0.1, 0.8)
PAUSE_SECONDS = (0.1, 0.6)
Deed = Callable[[], None]


class Load:
    """Threads that repeat their deed until told to stop, and finish the one they are at."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self.errors: list[BaseException] = []

    def add(self, deed: Deed) -> None:
        """Begin to repeat a deed."""
        thread = threading.Thread(target=self._repeat, args=(deed,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """Let nobody begin anew."""
        self._stopping.set()

    @property
    def is_done(self) -> bool:
        """Whether all have finished."""
        return not any(thread.is_alive() for thread in self._threads)

    def _repeat(self, deed: Deed) -> None:
        chance = random.Random()  # noqa: S311  (a pause, no secret)
        try:
            while not self._stopping.is_set():
                deed()
                self._stopping.wait(chance.uniform(*PAUSE_SECONDS))
        except BaseException as error:  # noqa: BLE001  (told by the main thread: an error of this program)
            self.errors.append(error)


def sending_server(ledger: Ledger, *, port: int, seed: int) -> Deed:
    """An MTA: the same bytes again until it gets its 250 (RFC 5321, 4.5.4)."""
    chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)

    def send() -> None:
        letter = ledger.new_letter(chance=chance)
        while not _handed_over(letter, port=port):
            ledger.retried()
            time.sleep(chance.uniform(*RETRY_SECONDS))
        ledger.accept(letter, way="listener")

    return send


def _handed_over(letter: Letter, *, port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as line:
            line.sendmail("klant@visitor.example", [ADDRESS], letter.raw)
    except (OSError, smtplib.SMTPException):
        return False
    return True


def delivery_agent(ledger: Ledger, *, maildir: Path, way: str, owner: tuple[int, int], seed: int) -> Deed:
    """Puts mail into a Maildir as an MDA does: whole in `tmp`, then moved to `new`, Dovecot alive or not."""
    chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)
    for name in ("", "tmp", "new", "cur"):
        (maildir / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(maildir / name, *owner)

    def deliver() -> None:
        letter = ledger.new_letter(chance=chance)
        name = f"{time.time():.6f}.{letter.message_id.partition('@')[0]}.localhost"
        half = maildir / "tmp" / name
        half.write_bytes(letter.raw)
        os.chown(half, *owner)
        half.rename(maildir / "new" / name)
        ledger.accept(letter, way=way)

    return deliver
