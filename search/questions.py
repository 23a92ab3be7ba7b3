"""The words by which a question is like another: those of what a customer asked first, each once.

A word stands for all its forms by one lexeme, the Dutch stem; that of a word which only English knows is the
same as it. What means somebody and not something is none: mail addresses, links and long numbers; nor is what
stands around a question, or is quoted in it.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from richtext.own_words import own_text
from search.stems import Lexemes, stems_of
from search.words import words_of

TEXT_MOST: Final = 10_000
"""Characters of what was asked; who writes more tells a story."""
WORDS_MOST: Final = 300
DIGITS_MOST: Final = 4
LETTERS_LEAST: Final = 2

_NOBODY = re.compile(r"\S*@\S+|\b(?:https?://|www\.)\S+", re.IGNORECASE)
_TICKET = re.compile(r"\[[^\[\]]{0,40}#[^\[\]]{0,40}\]|\b(?:re|fwd?|antw|aw|vs|tr|doorst)\s*:", re.IGNORECASE)


def asked_words(subject: str, text: str) -> list[str]:
    """The words of a question, of `search.words`, each once."""
    said = f"{_TICKET.sub(' ', subject)}\n{own_text(text[:TEXT_MOST])}"
    words = dict.fromkeys(words_of(_NOBODY.sub(" ", said)))
    return [word for word in words if _means_something(word)][:WORDS_MOST]


def lexemes_of(questions: Iterable[Sequence[str]]) -> list[list[str]]:
    """One lexeme for each word of these questions that is no stop word, sorted; two statements at most."""
    questions = list(questions)
    known = lexeme_by_word(set().union(*questions))
    return [sorted({known[word] for word in words if word in known}) for words in questions]


def lexeme_by_word(words: Collection[str]) -> dict[str, str]:
    """The lexeme of each of these words that is no stop word, in their order; two statements at most.

    The stem of the stem: 'fietsen' has the stem 'fiets', of which alone 'fiet' is made.
    """
    stems = stems_of(words)
    first = {word: stem for word in words if (stem := _stem(stems[word]))}
    again = stems_of(first.values())
    return {word: _stem(again[stem]) or stem for word, stem in first.items()}


def _stem(lexemes: Lexemes) -> str:
    """The word itself comes first, then its Dutch stem, if that is another; '' of a stop word."""
    return lexemes[min(1, len(lexemes) - 1)] if lexemes else ""


def _means_something(word: str) -> bool:
    return len(word) <= DIGITS_MOST if word.isdigit() else len(word) >= LETTERS_LEAST
