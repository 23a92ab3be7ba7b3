"""Making the rows that tickets are found by."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple
from zlib import crc32

from django.db import DatabaseError, connection, transaction

from search.files.waiting import wait_for_files
from search.questions import lexemes_of
from search.stems import Lexemes, fingerprint, stems_of
from search.texts import PERSON, TITLE, Said, read_tickets
from search.vectors import Vector, quoted
from search.words import read_words
from tickets.models import Event
from tickets.reactions import BusyError, React
from work.away import AWAY
from work.locks import Lock, try_locks

logger = logging.getLogger(__name__)

RULES: Final = 2
"""Of what becomes of a text; counted up whenever a row comes out otherwise, so that all are made anew."""

_KEEP = """
INSERT INTO search_tickettext AS kept (ticket_id, everything, subjects, people, is_cut, version)
SELECT ticket, everything::tsvector, subjects::tsvector, people::tsvector, is_cut, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::boolean[])
    AS new (ticket, everything, subjects, people, is_cut)
ON CONFLICT (ticket_id) DO UPDATE SET everything = EXCLUDED.everything, subjects = EXCLUDED.subjects,
    people = EXCLUDED.people, is_cut = EXCLUDED.is_cut, version = EXCLUDED.version
WHERE (kept.version, kept.is_cut, kept.everything, kept.subjects, kept.people)
    IS DISTINCT FROM
    (EXCLUDED.version, EXCLUDED.is_cut, EXCLUDED.everything, EXCLUDED.subjects, EXCLUDED.people)
"""

_KEEP_QUESTIONS = """
WITH gone AS (
    DELETE FROM search_answeredquestion WHERE ticket_id = ANY(%s::bigint[])
    AND ticket_id <> ALL(%s::bigint[])
)
INSERT INTO search_answeredquestion AS kept (ticket_id, words)
SELECT ticket, string_to_array(words, ' ') FROM unnest(%s::bigint[], %s::text[]) AS new (ticket, words)
ON CONFLICT (ticket_id) DO UPDATE SET words = EXCLUDED.words WHERE kept.words <> EXCLUDED.words
"""


class Row(NamedTuple):
    """A `TicketText` that is to be."""

    ticket: int
    everything: str
    subjects: str
    people: str
    is_cut: bool


@contextmanager
def indexing(events: Sequence[Event]) -> Iterator[React]:
    """What the consumer does with a batch: each ticket's row is made once, whatever happened to it.

    What stands in files that nobody has read yet follows when they are (`search.files.read`).
    """
    wanted = {event.ticket_id for event in events}
    wait_for_files(wanted, is_late=False)  # before: what is read by another meanwhile is asked for once more
    done = index(wanted, version=current_version())

    def react(event: Event) -> None:
        if event.ticket_id not in done:
            raise BusyError

    yield react


def current_version() -> int:
    """The version of rows that are made by our rules and PostgreSQL's stems of now."""
    return crc32(f"{RULES} {fingerprint()}".encode()) - 2**31


def index(tickets: Collection[int], *, version: int) -> set[int]:
    """Make the rows of these tickets, in a transaction; gives those that it was done for.

    Left out are those whose row another is making at this moment from what there was before. Seven statements
    for tickets of `READ_MOST` bytes together, two less where all words are known, one more where files say
    something.
    """
    done = try_locks(Lock.INDEX_TICKET, tickets)
    for portion in read_tickets(done):
        stems = stems_of(set().union(*(said.all_words() for said in portion)))
        keep([_row(said, stems) for said in portion], version=version)
        keep_questions(portion)
    return done


def keep_questions(tickets: Sequence[Said]) -> None:
    """Write the rows of the questions among them that were answered; there is none of any other."""
    words = lexemes_of(said.question for said in tickets)
    kept = {said.ticket: " ".join(each) for said, each in zip(tickets, words, strict=True) if each}
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP_QUESTIONS, [[said.ticket for said in tickets], list(kept), list(kept), list(kept.values())]
        )


def keep(rows: Sequence[Row], *, version: int) -> None:
    """Write rows; one that PostgreSQL refuses takes no other with it, and has what can be kept of it."""
    try:
        with transaction.atomic():
            _keep(rows, version=version)
    except AWAY:
        raise
    except DatabaseError as error:
        if len(rows) > 1:
            for row in rows:
                keep([row], version=version)
            return
        (row,) = rows
        logger.error("the text of ticket %s can't be kept", row.ticket, exc_info=error)
        _keep([Row(row.ticket, "", "", "", is_cut=True)], version=version)


def _keep(rows: Sequence[Row], *, version: int) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [version, *columns])


def _row(said: Said, stems: Mapping[str, Lexemes]) -> Row:
    """What is kept of a ticket; of one that we can't read, by a mistake of ours, its number."""
    try:
        return _full_row(said, stems)
    except Exception:
        logger.exception("what ticket %s says can't be read", said.ticket)
        return Row(said.ticket, f"{quoted(said.number)}:1A", "", "", is_cut=True)


def _full_row(said: Said, stems: Mapping[str, Lexemes]) -> Row:
    everything, subjects, people = Vector(stems), Vector(stems), Vector(stems)
    everything.add(read_words(said.number), weight=TITLE)
    for text in said.titles:
        everything.add(text.words, weight=TITLE)
        subjects.add(text.words, weight=TITLE)
    for text in said.people:
        people.add(text.words, weight=text.weight)
    for words in {tuple(text.words.words): text.words for text in said.people}.values():
        everything.add(words, weight=PERSON)
    for text in (*said.files, *said.bodies, *said.documents):
        everything.add(text.words, weight=text.weight)
    return Row(
        said.ticket,
        everything.literal(),
        subjects.literal(),
        people.literal(),
        is_cut=said.is_cut or everything.is_cut,
    )
