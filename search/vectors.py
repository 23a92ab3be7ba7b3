"""Making a tsvector: which lexeme stands at which places, within what PostgreSQL takes. No Django here."""

from collections.abc import Mapping, Sequence
from typing import Final

from search.words import Words

GAP: Final = 10
"""Places between two texts, so that no phrase is found across them."""
LAST: Final = 16_383
"""The last place there is (`MAXENTRYPOS` less one); words beyond stand there, all together."""
BYTES_MOST: Final = 900_000
"""Of lexemes. PostgreSQL refuses more than 1 MB with their places (`MAXSTRPOS`): 2 bytes for each of at most
three lexemes at 16,383 places, less than 100 kB."""

_ENTRY_BYTES: Final = 6  # of a lexeme: its count of places, being aligned, and its place beyond the last
_SIGN_BYTES: Final = 4  # at most, of what is not ASCII


def quoted(lexeme: str) -> str:
    """A lexeme as it stands in a tsvector or tsquery that PostgreSQL reads."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


class Vector:
    """A tsvector that grows, text by text; `is_cut` once not all had a place of its own in it.

    PostgreSQL keeps 255 places of one lexeme; it is given all of them.
    """

    def __init__(self, stems: Mapping[str, Sequence[str]]) -> None:
        self.is_cut = False
        self._stems = stems
        self._places: dict[str, str] = {}
        self._beyond: set[str] = set()
        self._next = 1
        self._bytes = 0

    def add(self, text: Words, *, weight: str) -> None:
        """Add the words of one text, each at its place."""
        stems, places, first = self._stems, self._places, self._next
        # The place before the last stays free: nothing is beside what stands beyond.
        room = max(LAST - 1 - first, 0)
        for place, word in enumerate(text.words[:room], start=first):
            at = f"{place}{weight}"
            for lexeme in stems[word]:
                if lexeme in places:
                    places[lexeme] += "," + at
                else:
                    self._begin(lexeme, at)
        for offset, whole in text.wholes:
            if offset < room:
                for lexeme in stems[whole]:
                    self._put(lexeme, f"{first + offset}{weight}")
        if len(text.words) > room:
            words = {*text.words[room:], *(whole for offset, whole in text.wholes if offset >= room)}
            beyond = {lexeme for word in words for lexeme in stems[word]}
            self._put_beyond(beyond, weight)
        self._next = first + len(text.words) + GAP

    def literal(self) -> str:
        """As PostgreSQL reads it; what words are made of needs no escape but for addresses."""
        return " ".join(
            [
                f"'{lexeme}':{at}" if "'" not in lexeme else f"{quoted(lexeme)}:{at}"
                for lexeme, at in self._places.items()
            ]
        )

    def _put(self, lexeme: str, at: str) -> None:
        if lexeme in self._places:
            self._places[lexeme] += "," + at
        else:
            self._begin(lexeme, at)

    def _put_beyond(self, lexemes: set[str], weight: str) -> None:
        self.is_cut = True
        for lexeme in lexemes - self._beyond:
            self._put(lexeme, f"{LAST}{weight}")
        self._beyond |= lexemes

    def _begin(self, lexeme: str, at: str) -> None:
        signs = len(lexeme) if lexeme.isascii() else len(lexeme) * _SIGN_BYTES
        if self._bytes + signs + _ENTRY_BYTES > BYTES_MOST:
            self.is_cut = True
            return
        self._bytes += signs + _ENTRY_BYTES
        self._places[lexeme] = at
