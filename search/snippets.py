"""What is shown of the tickets that were found: a piece of the article in which the words stand, marked.

Only for the tickets of a page. The words are found by their stems, as the index finds them, in the beginning
of each article; of the article that has most of them, the place where most stand together is shown. Pieces
are plain text: a template escapes them.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final, NamedTuple

from django.db.models.functions import Left

from search.asking import sought
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
CHANGED_MOST: Final = 2
"""Letters at the end of a stem that may be others than those of a word of it: 'sky' of 'skies'."""

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


def snippets(ids: Sequence[int], *, asked: Asked, actor: Actor) -> dict[int, Snippet]:
    """By ticket id, as far as the agent may see them, where there is an article.

    Two statements, none for no ids; one more for words of the articles whose stems are not known yet; and
    both again where a ticket has more than a few articles, and the words are in none of the first.
    """
    by_ticket = _articles(ids, actor=actor) if ids else {}
    words = _Words(asked.tree)
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
    return {ticket: _snippet(article, words) for ticket, article in best.items()}


def marked(texts: Sequence[str], *, asked: Asked) -> list[tuple[Piece, ...]]:
    """Short texts, as titles, with the words marked; one statement at most."""
    words = _Words(asked.tree)
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


def _start_of(number: int, text: str) -> int:
    """Where that word begins, counted from 0."""
    return next((word.start() for n, word in enumerate(_WORD.finditer(text)) if n == number), 0)


def _snippet(article: _Read, words: "_Words") -> Snippet:
    start, end = max(0, article.at - BEFORE), article.at + BEHIND
    text = article.text[start:end]
    if start:
        text = "… " + text.partition(" ")[2]
    if end < len(article.text):
        text = text.rpartition(" ")[0] + " …"
    return Snippet(
        article=article.article,
        position=article.position,
        sender_type=article.sender_type,
        channel=article.channel,
        is_visible=article.is_visible,
        created=article.created,
        pieces=tuple(_pieces(_BLANK.sub(" ", text).strip(), words)),
    )


def _pieces(text: str, words: "_Words") -> Iterable[Piece]:
    """The text with its marked words apart."""
    text, at = unicodedata.normalize("NFC", text), 0
    for word in _WORD.finditer(text):
        if words.asked_by(folded(word[0])):
            if at < word.start():
                yield Piece(text[at : word.start()], is_hit=False)
            yield Piece(word[0], is_hit=True)
            at = word.end()
    if at < len(text):
        yield Piece(text[at:], is_hit=False)


class _Words:
    """The words that a text may have in its body to be found, and which words of a text are one of them."""

    def __init__(self, tree: Tree | None) -> None:
        self._beginnings: list[str] = []
        self._lexemes: dict[str, set[str]] = {}
        self._known: dict[str, frozenset[str]] = {}
        whole: list[str] = []
        for term in _wanted(tree):
            words, is_begun = sought(term)
            parts = [part for word in words for part in words_of(word)]
            self._beginnings += parts[-1:] if is_begun else []
            whole += parts[:-1] if is_begun else parts
        stems = stems_of(whole)
        for word in whole:
            for lexeme in stems[word]:
                self._lexemes.setdefault(lexeme, set()).add(word)
        self._first = {text[0] for text in (*self._beginnings, *self._lexemes)}
        self._roots = {text[: max(1, len(text) - CHANGED_MOST)] for text in self._lexemes} | set(
            self._beginnings
        )

    def may_stand_in(self, text: str) -> bool:
        """Whether one of them may be in it; it costs a tenth of reading its words."""
        text = folded(text)
        return any(root in text for root in self._roots)

    def learn(self, words: Iterable[str]) -> None:
        """See which words of a text are asked for; no stem begins otherwise than its word."""
        new = {word for word in words if word[0] in self._first}.difference(self._known)
        stems = stems_of(new) if self._lexemes else {}
        for word in new:
            asked = {own for lexeme in stems.get(word, (word,)) for own in self._lexemes.get(lexeme, ())}
            asked.update(beginning for beginning in self._beginnings if word.startswith(beginning))
            self._known[word] = frozenset(asked)

    def asked_by(self, word: str) -> frozenset[str]:
        """Which words that were asked for are found by this one of a text."""
        return self._known.get(word, frozenset())

    def most_together(self, words: Sequence[str]) -> tuple[int, int]:
        """How many of those asked for stand together at most, and which word is the first of them."""
        hits = [(number, asked) for number, word in enumerate(words) if (asked := self._known.get(word))]
        best, at = 0, 0
        for first, (number, _asked) in enumerate(hits):
            near = [asked for other, asked in hits[first : first + TOGETHER] if other < number + TOGETHER]
            score = len(frozenset[str]().union(*near))
            if score > best:
                best, at = score, number
        return best, at


def _wanted(tree: Tree | None) -> list[Word | Phrase]:
    """The terms of a tree that the body of an article may have."""
    match tree:
        case Word() | Phrase():
            return [tree] if tree.where in (Where.ANYWHERE, Where.TEXT) else []
        case And(parts) | Or(parts):
            return [term for part in parts for term in _wanted(part)]
    return []
