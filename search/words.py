"""What a word is: one answer for what is indexed and for what is asked.

No Django here. Words have no accents and no capitals; all that is neither letter nor digit separates them, so
a code with dashes is a phrase of its parts, and so is the name of a file. A mail address is one word as a
whole and, at the same place, the words that it is made of; so is what some write in pieces and others in one:
'e-mail', a phone number, an IBAN. Time is linear in the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST: Final = 100
"""Characters of a word that count; what is longer is no word of a language, and is found by its beginning."""

_WORD = re.compile(r"[^\W_]+")
# At most so many at once, for what becomes of them is remembered; in most texts they are few.
_FOREIGN = re.compile(r"[^\x00-\x7f]{1,16}")
# What an address is found in: no part of it can be anything else (RFC 5322, 3.2.3, without what nobody uses).
_RUN = re.compile(r"[\w.+%'@-]+")
_BARE: Final = ".+%'-_"

# A phone number is nine digits behind a 0 or the number of a country; an IBAN stands in groups of four.
_PHONE: Final = r"(?P<phone>(?:0|(?:\+|00)[1-9][0-9][ .-]?(?:\(0\)[ .-]?)?)[1-9](?:[ ./-]{0,3}[0-9]){8})"
_IBAN: Final = r"[a-z]{2}[0-9]{2}[ ][a-z0-9]{4}(?:[ ][0-9]{4}){2,6}(?:[ ][0-9]{1,3})?"
NUMBER_IN_PIECES: Final = rf"(?<![\w+])(?<!\w-)(?:{_PHONE}|{_IBAN})(?![-:]?\w)"
"""A number that some write in pieces and others in one, whatever the capitals."""
_NUMBER = re.compile(NUMBER_IN_PIECES.replace("[ ./-]", "[ ./)-]"))
_DASHED = re.compile(r"(?<![\w-])[^\W\d_]++(?:-[^\W\d_]++){1,3}(?!-?\w)")
# What tells, faster, that there may be one of these.
_DIGITS, _DASH = re.compile("[0-9][0-9 ./()-]{8}"), re.compile(r"-(?<=\w-)(?=[^\W\d_])")
_NO_SIGN = re.compile(r"[\W_]+")


class Words(NamedTuple):
    """The words of a text, one a place from 0, and what is one word as a whole, too, each where it begins."""

    words: list[str]
    wholes: list[tuple[int, str]]


def folded(text: str) -> str:
    """The text without capitals, accents, invisible signs and what can't be stored.

    Compatible forms are one (NFKD): 'ﬁ' is 'fi', a full-width 'Ａ' is 'a', 'ß' is 'ss'.
    """
    if not text.isascii():
        text = _FOREIGN.sub(lambda found: _plain(found[0]), text)
    return text.lower()


def words_of(text: str) -> list[str]:
    """The words of a text, one a place; an address as its parts."""
    return _cut(_WORD.findall(folded(text)))


def read_words(text: str) -> Words:
    """All that is indexed of a text."""
    text = folded(text)
    wholes, found = [], dict(_in_pieces(text))
    if "@" in text:
        found |= _addresses(text)
    if found:
        wholes = [
            (at, found[word.start()]) for at, word in enumerate(_WORD.finditer(text)) if word.start() in found
        ]
    return Words(_cut(_WORD.findall(text)), wholes)


def whole_address(text: str) -> str | None:
    """The one word that a text is sought as if it is just a mail address; None of any other text."""
    text = folded(text).strip()
    found = _RUN.fullmatch(text)
    return _address(text) if found else None


def in_one(text: str) -> str:
    """The one word that a text is to others, who do not write it in pieces; '' of any other text."""
    text = folded(text).strip()
    found = _NUMBER.fullmatch(text) or _DASHED.fullmatch(text)
    whole = _joined(found) if found else ""
    return whole if whole != text else ""


def _cut(words: list[str]) -> list[str]:
    return [word[:LONGEST] for word in words] if max(map(len, words), default=0) > LONGEST else words


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    """The addresses in a folded text, with where the first word of each begins."""
    for run in _RUN.finditer(text):
        if "@" in run[0] and (address := _address(run[0])) is not None:
            first = _WORD.search(text, run.start(), run.end())
            if first is not None:
                yield first.start(), address


def _address(run: str) -> str | None:
    """The address that this is, but for points and quotes around it; as far as a word counts."""
    local, _at, domain = run.strip(_BARE).partition("@")
    name, dot, top = domain.rpartition(".")
    parts_are_there = dot and _WORD.search(local) and _WORD.search(name) and _WORD.search(top)
    return f"{local}@{domain}"[:LONGEST] if parts_are_there and "@" not in domain else None


def _in_pieces(text: str) -> Iterator[tuple[int, str]]:
    """What stands in pieces in a folded text, as one word, with where the first piece begins."""
    for sign, pieces in ((_DIGITS, _NUMBER), (_DASH, _DASHED)):
        for found in pieces.finditer(text) if sign.search(text) else ():
            whole = _joined(found)
            if whole != found[0]:
                yield found.start() + found[0].startswith("+"), whole


def _joined(found: re.Match[str]) -> str:
    """In one piece, as far as a word counts; a phone number without its country."""
    word = _NO_SIGN.sub("", found[0])
    return f"0{word[-9:]}" if found.groupdict().get("phone") else word[:LONGEST]


@lru_cache(maxsize=4096)
def _plain(signs: str) -> str:
    """These signs as `folded` has them; context plays no part once marks are gone."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", signs).casefold())
    return "".join(sign for sign in decomposed if unicodedata.category(sign) not in _UNSEEN)


_UNSEEN: Final = frozenset({"Mn", "Mc", "Me", "Cf", "Cs"})
