"""Making a tsvector: which lexeme stands at which places, within what PostgreSQL takes. No Django here."""

from collections.abc import Mapping, Sequence
from typing import Final

from search.words import Words

GAP: Final = 10
"""Places between two texts, so that no phrase is found across them."""
LAST: Final = 16_383
"""The last place there is (`MAXENTRYPOS` less one); words beyond stand there, all together."""
PLACES_MOST: Final = 255
"""Of one lexeme (`MAXNUMPOS` less one); PostgreSQL leaves out more."""
BYTES_MOST: Final = 1_000_000
"""Of lexemes and their places; PostgreSQL refuses more than 1 MB (`MAXSTRPOS`)."""

_LEXEME_BYTES: Final = 4  # its count of places, and being aligned
_PLACE_BYTES: Final = 2


def quoted(lexeme: str) -> str:
    """A lexeme as it stands in a tsvector or tsquery that PostgreSQL reads."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


class Vector:
    """A tsvector that grows, text by text; `is_cut` once not all had a place of its own in it."""

    def __init__(self, stems: Mapping[str, Sequence[str]]) -> None:
        self.is_cut = False
        self._stems = stems
        self._places: dict[str, list[str]] = {}
        self._next = 1
        self._bytes = 0

    def add(self, text: Words, *, weight: str) -> None:
        """Add the words of one text, each at its place."""
        first, stems = self._next, self._stems
        for place, word in enumerate(text.words, start=first):
            for lexeme in stems[word]:
                self._put(lexeme, place, weight)
        for at, address in text.addresses:
            self._put(address, first + at, weight)
        self._next = first + len(text.words) + GAP

    def literal(self) -> str:
        """As PostgreSQL reads it."""
        return " ".join(f"{quoted(lexeme)}:{','.join(at)}" for lexeme, at in self._places.items())

    def _put(self, lexeme: str, place: int, weight: str) -> None:
        if place >= LAST - 1:  # the one before stays free: no phrase ends at what stands beyond
            place, self.is_cut = LAST, True
        said, places = f"{place}{weight}", self._places.get(lexeme)
        if places is None:
            size = len(lexeme.encode()) + _LEXEME_BYTES + _PLACE_BYTES
            if self._bytes + size > BYTES_MOST:
                self.is_cut = True
                return
            self._places[lexeme] = [said]
            self._bytes += size
        elif len(places) < PLACES_MOST and places[-1] != said and self._bytes < BYTES_MOST:
            places.append(said)
            self._bytes += _PLACE_BYTES
