"""One damaged mail: made, read, cleaned, and judged."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.fuzz.mutate import mutate
from mailgate.parse import UnreadableMail, parse_mail
from richtext.clean import clean_html
from tests.mailgate.parse.storable import assert_storable, assert_text

SECONDS_MOST = 2.0
CLEANED_MOST = 20_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """An input that must not do what it did."""

    number: int
    raw: bytes
    why: str


def input_of(mails: Sequence[bytes], *, seed: str, number: int) -> bytes:
    """The mail that this seed and number name; the same as long as the corpus is the same."""
    return mutate(mails, chance=random.Random(f"{seed}:{number}"))  # noqa: S311  (repeatable, not secret)


def check(raw: bytes) -> tuple[str, str]:
    """'read', 'unreadable' or 'failed', and for the last one why."""
    began = time.thread_time()
    try:
        mail = parse_mail(raw)
        read = time.thread_time() - began
        cleaned = clean_html(mail.html) if mail.html else ""
        assert_storable(mail)
        assert_text(cleaned, limit=CLEANED_MOST)
    except UnreadableMail:
        return "unreadable", ""
    except Exception as error:  # noqa: BLE001  (whatever it is, it is what we are looking for)
        return "failed", f"{type(error).__name__}: {error}"[:500]
    taken = time.thread_time() - began
    if taken > SECONDS_MOST:
        return "failed", f"it took {taken:.1f} s, {read:.1f} s of them for reading"
    return "read", ""
