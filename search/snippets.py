"""What is shown of the tickets that were found: a piece of the article in which the words stand, marked.

Only for the tickets of a page. The words are found by their stems, as the index finds them, in the beginning
of each article; of the article that has most of them, the place where most stand together is shown. Where no
article has one, it is that of an attached file (`search/files/near.py`). Pieces are plain text: a template
escapes them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from string import ascii_lowercase
from typing import Final, NamedTuple

from django.db.models.functions import Left

from search.asking import sought
from search.files.near import texts_near
from search.language import And, Asked, Or, Phrase, Tree, Where, Word
from search.stems import stems_of
from search.words import folded, words_of
from tickets.actor import Actor
from tickets.models import Article, Ticket

READ_MOST: Final = 8_000
"""Characters of an article that are looked at."""
FIRST, ARTICLES_MOST = 5, 40
"""So many articles of each ticket are read; and so many where the words are in none of these."""
BEFORE, BEHIND = 80, 180
"""Characters that are shown before the first word, and from there on."""
TOGETHER: Final = 30
"""Words among which the most that were asked for are to stand."""
PIECES_MOST: Final = 8
"""So many words may be one that was asked for, as those of a phone number in groups."""
CHANGED_MOST: Final = 2
"""Letters at the end of a stem that may be others than those of a word of it: 'sky' of 'skies'."""

BODIES: Final = (Where.ANYWHERE, Where.TEXT)
FILES: Final = (Where.ANYWHERE, Where.FILE)
"""In which places a word is sought that may stand in an article, or in a file and its name."""
FORMS_MOST, FORM_MOST = 30, 12
"""So many beginnings of words, and letters of each, are looked for in a long text."""

_WORD = re.compile(r"[^\W_]+")
_BLANK = re.compile(r"[\s>]*\n[\s>]*|\s+")


class Piece(NamedTuple):
    """A part of a text; `is_hit`: it is a word that was asked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """A part of an article, which is the `position`th of its ticket, from 1."""

    article: int
    position: int
    sender_type: str
    channel: str
    is_visible: bool
    created: datetime
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FileSnippet:
    """A part of what stands in an attached file, if it is read and says something, and what it is called."""

    name: tuple[Piece, ...]
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class _Read:
    """An article, its text once it is read, and where in that the words stand."""

    ticket: int
    article: int
    position: int
    sender_type: str
    channel: str
    is_visible: bool
    created: datetime
    text: str = ""
    score: int = 0
    at: int = 0


def snippets(ids: Sequence[int], *, asked: Asked, actor: Actor) -> dict[int, Snippet | FileSnippet]:
    """By ticket id, as far as the agent may see them, where there is an article.

    Two statements, none for no ids; one more for words of the articles whose stems are not known yet; and
    both again where a ticket has more than a few articles, and the words are in none of the first. One more,
    and one for stems, where they are in none of a ticket's articles.
    """
    by_ticket = _articles(ids, actor=actor) if ids else {}
    words = _Words(asked.tree, BODIES)
    best: dict[int, _Read] = {}
    for first, last in ((0, FIRST), (FIRST, ARTICLES_MOST)):
        chosen = [
            article
            for ticket, articles in by_ticket.items()
            if ticket not in best or not best[ticket].score
            for article in articles[first:last]
        ]
        _look_at(chosen, words)
        for article in chosen:
            if article.ticket not in best or article.score > best[article.ticket].score:
                best[article.ticket] = article
    without = [ticket for ticket in by_ticket if not best[ticket].score]
    shown = {ticket: _snippet(article, words) for ticket, article in best.items()}
    return shown | _of_files(without, _Words(asked.tree, FILES))


def marked(texts: Sequence[str], *, asked: Asked) -> list[tuple[Piece, ...]]:
    """Short texts, as titles, with the words marked; one statement at most."""
    words = _Words(asked.tree, BODIES)
    words.learn(word for text in texts for word in words_of(text))
    return [tuple(_pieces(text, words)) for text in texts]


def _articles(ids: Sequence[int], *, actor: Actor) -> dict[int, list[_Read]]:
    """The articles of these tickets, oldest first, without their texts."""
    visible = Ticket.objects.visible_to(actor.agent_rights).filter(pk__in=ids)
    rows = Article.objects.filter(ticket__in=visible).order_by("ticket", "pk")
    columns = ("ticket_id", "pk", "sender_type", "channel", "is_visible", "created")
    by_ticket = groupby(rows.values_list(*columns), key=lambda row: row[0])
    return {
        ticket: [_Read(ticket, pk, n, *rest) for n, (_ticket, pk, *rest) in enumerate(articles, start=1)]
        for ticket, articles in by_ticket
    }


def _look_at(articles: Sequence[_Read], words: "_Words") -> None:
    """Read the texts of these articles, and find where the words stand in each."""
    if not articles:
        return
    chosen = Article.objects.filter(pk__in=[article.article for article in articles])
    texts = dict(chosen.values_list("pk", Left("text", READ_MOST)))
    all_words = []
    for article in articles:
        article.text = unicodedata.normalize("NFC", texts.get(article.article, ""))
        all_words.append(words_of(article.text) if words.may_stand_in(article.text) else [])
    words.learn(word for its_words in all_words for word in its_words)
    for article, its_words in zip(articles, all_words, strict=True):
        article.score, at = words.most_together(its_words)
        article.at = _start_of(at, article.text) if article.score else 0


def _of_files(tickets: Collection[int], words: "_Words") -> dict[int, FileSnippet]:
    """By ticket what its file says that has most of the words, in its name or in what stands in it."""
    exact, roots = words.patterns()
    files = texts_near(tickets, exact=exact, roots=roots) if tickets and exact else []
    texts = [
        (unicodedata.normalize("NFC", file.name), unicodedata.normalize("NFC", file.text)) for file in files
    ]
    words.learn(word for name_and_text in texts for text in name_and_text for word in words_of(text))
    best: dict[int, tuple[int, FileSnippet]] = {}
    for file, (name, text) in zip(files, texts, strict=True):
        score, at = words.most_together(words_of(text))
        in_all = score + words.most_together(words_of(name))[0]
        if in_all > (best[file.ticket][0] if file.ticket in best else 0):
            pieces = _cut(text, _start_of(at, text) if score else 0, words, is_begun=file.is_begun)
            best[file.ticket] = in_all, FileSnippet(tuple(_pieces(name, words)), pieces)
    return {ticket: snippet for ticket, (_score, snippet) in best.items()}


def _start_of(number: int, text: str) -> int:
    """Where that word begins, counted from 0."""
    return next((word.start() for n, word in enumerate(_WORD.finditer(text)) if n == number), 0)


def _cut(whole: str, at: int, words: "_Words", *, is_begun: bool = False) -> tuple[Piece, ...]:
    """What stands around this place, marked; `is_begun`: something stands before the whole, too."""
    start, end = max(0, at - BEFORE), at + BEHIND
    text = whole[start:end]
    if start or is_begun:
        text = "… " + text.partition(" ")[2]
    if end < len(whole):
        text = text.rpartition(" ")[0] + " …"
    return tuple(_pieces(_BLANK.sub(" ", text).strip(), words))


def _snippet(article: _Read, words: "_Words") -> Snippet:
    return Snippet(
        article=article.article,
        position=article.position,
        sender_type=article.sender_type,
        channel=article.channel,
        is_visible=article.is_visible,
        created=article.created,
        pieces=_cut(article.text, article.at, words),
    )


def _pieces(text: str, words: "_Words") -> Iterable[Piece]:
    """The text with what was asked for apart; a phrase is one piece."""
    text, at = unicodedata.normalize("NFC", text), 0
    there = list(_WORD.finditer(text))
    for hit in words.hits_in([folded(word[0]) for word in there]):
        start, end = there[hit.at].start(), there[hit.last].end()
        if at <= start:
            if at < start:
                yield Piece(text[at:start], is_hit=False)
            yield Piece(text[start:end], is_hit=True)
            at = end
    if at < len(text):
        yield Piece(text[at:], is_hit=False)


_Run = tuple[str, ...]
"""Words one behind the other, '' for a stop word that may be any."""


class _Hit(NamedTuple):
    """From which word of a text to which one what was asked for stands, and what that is."""

    at: int
    last: int
    asked: frozenset[_Run]


class _Words:
    """What a text may have in it to be found: words alone, and words one behind the other.

    Of the terms that are sought in one of these places.
    """

    def __init__(self, tree: Tree | None, places: Collection[Where]) -> None:
        self._beginnings: set[str] = set()
        self._lexemes: dict[str, set[str]] = {}
        self._known: dict[str, frozenset[str]] = {}
        self._runs: dict[str, set[_Run]] = {}
        asked = [
            ([part for word in words for part in words_of(word)], term.is_begun)
            for term in map(sought, _wanted(tree, places))
            for words in (term.words, [term.in_one] if term.in_one else [])
        ]
        stems = stems_of(part for parts, _is_begun in asked for part in parts)
        for parts, is_begun in asked:
            self._keep(parts, stems, is_begun=is_begun)
        self._ones = {run[0] for runs in self._runs.values() for run in runs if len(run) == 1}
        self._starts = {one[:end] for one in self._ones for end in range(1, len(one))}
        self._first = {text[0] for text in (*self._beginnings, *self._lexemes)}
        self._roots = {text[: max(1, len(text) - CHANGED_MOST)] for text in self._lexemes} | set(
            self._beginnings
        )

    def may_stand_in(self, text: str) -> bool:
        """Whether one of them may be in it; it costs a tenth of reading its words."""
        text = folded(text)
        if any(root in text for root in self._roots):
            return True
        in_one = text.replace("-", "")
        if any(one.isdigit() for one in self._ones):
            in_one = in_one.replace(" ", "")
        return any(root in in_one for root in self._roots)

    def patterns(self) -> tuple[str, str]:
        """Regular expressions of PostgreSQL for where a word of them may begin: as it is asked for or stands
        in the index, and in any other form; '' for no words."""
        return _beginning_with({*self._beginnings, *self._lexemes}), _beginning_with(self._roots)

    def _keep(self, parts: list[str], stems: Mapping[str, Sequence[str]], *, is_begun: bool) -> None:
        """Keep what one term asks for; at its ends stop words count for nothing, as in the index."""
        last = len(parts) - 1
        run = [part if stems[part] or (is_begun and n == last) else "" for n, part in enumerate(parts)]
        while run and not run[-1]:
            run.pop()
        while run and not run[0]:
            run.pop(0)
        if not run:
            return
        if is_begun:
            self._beginnings.add(run[-1])
        for part in run[:-1] if is_begun else run:
            for lexeme in stems[part] if part else ():
                self._lexemes.setdefault(lexeme, set()).add(part)
        self._runs.setdefault(run[0], set()).add(tuple(run))

    def learn(self, words: Iterable[str]) -> None:
        """See which words of a text are asked for; no stem begins otherwise than its word."""
        new = {word for word in words if word[0] in self._first}.difference(self._known)
        stems = stems_of(new) if self._lexemes else {}
        for word in new:
            asked = {own for lexeme in stems.get(word, (word,)) for own in self._lexemes.get(lexeme, ())}
            asked.update(beginning for beginning in self._beginnings if word.startswith(beginning))
            self._known[word] = frozenset(asked)

    def hits_in(self, words: Sequence[str]) -> Iterator[_Hit]:
        """Where in these words of a text something is that was asked for."""
        for at, word in enumerate(words):
            runs = [run for first in self._known.get(word, ()) for run in self._runs.get(first, ())]
            there = [run for run in runs if self._stands(run, words[at : at + len(run)])]
            if there:
                yield _Hit(at, at + max(map(len, there)) - 1, frozenset(there))
            elif word in self._starts and (pieces := self._in_pieces(words[at : at + PIECES_MOST])):
                yield _Hit(at, at + pieces - 1, frozenset({("".join(words[at : at + pieces]),)}))

    def _in_pieces(self, words: Sequence[str]) -> int:
        """Of how many of these words, from the first on, a word that was asked for is made; 0 of none."""
        in_one = ""
        for number, word in enumerate(words, start=1):
            in_one += word
            if in_one in self._ones:
                return number
            if in_one not in self._starts:
                break
        return 0

    def _stands(self, run: _Run, words: Sequence[str]) -> bool:
        return len(run) == len(words) and all(
            not part or part in self._known.get(word, ()) for part, word in zip(run, words, strict=True)
        )

    def most_together(self, words: Sequence[str]) -> tuple[int, int]:
        """How much of what was asked for stands together at most, and which word is the first of that."""
        hits = list(self.hits_in(words))
        best, at = 0, 0
        for first, hit in enumerate(hits):
            near = [each.asked for each in hits[first : first + TOGETHER] if each.at < hit.at + TOGETHER]
            score = len(frozenset[_Run]().union(*near))
            if score > best:
                best, at = score, hit.at
        return best, at


def _wanted(tree: Tree | None, places: Collection[Where]) -> list[Word | Phrase]:
    """The terms of a tree that are sought in these places."""
    match tree:
        case Word() | Phrase():
            return [tree] if tree.where in places else []
        case And(parts) | Or(parts):
            return [term for part in parts for term in _wanted(part, places)]
    return []


def _beginning_with(beginnings: Collection[str]) -> str:
    """The regular expression, in SQL, for words that begin so, with accents and capitals or without."""
    chosen = sorted({beginning[:FORM_MOST] for beginning in beginnings})[:FORMS_MOST]
    forms = ("".join(_SPELLED.get(sign, sign) for sign in beginning) for beginning in chosen)
    return rf"\m(?:{'|'.join(forms)})" if chosen else ""


def _spelled() -> Mapping[str, str]:
    """By each letter of the alphabet the set, in a regular expression, of what is it with accents."""
    spelled = {letter: letter + letter.upper() for letter in ascii_lowercase}
    for sign in map(chr, range(0xC0, 0x100)):
        if folded(sign) in spelled:
            spelled[folded(sign)] += sign
    return {letter: f"[{signs}]" for letter, signs in spelled.items()}


_SPELLED: Final = _spelled()
