"""Answers that were given before: closed tickets whose question is like this one, as far as an agent sees
them.

Two questions are alike by the words that they share, the rarer the more. How many questions have a word,
PostgreSQL's statistics know; what is too rare for these is counted. The rarest are looked up until so many
questions have one that looking at all of them takes its time; the best by these are compared by all words.
Whether a ticket is closed, and who sees it, is asked of the ticket as it is now.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import Final, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import RawSQL

from queues.access import Rights
from search.questions import asked_words, lexeme_by_word
from tickets.models import Article, StateType, Ticket

SIMILAR_MOST: Final = 5
WORDS_MOST: Final = 25
POSTINGS_MOST: Final = 5_000
"""Each is a row that is read. At a million questions twice as many take half as long again, and find one in a
hundred more."""
COUNTED_MOST: Final = 2_000
COMPARED_MOST: Final = 200
OFTEN: Final = 0.3
"""A word that more of all questions have says nothing of any, unless these are few."""
FEW: Final = 20
ALIKE, TELLING = 0.3, 8
"""Which part of what its rarest words weigh a question must share, and how many of them are weighed.

With less more is found that has nothing to do with it; with more what says the same in other words is not."""
SHARED_MOST: Final = 5
KNOWN_SECONDS: Final = 3600

_STATISTICS = """
SELECT kept.reltuples, said.most_common_elems::text::text[], said.most_common_elem_freqs
FROM pg_class AS kept JOIN pg_namespace AS place ON place.oid = kept.relnamespace
LEFT JOIN pg_stats AS said ON said.schemaname = place.nspname AND said.tablename = kept.relname
    AND said.attname = 'words'
WHERE kept.oid = 'search_answeredquestion'::regclass
"""
_COUNT = f"""
SELECT word, (
    SELECT count(*) FROM (
        SELECT FROM search_answeredquestion WHERE words @> ARRAY[word] LIMIT {COUNTED_MOST}
    ) AS found
) FROM unnest(%s::text[]) AS word
UNION ALL SELECT '', count(*) FROM (SELECT FROM search_answeredquestion LIMIT {COUNTED_MOST}) AS kept
"""  # noqa: S608  (constants of this file)
_FIND = f"""
WITH hits AS MATERIALIZED (
    SELECT found.ticket_id, sum(sought.weight) / sqrt(10 + found.length) AS score
    FROM unnest(%s::text[], %s::float8[]) AS sought (word, weight) CROSS JOIN LATERAL (
        SELECT ticket_id, cardinality(words) AS length FROM search_answeredquestion
        WHERE words @> ARRAY[sought.word] LIMIT {POSTINGS_MOST}
    ) AS found
    WHERE found.ticket_id NOT IN (SELECT other_id FROM search_notuseful WHERE ticket_id = %s)
    GROUP BY found.ticket_id, found.length
), best AS MATERIALIZED (
    SELECT hit.ticket_id FROM (SELECT * FROM hits ORDER BY score DESC) AS hit
    CROSS JOIN LATERAL ({{visible}} LIMIT 1) AS seen ORDER BY hit.score DESC LIMIT {COMPARED_MOST}
)
SELECT best.ticket_id, compared.words FROM best JOIN search_answeredquestion AS question USING (ticket_id)
CROSS JOIN LATERAL (
    SELECT sum(asked.weight) AS weight, array_agg(asked.word) AS words
    FROM unnest(%s::text[], %s::float8[]) AS asked (word, weight)
    WHERE asked.word = ANY(question.words)
) AS compared
WHERE compared.weight >= %s
ORDER BY compared.weight / sqrt(10 + cardinality(question.words)) DESC, best.ticket_id DESC LIMIT %s
"""  # noqa: S608  (constants of this file)


class Alike(NamedTuple):
    """The ids of tickets whose question is like another, the most alike first, and those of its words that
    they share with it which tell most: what is only in tickets that the agent does not see is none."""

    ids: list[int]
    words: list[str]


@dataclass(frozen=True, slots=True)
class _Statistics:
    """How many questions there are, and how many of them have each of the more frequent words."""

    questions: float
    often: Mapping[str, float]
    read_at: float


_known: _Statistics | None = None


def similar_to(ticket: Ticket, *, rights: Rights, limit: int = SIMILAR_MOST) -> Alike:
    """The closed tickets that this agent sees whose question is most like the ticket's.

    Statements: one where nobody asked anything; at most nine, two less where all words are known and one less
    where the statistics are.
    """
    asked = ticket.articles.filter(sender_type=Article.SenderType.CUSTOMER).order_by("pk")
    question = asked.values_list("subject", "text").first()
    return alike(*question, but=ticket, rights=rights, limit=limit) if question else Alike([], [])


def alike(subject: str, text: str, *, but: Ticket, rights: Rights, limit: int = SIMILAR_MOST) -> Alike:
    """Likewise of those whose question is most like this one; `but`: whose question it is."""
    closed = Ticket.objects.visible_to(rights).filter(state_type=StateType.CLOSED).exclude(pk=but.pk)
    try:
        visible, values = closed.filter(pk=RawSQL("hit.ticket_id", ())).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return Alike([], [])
    said = lexeme_by_word(asked_words(subject, text))
    words = sorted(set(said.values()))
    known = _statistics()
    with _by_index() as cursor:
        counts, questions = _counted(cursor, words, known)
        telling = [word for word in words if 0 < counts[word] <= max(questions * OFTEN, FEW)]
        rarest = sorted(telling, key=lambda word: (counts[word], word))[:WORDS_MOST]
        weights = [log(1 + questions / counts[word]) for word in rarest]
        first = _looked_up(rarest, counts)
        sought = (rarest[:first], weights[:first], but.pk)
        least = ALIKE * sum(weights[:TELLING])
        cursor.execute(_FIND.format(visible=visible), [*sought, *values, rarest, weights, least, limit])
        found = cursor.fetchall()
    shared = Counter(word for _ticket, words in found for word in words)
    telling = sorted(shared, key=lambda word: (-shared[word] * weights[rarest.index(word)], word))
    spoken = {lexeme: word for word, lexeme in reversed(said.items())}
    return Alike([ticket for ticket, _words in found], [spoken[word] for word in telling[:SHARED_MOST]])


def _looked_up(rarest: Sequence[str], counts: Mapping[str, float]) -> int:
    """How many of these words are looked up: the first always, and as many as have few questions together."""
    together = accumulate(counts[word] for word in rarest)
    return max(1, sum(postings <= POSTINGS_MOST for postings in together))


def _counted(
    cursor: CursorWrapper, words: Sequence[str], known: _Statistics
) -> tuple[Mapping[str, float], float]:
    """How many questions have each of these words, and how many there are."""
    often = {word: known.often[word] for word in words if word in known.often}
    cursor.execute(_COUNT, [[word for word in words if word not in often]])
    counted = {word: float(count) for word, count in cursor.fetchall()}
    return often | counted, max(known.questions, counted.pop(""))


def _statistics() -> _Statistics:
    """What PostgreSQL knows; asked again after an hour, and as long as it knows nothing."""
    global _known  # noqa: PLW0603  (a process speaks with one database)
    if _known is None or not _known.often or time.monotonic() - _known.read_at > KNOWN_SECONDS:
        _known = _read_statistics()
    return _known


def _read_statistics() -> _Statistics:
    with connection.cursor() as cursor:
        cursor.execute(_STATISTICS)
        questions, words, shares = cursor.fetchone()
    # Behind the shares stand their least and greatest, and that of rows without an array.
    often = {word: share * questions for word, share in zip(words or (), shares or (), strict=False)}
    return _Statistics(max(questions, 0.0), often, time.monotonic())


@contextmanager
def _by_index() -> Iterator[CursorWrapper]:
    """A transaction in which words come from their index: the planner does not know how rare they are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield cursor
        cursor.execute("SET LOCAL enable_seqscan = on")
