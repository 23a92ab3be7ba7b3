"""The language of a search: what somebody typed becomes a tree of what they look for.

No Django here, and never an error: what can't be read is taken as words or left out, and a remark says so.
`docs/search.md` tells the language. A text is first cut into pieces (`_pieces`), which become a tree by three
functions that call each other: `_any` reads what OR joins, `_all` what stands side by side, `_one` a word, a
phrase or a bracket with what stands before it. NOT binds closest, then AND, then OR.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from search.hints import Hint, Remark
from search.words import NUMBER_IN_PIECES
from tickets.letters.reply_words import REPLY_CHAIN

LENGTH_MOST: Final = 1000
"""Characters of a text that are read."""
TYPED_MOST: Final = 800
"""Characters that a field takes. A browser counts them in UTF-16, of which an address has 9 bytes each at
most (6 of 'é', 9 of '€', 12 of an emoji, which counts as two): so many fit into one, whatever they are."""
TERMS_MOST: Final = 50
"""Words and phrases of a text that are searched for."""
DEPTH_MOST: Final = 10
"""Brackets inside brackets that are heeded."""
BEGINNING_LEAST: Final = 2
"""Letters before a `*`: all words that begin with one letter are nearly all there are."""


class Where(Enum):
    """The part of a ticket in which a word is looked for."""

    ANYWHERE = ""
    SUBJECT = "subject"
    FROM = "from"
    TO = "to"
    """To whom, and who got a copy."""
    COPY = "cc"
    TEXT = "text"
    FILE = "file"


class Attribute(Enum):
    """What a ticket has one of, by the word for it in the language."""

    NUMBER = "number"
    STATE = "state"
    QUEUE = "queue"
    CUSTOMER = "customer"


Place = Where | Attribute

PLACES: Final[dict[str, Place]] = {
    "onderwerp": Where.SUBJECT,
    "van": Where.FROM,
    "aan": Where.TO,
    "tekst": Where.TEXT,
    "bijlage": Where.FILE,
    "attachment": Where.FILE,
    "nummer": Attribute.NUMBER,
    "wachtrij": Attribute.QUEUE,
    "klant": Attribute.CUSTOMER,
    "status": Attribute.STATE,
    **{place.value: place for place in (*Where, *Attribute) if place.value},
}
"""What stands before a colon, in Dutch and English."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or what is written in one piece as a code or an address; `is_beginning`: words begin so."""

    text: str
    where: Where = Where.ANYWHERE
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one behind the other."""

    text: str
    where: Where = Where.ANYWHERE


@dataclass(frozen=True, slots=True)
class Has:
    """A ticket whose number, state, queue or customer is this, or begins with it."""

    attribute: Attribute
    text: str
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """A ticket without it."""

    part: "Tree"


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One at least of two or more."""

    parts: tuple["Tree", ...]


Tree = Word | Phrase | Has | Not | And | Or


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks for. Without a `tree` it asks for nothing.

    `number`: what may be the number of a ticket, or (if `number_alone`: it is the whole text) the beginning
    of one; '' where there is none. Whether there is such a ticket is for others to know.
    """

    tree: Tree | None
    remarks: tuple[Remark, ...] = ()
    number: str = ""
    number_alone: bool = False


def read_search(text: str, *, place: Where = Where.ANYWHERE) -> Asked:
    """What this text asks for, there where it names no place of its own; takes any text, in a time that its
    length limits."""
    remarks: list[Remark] = []
    text = _cut(text, remarks)
    if (chain := REPLY_CHAIN.match(text)) and text[chain.end() :].strip():
        remarks.append(Remark(Hint.REPLY_WORD, chain[0].strip()))
        text = text[chain.end() :]
    alone = _ALONE.fullmatch(text)
    number = alone or _MARKED.search(text) or _IN_TEXT.search(text)
    pieces = list(_limited(_pieces(text), remarks))
    if len(pieces) > 2 and text.isupper():
        remarks += [Remark(Hint.CAPITALS, piece.text) for piece in pieces if piece.text in _WORDS]
    tree = _Reading(pieces, remarks).tree(place)
    if tree is None and not remarks and (signs := "".join(filter(str.isprintable, text)).strip()):
        remarks.append(Remark(Hint.NO_WORD, signs))
    return Asked(
        tree=tree,
        remarks=tuple(dict.fromkeys(remarks)),
        number=number[1] if number else "",
        number_alone=alone is not None,
    )


# A number alone; one behind its mark, as 'Ticket#2026112410000313'; or so long that it is nothing else.
_ALONE = re.compile(r"\s*\[?(?:[^\W\d_]*#)?:?\s{0,2}([0-9]{5,50})\]?\s*")
_MARKED = re.compile(r"[^\W\d_]#:?\s{0,2}([0-9]{5,50})(?![0-9])")
_IN_TEXT = re.compile(r"(?<![\w-])([0-9]{14,50})(?![\w-])")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _cut(text: str, remarks: list[Remark]) -> str:
    """The text as far as it is read, and not half a word at its end; what can't be stored is a space."""
    read = _UNSTORABLE.sub(" ", text[:LENGTH_MOST])
    if len(text) > LENGTH_MOST:
        words = read.rsplit(maxsplit=1)
        if len(words) == 2 and not text[LENGTH_MOST].isspace() and not read[-1].isspace():
            read = words[0]
        remarks.append(Remark(Hint.TOO_LONG, read.rsplit(maxsplit=1)[-1] if words else ""))
    return read


class Kind(Enum):
    """What a piece of a text is."""

    WORD = "word"
    PHRASE = "phrase"
    PLACE = "place"
    OPEN = "open"
    CLOSE = "close"
    AND = "and"
    OR = "or"
    NOT = "not"
    QUOTE = "quote"


class _Piece(NamedTuple):
    kind: Kind
    text: str


_WORDS: Final = {
    "AND": Kind.AND,
    "EN": Kind.AND,
    "OR": Kind.OR,
    "OF": Kind.OR,
    "NOT": Kind.NOT,
    "NIET": Kind.NOT,
}
_DOUBLE: Final = '"“”„‟«»'
_SINGLE: Final = "'‘’‚‛"
# An apostrophe opens a phrase only where a word could begin, but for that of ''s avonds' and ''t Gooi', and
# closes it only behind a word: 'foto's' goes on.
_PIECE: Final = re.compile(
    rf"""
    [{_DOUBLE}] (?P<phrase> [^{_DOUBLE}]* ) [{_DOUBLE}]
    | [{_SINGLE}] (?! [stnkmr]\s ) (?P<quoted> (?: [^{_SINGLE}] | [{_SINGLE}](?=\w) )+ ) [{_SINGLE}] (?!\w)
    | (?P<quote> [{_DOUBLE}] )
    | (?P<open> \( )
    | (?P<close> \) )
    | (?P<and> && )
    | (?P<or> \|\| )
    | (?P<not> [!-] ) (?= [\w({_DOUBLE}{_SINGLE}] )
    | (?P<place> (?: {"|".join(PLACES)} ) : ) (?! // )
    | (?P<number> {NUMBER_IN_PIECES} )
    | (?P<word> (?: (?! && | \|\| ) [^\s(){_DOUBLE}] )+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_joining(word: str) -> bool:
    """Whether a word joins others, as AND does."""
    return word in _WORDS


_LETTER: Final = re.compile(r"[^\W_]")


def _pieces(text: str) -> Iterator[_Piece]:
    """The text cut into pieces; signs that stand alone are none."""
    for found in _PIECE.finditer(text):
        kind = str(found.lastgroup)
        if kind in ("phrase", "quoted"):
            if _LETTER.search(found[kind]):
                yield _Piece(Kind.PHRASE, found[kind])
        elif found["number"]:
            yield _Piece(Kind.WORD, found["number"])
        elif kind != "word":
            yield _Piece(Kind(kind), found[kind])
        elif found[0] in _WORDS:
            yield _Piece(_WORDS[found[0]], found[0])
        elif _LETTER.search(found[0]):
            yield _Piece(Kind.WORD, found[0])


def _limited(pieces: Iterable[_Piece], remarks: list[Remark]) -> Iterator[_Piece]:
    """The pieces without brackets and quotation marks that have no other, and as many as are read."""
    terms = depth = 0
    for piece in pieces:
        if piece.kind in (Kind.WORD, Kind.PHRASE):
            terms += 1
            if terms > TERMS_MOST:
                remarks.append(Remark(Hint.TOO_MANY, piece.text))
                return
        depth += (piece.kind is Kind.OPEN) - (piece.kind is Kind.CLOSE)
        if piece.kind is Kind.QUOTE:
            remarks.append(Remark(Hint.UNCLOSED_QUOTE, piece.text))
        elif depth < 0:
            remarks.append(Remark(Hint.UNOPENED_BRACKET, piece.text))
            depth = 0
        elif piece.kind is Kind.OPEN and depth > DEPTH_MOST:
            remarks.append(Remark(Hint.TOO_DEEP, piece.text))
        elif piece.kind is not Kind.CLOSE or depth < DEPTH_MOST:
            yield piece
    if depth > 0:
        remarks.append(Remark(Hint.UNCLOSED_BRACKET, "("))


@dataclass(slots=True)
class _Reading:
    """The pieces of a text, of which those before `at` are read."""

    pieces: list[_Piece]
    remarks: list[Remark]
    at: int = 0

    def tree(self, place: Place) -> Tree | None:
        return self._any(place)

    @property
    def _next(self) -> Kind | None:
        return self.pieces[self.at].kind if self.at < len(self.pieces) else None

    def _take(self, *kinds: Kind) -> _Piece | None:
        """The next piece, which is read by this, if it is of such a kind."""
        if self._next not in kinds:
            return None
        self.at += 1
        return self.pieces[self.at - 1]

    def _any(self, place: Place) -> Tree | None:
        """What stands between ORs, up to the bracket that closes it or the end."""
        parts = [self._all(place)]
        while sign := self._take(Kind.OR):
            if parts[-1] is None or self._next in (None, Kind.CLOSE, Kind.OR):
                self._nothing_at(sign)
            parts.append(self._all(place))
        return _joined(Or, parts)

    def _all(self, place: Place) -> Tree | None:
        """What stands side by side, with or without ANDs."""
        parts: list[Tree | None] = []
        while self._next not in (None, Kind.CLOSE, Kind.OR):
            if sign := self._take(Kind.AND):
                if not parts or self._next in (None, Kind.CLOSE, Kind.OR, Kind.AND):
                    self._nothing_at(sign)
            else:
                parts.append(self._one(place))
        return _joined(And, _one_of_each_attribute(parts))

    def _one(self, place: Place) -> Tree | None:
        """A word, a phrase or what is in brackets, with the NOTs and places before it."""
        is_without, before = False, place
        while sign := self._take(Kind.NOT, Kind.PLACE):
            if sign.kind is Kind.NOT:
                is_without = not is_without
            else:
                place = PLACES[sign.text.rstrip(":").lower()]
            if self._next in (None, Kind.CLOSE, Kind.OR, Kind.AND):
                return self._word_of(sign, before)
        found = self._bracket(place) if self._take(Kind.OPEN) else self._term(place)
        return _without(found) if is_without and found else found

    def _bracket(self, place: Place) -> Tree | None:
        found = self._any(place)
        self._take(Kind.CLOSE)
        return found

    def _term(self, place: Place) -> Tree:
        kind, text = self.pieces[self.at]
        self.at += 1
        bare = text.strip().rstrip("*")
        is_beginning = kind is Kind.WORD and text.endswith("*") and len(bare) >= BEGINNING_LEAST
        if kind is Kind.WORD and "*" in (bare if is_beginning else text):
            self.remarks.append(Remark(Hint.STAR, text))
        if isinstance(place, Attribute):
            return Has(place, bare, is_beginning)
        return Word(bare, place, is_beginning) if kind is Kind.WORD else Phrase(text.strip(), place)

    def _word_of(self, sign: _Piece, place: Place) -> Tree | None:
        """What a NOT or 'van:' is that nothing follows: nothing, or the word 'van'."""
        if sign.kind is Kind.NOT:
            self._nothing_at(sign)
            return None
        self.remarks.append(Remark(Hint.NOTHING_IN_PLACE, sign.text))
        word = sign.text.rstrip(":")
        return Has(place, word) if isinstance(place, Attribute) else Word(word, place)

    def _nothing_at(self, sign: _Piece) -> None:
        self.remarks.append(Remark(Hint.NOTHING_TO_JOIN, sign.text))


def _joined(kind: type[And] | type[Or], parts: list[Tree | None]) -> Tree | None:
    """All that is there of these as one, without one of the kind within another."""
    there: list[Tree] = []
    for part in parts:
        if part is not None:
            there += part.parts if isinstance(part, kind) else [part]
    return kind(tuple(there)) if len(there) > 1 else next(iter(there), None)


def _without(part: Tree) -> Tree:
    return part.part if isinstance(part, Not) else Not(part)


def _one_of_each_attribute(parts: list[Tree | None]) -> list[Tree | None]:
    """Several states side by side are one of them (OTRS 11.1): no ticket has two."""
    by_attribute: dict[Attribute, list[Tree | None]] = {}
    others: list[Tree | None] = []
    for part in parts:
        if isinstance(part, Has):
            by_attribute.setdefault(part.attribute, []).append(part)
        else:
            others.append(part)
    return [*others, *(_joined(Or, same) for same in by_attribute.values())]
