"""Message-IDs: of the mail itself and of those it answers, without their angle brackets.

Some servers make encoded words of them, which RFC 2047 (5) forbids: an answer must find its question anyway.
"""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from mailgate.parse.storable import storable_line
from mailgate.parse.words import decode_words

MAX_CHARACTERS: Final = 500
MAX_REFERENCES: Final = 100

_BRACKETED = re.compile(r"<([^<>]++)>")
_SPACES = re.compile(r"\s++")


def own_id(header: str) -> str | None:
    """The Message-ID, with or without brackets; one of more than 500 characters becomes its SHA-256."""
    header = decode_words(header)
    match = _BRACKETED.search(header)
    written = match[1] if match else header.strip("<> \t")
    return _storable(written) or None


def referred_ids(headers: Iterable[str]) -> tuple[str, ...]:
    """The ids of In-Reply-To or References, each once, in order; of more than 100 the first and 99 last."""
    found: dict[str, None] = {}
    for header in map(decode_words, headers):
        written = _BRACKETED.findall(header) or [word for word in header.split() if "@" in word]
        for one in written:
            if stored := _storable(one):
                found.setdefault(stored)
    ids = tuple(found)
    return ids if len(ids) <= MAX_REFERENCES else ids[:1] + ids[1 - MAX_REFERENCES :]


def _storable(written: str) -> str:
    """A folded id has spaces that are not its own."""
    compact = _SPACES.sub("", written)
    if len(compact) > MAX_CHARACTERS:
        return sha256(compact.encode("utf-8", "replace")).hexdigest()
    return storable_line(compact, limit=MAX_CHARACTERS).replace(" ", "")
