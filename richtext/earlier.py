"""The words of the messages before one, as far as they can be compared through all mail programs."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from richtext.plain import INVISIBLE

MOST: Final = 200_000
WORDS_LEAST: Final = 3  # fewer stand in an earlier message by chance

_MARKS = re.compile(r"^[>|\s]+", re.MULTILINE)
# Where a link leads to, which programs rewrite; what it is called stays.
_ADDRESS = re.compile(r"<(?:https?|mailto|tel):[^<>\s]*+>", re.IGNORECASE)
# Marks of bold, rules and bullets, which each program writes in its own way.
_DRAWN = str.maketrans("", "", "*_")
_BULLETS: Final = "-–—•·▪◦|=~"


class Earlier:
    """The words of the messages before this one, the newest first, as far as they are looked at.

    `read` gives the words of one of them; who looks at many messages of one story remembers them.
    """

    def __init__(self, texts: Iterable[str], *, read: Callable[[str], str] | None = None) -> None:
        self._texts = texts
        self._read = read or words_of
        self._words: str | None = None

    def holds(self, text: str, *, least: int = WORDS_LEAST) -> bool:
        """Whether these words, at least so many and in this order, stand in one of the messages."""
        words = words_of(text)
        return words.count(" ") + 1 >= least and f" {words} " in self._all_words()

    def holds_first(self, text: str) -> int:
        """How many words of a text, from its first on, stand together in one of the messages."""
        words = words_of(text).split(" ")
        held, too_many = 0, len(words) + 1
        while too_many - held > 1:
            middle = (held + too_many) // 2
            if f" {' '.join(words[:middle])} " in self._all_words():
                held = middle
            else:
                too_many = middle
        return held if held >= WORDS_LEAST else 0

    def _all_words(self) -> str:
        """The words of all messages, read when they are first asked for; most messages quote nothing."""
        if self._words is None:
            taken, left = [], MOST
            for text in self._texts:
                if len(text) <= left:
                    taken.append(self._read(text))
                    left -= len(text)
            # A line break is in no text of words: nothing is found across two messages.
            self._words = "\n".join(f" {words} " for words in taken)
        return self._words


def words_of(text: str) -> str:
    """The words of a text, a space between them; its lines, marks and what its links lead to are left out."""
    if not text.isascii():
        text = INVISIBLE.sub("", text)
    if ">" in text or "|" in text:
        text = _MARKS.sub("", text)
        # Some write a space, or a new line, before it.
        text = _ADDRESS.sub("\0", text).replace(" \0", "").replace("\n\0", "").replace("\0", "")
    return " ".join(word for word in text.translate(_DRAWN).split() if word.strip(_BULLETS))
