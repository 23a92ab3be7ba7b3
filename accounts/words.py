"""The words by which a customer is found: of their name, their addresses and their code.

The same folding is in the database, which keeps a row for each word (`CustomerWord`): what is typed and what
is kept are folded alike, wherever that is done.
"""

import re
import unicodedata

WORD_MOST, TYPED_MOST = 100, 8
"""How long a word can be, in characters; how many of those typed are looked for."""

UPPER = (
    *(chr(code) for code in range(ord("A"), ord("Z") + 1)),
    *(chr(code) for code in (*range(0x391, 0x3A2), *range(0x3A3, 0x3AA))),  # Greek
    *(chr(code) for code in range(0x410, 0x430)),  # Cyrillic
    *(chr(code) for code in range(0x400, 0x410)),
)
LOWER = (
    *(chr(code) for code in range(ord("a"), ord("z") + 1)),
    *(chr(code) for code in (*range(0x3B1, 0x3C2), *range(0x3C3, 0x3CA))),
    *(chr(code) for code in range(0x430, 0x450)),
    *(chr(code) for code in range(0x450, 0x460)),
)
STROKES = {"Ø": "o", "ø": "o", "Ł": "l", "ł": "l", "Đ": "d", "đ": "d", "Ð": "d", "ð": "d", "ı": "i"}
PAIRS = {"Æ": "æ", "Œ": "œ", "Þ": "þ", "ẞ": "ß", "ς": "σ", "’": "'"}
PLAIN = str.maketrans({**dict(zip(UPPER, LOWER, strict=True)), **STROKES, **PAIRS})
ACCENTS = re.compile("[\u0300-\u036f]")
BETWEEN_WORDS = re.compile(r"[\x00-\x20\x7f]+")


def fold(text: str) -> str:
    """Lower case, without accents: 'Müller' and 'MULLER' are one; not what Python's `lower` makes of all."""
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text)).translate(PLAIN)


def typed_words(text: str) -> list[str]:
    """What was typed, as the words that a customer's must begin with; each once, and not too many."""
    words = (word[:WORD_MOST] for word in BETWEEN_WORDS.split(fold(text)) if word)
    return list(dict.fromkeys(words))[:TYPED_MOST]
