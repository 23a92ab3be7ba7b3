"""The stems of words: one definition for the index and for what is asked of it.

A word of letters stands in the index by itself, by its Dutch stem and by its English one, all at one place;
it is sought by any of them. So a plural finds the singular where the stemmer is content with one of both
('fietsen' has the stem 'fiets', of which 'fiet' is made), and what begins with the letters of a prefix is
found by these. Numbers, codes and addresses are themselves. A stop word of either language is none.

The stems are those of PostgreSQL's dictionaries, which are asked for each word once: its own parser is never
used, for it takes a word like '12e5abc' apart, and depends on the locale of the database.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import md5
from typing import Final

from django.db import connection

from search.vectors import quoted

Lexemes = tuple[str, ...]

KNOWN_MOST: Final = 100_000
"""Words whose stems a process remembers: some 20 MB. Past that it begins anew."""
PROBE: Final = (
    *("fiets", "fietsen", "brieven", "huizen", "kinderen", "vergaderingen", "betaald", "ingeschreven"),
    *("aanmelding", "mogelijkheden", "gezellige", "lopend", "kosten", "deelnemers", "rekeningen", "foto"),
    *("de", "het", "een", "van", "niet", "worden", "the", "and", "will", "your", "questions", "registered"),
    *("running", "happily", "national", "payments", "relational", "generously", "skies", "ceased"),
)
"""Words by whose stems it is seen that PostgreSQL's are other ones than before."""

_ASK = """
SELECT word, ts_lexize('pg_catalog.dutch_stem', word), ts_lexize('pg_catalog.english_stem', word)
FROM unnest(%s::text[]) AS word
"""
# A Dutch word ends with neither; its stem does where an ending followed: 'briev' of 'brieven', 'huiz'.
_VOICED: Final = {"v": "f", "z": "s"}


class Stems(dict[str, Lexemes]):
    """Word → what stands in the index for it; nothing for a stop word, itself for what has no stem."""

    def __missing__(self, word: str) -> Lexemes:
        return (word,)


class _Memory:
    """What is known of one version of PostgreSQL: another may make other stems."""

    def __init__(self, server: int = 0) -> None:
        self.server = server
        self.stems = Stems()
        self.fingerprint = ""


_memory = _Memory()


def stems_of(words: Iterable[str]) -> Mapping[str, Lexemes]:
    """The stems of all these words (of `search.words`), and perhaps of others; one statement at most."""
    memory, all_words = _known(), set(words)
    new = [word for word in all_words if word not in memory.stems and has_stem(word)]
    if new and len(memory.stems) + len(new) > KNOWN_MOST:
        memory.stems = Stems()
        new = [word for word in all_words if has_stem(word)]
    stems = memory.stems
    if new:
        stems.update(_ask(new))
    return stems


def _known() -> _Memory:
    global _memory  # noqa: PLW0603  (a process speaks with one database)
    connection.ensure_connection()
    server = connection.connection.server_version
    if _memory.server != server:
        _memory = _Memory(server)
    return _memory


def has_stem(word: str) -> bool:
    """Whether a word of `search.words` may be Dutch or English: its accents are gone, so it is of a to z."""
    return word.isascii() and word.isalpha()


def fingerprint() -> str:
    """What tells PostgreSQL's stems of now from those of another version."""
    memory = _known()
    if not memory.fingerprint:
        stems = _ask(PROBE)
        said = repr([stems[word] for word in PROBE])
        memory.fingerprint = md5(said.encode(), usedforsecurity=False).hexdigest()
    return memory.fingerprint


def word_query(word: str, *, weights: str = "") -> str:
    """The tsquery for one word of `search.words` or a whole address; '' for a stop word.

    `weights`: those that count, as 'AB'; all of them without.
    """
    return _any_of(stems_of([word])[word], weights=weights)


def prefix_query(beginning: str, *, weights: str = "") -> str:
    """The tsquery for all words that begin so, stop words or not."""
    return f"{quoted(beginning)}:*{weights}"


def phrase_query(words: Sequence[str], *, is_open: bool = False, weights: str = "") -> str:
    """The tsquery for words one after the other; a stop word stands for any. '' if there is nothing else.

    `is_open`: the last of them is only begun.
    """
    stems = stems_of(words)
    query, distance = "", 0
    for place, word in enumerate(words, start=1):
        distance += 1
        is_begun = is_open and place == len(words)
        one = prefix_query(word, weights=weights) if is_begun else _any_of(stems[word], weights=weights)
        if one:
            query = f"{query} <{distance}> {one}" if query else one
            distance = 0
    return query


def _ask(words: Collection[str]) -> dict[str, Lexemes]:
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [list(words)])
        return {word: _lexemes(word, dutch, english) for word, dutch, english in cursor.fetchall()}


def _lexemes(word: str, dutch: Sequence[str], english: Sequence[str]) -> Lexemes:
    if not (dutch and english):
        return ()
    bare = [stem[:-1] + _VOICED.get(stem[-1], stem[-1]) if stem != word else stem for stem in dutch]
    return tuple(dict.fromkeys([word, *bare, *english]))


def _any_of(lexemes: Lexemes, *, weights: str) -> str:
    sides = [f"{quoted(lexeme)}:{weights}" if weights else quoted(lexeme) for lexeme in lexemes]
    return f"({' | '.join(sides)})" if len(sides) > 1 else "".join(sides)
