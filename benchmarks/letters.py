"""What the tickets of a benchmark say: natural text, and in it words of which is known how many have them.

The same for a ticket whenever it is asked, so that its articles and what they are found by can be made apart.
"""

from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

from benchmarks.natural import SENTENCE, Writer

ARTICLES: Final = 5
SENTENCES_EACH: Final = 6
"""In each article, of twelve words; the first of a ticket has one more, of the words below."""
SENTENCES: Final = 100_000
"""So many there are to choose of. Of the 60,000 rarest words each is in six of them at least, on average."""

SHARES: Final = {
    "scouting": 0.97,
    "vergadering": 0.5,
    "penningmeester": 0.1,
    "kampvuur": 0.01,
    "brandblusser": 0.001,
}
"""A word → in which part of the tickets it is. None of these words is one of `Writer`."""
TWENTY: Final = "zeepkist"
OLD, ARCHIVE = "telegram", "faxbericht"
"""In one of a hundred of the oldest tenth; in half of the older half."""
SUMMER, WINTER = "zomer", "winter"
"""Each in half of the tickets, never together."""
SILVER, FLUTE = "zilveren", "fluit"
"""Each in half; in a quarter both, but one behind the other in twenty only."""


KNOWN_WORDS: Final = (*SHARES, TWENTY, OLD, ARCHIVE, SUMMER, WINTER, SILVER, FLUTE)


class Letter(NamedTuple):
    """One article: which sentences it has, and the words behind them."""

    sentences: Sequence[int]
    words: Sequence[str]


class Letters:
    """Those of so many tickets."""

    def __init__(self, tickets: int) -> None:
        writer = Writer()
        self.sentences: Final = [writer.words(SENTENCE) for _n in range(SENTENCES)]
        self._lines = [f"{' '.join(words).capitalize()}." for words in self.sentences]
        self._tickets = tickets
        self._twenty = {tickets * (2 * n + 1) // 40 for n in range(20)}
        self._random = Random()  # noqa: S311  (nothing secret: text)

    def of(self, n: int) -> list[Letter]:
        """The letters of the n-th ticket, counted from 0, the oldest."""
        self._random.seed(n)
        said = self._random.choices(range(SENTENCES), k=ARTICLES * SENTENCES_EACH)
        own = self._words_of(n)
        return [
            Letter(said[start : start + SENTENCES_EACH], () if start else own)
            for start in range(0, len(said), SENTENCES_EACH)
        ]

    def text(self, letter: Letter) -> str:
        """As it is read."""
        lines = [self._lines[number] for number in letter.sentences]
        return "\n".join([*lines, f"{' '.join(letter.words)}."] if letter.words else lines)

    def _words_of(self, n: int) -> list[str]:
        chance = self._random.random
        is_one_of_twenty = n in self._twenty
        has_all = n == self._tickets // 2  # of few tickets perhaps the only one
        words = [word for word, share in SHARES.items() if chance() < share or has_all]
        words.append(SUMMER if n % 2 else WINTER)
        if is_one_of_twenty:
            words += [TWENTY, SILVER, FLUTE]
        else:
            words = [*([FLUTE] if chance() < 0.5 else []), *words, *([SILVER] if chance() < 0.5 else [])]
        if n < self._tickets // 10 and n % 100 == 3:
            words.append(OLD)
        if n < self._tickets // 2 and chance() < 0.5:
            words.append(ARCHIVE)
        return words
