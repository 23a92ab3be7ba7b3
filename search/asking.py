"""From what was asked to what is asked of the database: which words, in which column, and what else holds.

Stop words are left out. What is asked of a ticket's words, and what of the ticket itself, are told apart at
the top of the tree, where all must hold; where OR joins both, that part is asked ticket by ticket.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Final, NamedTuple

from django.db.models import Q

from search.attributes import with_attribute
from search.hints import Hint, Remark
from search.language import (
    BEGINNING_LEAST,
    And,
    Asked,
    Attribute,
    Has,
    Not,
    Or,
    Phrase,
    Tree,
    Where,
    Word,
    is_joining,
    read_search,
)
from search.matching import (
    All,
    Any,
    Match,
    Node,
    On,
    Sql,
    Without,
    is_anchored,
    is_attribute,
    is_text,
    joined,
    loosened,
    on_tickets,
    positive,
    sql,
)
from search.stems import phrase_query, prefix_query, stems_of, word_query
from search.words import in_one, whole_address, words_of
from tickets.actor import Actor

EVERYTHING: Final = "everything"

LOOKED_IN: Final = {
    Where.ANYWHERE: (EVERYTHING, ""),
    Where.SUBJECT: ("subjects", ""),
    Where.FROM: ("people", "AD"),
    Where.TO: ("people", "BC"),
    Where.COPY: ("people", "C"),
    Where.TEXT: (EVERYTHING, "D"),
    Where.FILE: (EVERYTHING, "C"),
}
"""The column of a place, and which weights count in it (see `TicketText`); all of them without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked of the database.

    `conditions`: on tickets, without their words; `are_few`: that leaves few of them. `exact`: what each must
    be asked for by itself, None where that is nothing. `hits`: what an index finds fast, and all that is
    asked for is among it, None where no index helps; `hits_are_all`: and it is all of it. `any_word`: the
    tsquery by which the best are first, '' where none are. `by_words`: a phrase at the end of a very long
    ticket is found by its words.
    """

    conditions: Q
    are_few: bool
    exact: Q | None
    hits: Sql | None
    hits_are_all: bool
    any_word: str
    by_words: bool
    remarks: tuple[Remark, ...]

    @property
    def asks_nothing(self) -> bool:
        """Whether there is nothing to look for."""
        return self.exact is None and not self.conditions


class Sought(NamedTuple):
    """Words that are sought, one after the other; of the last perhaps only the beginning.

    `in_one`: the word that they are to who does not write them in pieces, '' if there is none.
    """

    words: list[str]
    is_begun: bool = False
    in_one: str = ""


def query_of(asked: Asked, *, actor: Actor) -> Query:
    """What to ask for it; one statement if there are words whose stems are not known yet, and one or two for
    each state, queue or customer that is named."""
    stems_of(word for term in map(sought, terms_in(asked.tree)) for word in (*term.words, term.in_one))
    reading = _Reading(actor, [])
    tree = reading.node(asked.tree) if asked.tree else None
    parts = tree.parts if isinstance(tree, All) else (tree,) if tree else ()
    by_itself = joined(All, [part for part in parts if not is_attribute(part)])
    text = joined(All, [part for part in parts if is_text(part)])
    hits = loosened(text) if text else None
    if hits and not is_anchored(hits):
        hits = None
    there = positive(text) if text else []
    attributes = [part for part in parts if is_attribute(part)]
    return Query(
        conditions=reduce(and_, map(on_tickets, attributes), Q()),
        are_few=any(map(is_anchored, attributes)),
        exact=on_tickets(by_itself) if by_itself else None,
        hits=sql(hits) if hits else None,
        hits_are_all=hits is not None and hits == by_itself,
        any_word=" | ".join(f"({match.loose})" for match in there),
        by_words=any(match.spread != match.query for match in there),
        remarks=(*asked.remarks, *reading.all_remarks(found=tree is not None)),
    )


def terms_in(tree: Tree | None) -> Iterator[Word | Phrase]:
    """The words and phrases of a tree, also those that must not be there."""
    match tree:
        case Word() | Phrase():
            yield tree
        case Not(part):
            yield from terms_in(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms_in(part)


# What is no word beside another: of ''s avonds', 'foto's', ''t Gooi'; and a ticket number behind its mark.
_BARE = re.compile(r"(?<!\w)['’‘][stnkmr](?!\w)|(?<=\w)['’]s(?!\w)", re.IGNORECASE)
_MARKED = re.compile(r"#:?([0-9]{5,})")
NUMBER_LEAST: Final = 5
"""Digits of a number that is found by its beginning, too, as the number of a ticket is."""


def sought(term: Word | Phrase) -> Sought:
    """The words of `search.words` that a term asks for; a whole address is one."""
    if (address := whole_address(term.text)) is not None:
        return Sought([address], isinstance(term, Word) and term.is_beginning)
    if isinstance(term, Phrase):
        return Sought(words_of(term.text), in_one=in_one(term.text))
    if number := _MARKED.search(term.text):
        return Sought([number[1]])
    words = words_of(_BARE.sub(" ", term.text))
    is_number = len(words) == 1 and words[0].isdigit() and len(words[0]) >= NUMBER_LEAST
    return Sought(words, term.is_beginning or is_number, in_one(term.text))


_LAST = re.compile(r"[^\W_]+\Z")


def asked_so_far(text: str) -> Asked:
    """What a text asks for that is still being typed: its last word may be the beginning of one.

    A last letter alone counts for nothing yet. One statement at most.
    """
    asked, last = read_search(text), _LAST.search(text)
    if asked.number or last is None or is_joining(last[0]):
        return asked
    if len(last[0]) < BEGINNING_LEAST:
        return read_search(text[: last.start()])
    is_common = not any(stems_of([word])[word] for word in words_of(last[0]))
    return asked if is_common else read_search(f"{text}*")


@dataclass(slots=True)
class _Reading:
    actor: Actor
    remarks: list[Remark]

    def node(self, tree: Tree) -> Node | None:
        """What a tree asks, without what can't be looked for."""
        match tree:
            case Word() | Phrase():
                return self._match(tree)
            case Has():
                condition, is_known = with_attribute(tree, actor=self.actor)
                if not is_known:
                    self.remarks.append(Remark(Hint.NO_SUCH, tree.text))
                return On(condition, is_rare=tree.attribute in (Attribute.NUMBER, Attribute.CUSTOMER))
            case Not(part):
                found = self.node(part)
                return Without(found) if found else None
            case And(parts):
                return joined(All, [self.node(part) for part in parts])
        return joined(Any, [self.node(part) for part in tree.parts])

    def all_remarks(self, *, found: bool) -> list[Remark]:
        """What is to be said; of stop words only where there was nothing else."""
        return [remark for remark in self.remarks if remark.hint is not Hint.COMMON or not found]

    def _match(self, term: Word | Phrase) -> Match | None:
        column, weights = LOOKED_IN[term.where]
        asked = sought(term)
        query = _or_in_one(
            asked, phrase_query(asked.words, is_open=asked.is_begun, weights=weights), weights=weights
        )
        if not query:
            self.remarks.append(Remark(Hint.COMMON, term.text))
            return None
        return Match(column, query, _spread(asked, weights=weights), _spread(asked, weights=""))


def _spread(asked: Sought, *, weights: str) -> str:
    queries = [word_query(word, weights=weights) for word in asked.words[:-1]]
    queries.append(_last(asked.words[-1], is_begun=asked.is_begun, weights=weights))
    return _or_in_one(asked, " & ".join(query for query in queries if query), weights=weights)


def _or_in_one(asked: Sought, query: str, *, weights: str) -> str:
    """What finds the same words in one piece, too."""
    one = _last(asked.in_one, is_begun=asked.is_begun, weights=weights) if asked.in_one else ""
    return f"({query}) | {one}" if query and one else query or one


def _last(word: str, *, is_begun: bool, weights: str) -> str:
    return (prefix_query if is_begun else word_query)(word, weights=weights)
