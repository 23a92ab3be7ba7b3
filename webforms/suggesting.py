"""Standard answers that may be what a visitor asks: those that administrators marked as public, no others.

A queue has few of them, so that they are all looked at; what is known of them is kept by each process for a
minute.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from django.core.cache import caches

from queues.keeping import with_placeholders
from queues.texts import public_answers
from richtext.plain import html_to_text
from richtext.undressed import undressed
from search.questions import asked_words, lexeme_by_word

OFFERED_MOST: Final = 3
COMMON_LEAST: Final = 2
"""Telling words that a question and an answer must have in common."""
TYPED_MOST: Final = 800
"""Characters of a question that are looked at: whatever they are, they fit into an address."""
LETTERS_LEAST: Final = 3
FEW: Final = 4
"""Of so many answers or more, a word that most of them have tells nothing."""
KEPT_SECONDS: Final = 60
A_MINUTE_MOST: Final = 60
"""How often a network is answered, by each process: one person who types asks every other second at most."""


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """A standard answer that anybody may read: its name, its HTML as it may stand in a page, and the words
    that it is found by: those of its name, and all of them."""

    name: str
    html: str
    named: frozenset[str]
    said: frozenset[str]


def has_answers(queue_id: int) -> bool:
    """Whether a queue has any; a statement a minute."""
    is_there: bool | None = caches["local"].get_or_set(
        f"webforms.has_answers.{queue_id}", lambda: bool(public_answers(queue_id)), KEPT_SECONDS
    )
    return bool(is_there)


def answers_to(typed: str, *, queue_id: int) -> list[PublicAnswer]:
    """At most three that have two telling words in common with what was typed, the likeliest first."""
    known = lexeme_by_word(_telling(typed[:TYPED_MOST]))
    asked = set(known.values())
    if len(asked) < COMMON_LEAST:
        return []
    like = [answer for answer in _answers_of(queue_id) if len(asked & answer.said) >= COMMON_LEAST]
    like.sort(key=lambda answer: (-len(asked & answer.said) - len(asked & answer.named), answer.name))
    return like[:OFFERED_MOST]


def asks_too_often(network: str) -> bool:
    """Whether a network has asked so often within a minute that nothing is looked for."""
    cache, key = caches["local"], f"webforms.asked.{network}"
    cache.add(key, 0, KEPT_SECONDS)
    try:
        return cache.incr(key) > A_MINUTE_MOST
    except ValueError:  # it was forgotten just now
        return False


def _answers_of(queue_id: int) -> list[PublicAnswer]:
    key = f"webforms.answers.{queue_id}"
    answers: list[PublicAnswer] | None = caches["local"].get(key)
    if answers is None:
        answers = _read(queue_id)
        caches["local"].set(key, answers, KEPT_SECONDS)
    return answers


def _read(queue_id: int) -> list[PublicAnswer]:
    """Without images: those of ours are not for strangers, and no others are fetched from a page of ours."""
    rows = [(name, undressed(with_placeholders(html, {}))) for name, html in public_answers(queue_id)]
    words = [(_telling(name), _telling(html_to_text(html))) for name, html in rows]
    known = lexeme_by_word({word for each in words for part in each for word in part})
    by_place = [[{known[word] for word in part if word in known} for part in each] for each in words]
    counted = Counter(lexeme for named, text in by_place for lexeme in named | text)
    often = {lexeme for lexeme, n in counted.items() if len(rows) >= FEW and 2 * n > len(rows)}
    return [
        PublicAnswer(name, html, frozenset(named - often), frozenset((named | text) - often))
        for (name, html), (named, text) in zip(rows, by_place, strict=True)
    ]


def _telling(text: str) -> list[str]:
    return [word for word in asked_words("", text) if len(word) >= LETTERS_LEAST]
