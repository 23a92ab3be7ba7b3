"""The rows that the tickets of `fill` are found by, made at once: the consumer would take an hour.

Each is what `search.index` makes of the same ticket, which is seen of some of them. Only, each sentence got
its stems before, once for all, so that of a ticket no more is to be made than the places it stands at.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from django.db import connection, transaction

from accounts.models import Customer
from benchmarks.copying import copy_rows
from benchmarks.fill import US, Filled, address_of, subject_of, title_of
from benchmarks.letters import KNOWN_WORDS, Letter
from benchmarks.natural import SENTENCE
from benchmarks.progress import counted, tell
from search.index import current_version, index
from search.models import TicketText
from search.stems import Lexemes, stems_of
from search.texts import BODY, CUSTOMER, FROM, PERSON, TITLE, TO
from search.vectors import GAP, Vector
from search.words import Words, read_words
from tickets.models import Ticket

COLUMNS = "ticket_id,everything,subjects,people,is_cut,version"
COMPARED: Final = 50
PLACES_MOST: Final = 1_000
"""The last place of a ticket is before that."""
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE 'CREATE INDEX % USING gin%' AND "
_SETTINGS = "SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 2"


def fill_texts(filled: Filled) -> None:
    """A row for each ticket; ends the program if they are other ones than `search.index` would make."""
    tickets = Ticket.objects.filter(pk__gte=filled.first_ticket).order_by("pk")
    numbers = list(tickets.values_list("number", flat=True)[: filled.tickets])
    made = _Rows(filled).rows(numbers, version=current_version())
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE search_tickettext")
        cursor.execute(_INDEXES + "tablename = 'search_tickettext'")
        indexes = dict(cursor.fetchall())
        for name in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("SET session_replication_role = replica")  # each ticket is there: it need not be asked
        copy_rows("search_tickettext", COLUMNS, counted(made, what="texts", of=filled.tickets))
        cursor.execute("RESET session_replication_role")
        cursor.execute(_SETTINGS)
        for name, definition in indexes.items():
            cursor.execute(definition)
            tell(f"{name}: done")
        cursor.execute("RESET maintenance_work_mem; RESET max_parallel_maintenance_workers")
        cursor.execute("VACUUM ANALYZE search_tickettext")
    step = max(1, filled.tickets // COMPARED)
    _compare(range(filled.first_ticket, filled.first_ticket + filled.tickets, step))
    tell(f"{COMPARED} of them are as they must be")


def _compare(tickets: Collection[int]) -> None:
    """See that these rows are those of `search.index`."""
    columns = COLUMNS.split(",")
    rows = TicketText.objects.filter(ticket__in=tickets).order_by("ticket")
    made = list(rows.values_list(*columns))
    with transaction.atomic():
        rows.delete()
        index(tickets, version=current_version())
    for mine, theirs in zip(made, rows.values_list(*columns), strict=True):
        if mine != theirs:
            raise SystemExit(f"not what search.index makes:\n{mine}\n{theirs}")


class _Rows:
    """Makes the rows of tickets, in their order."""

    def __init__(self, filled: Filled) -> None:
        self.filled, self.letters = filled, filled.letters
        self.names = list(
            Customer.objects.filter(pk__in=filled.customers)
            .order_by("pk")
            .values_list("first_name", "last_name")
        )
        words = {word for sentence in self.letters.sentences for word in sentence}
        words |= set(KNOWN_WORDS)
        for text in (*{first for first, _last in self.names}, title_of(0), US, address_of(0)):
            words |= set(read_words(text).words)
        words |= {last for _first, last in self.names if last.isalpha()}
        self.stems: Mapping[str, Lexemes] = stems_of(word.lower() for word in words)
        self.sentences = [_template(sentence, self.stems) for sentence in self.letters.sentences]
        self.places = [f"{place}{BODY}" for place in range(PLACES_MOST)]
        self.us = read_words(US)

    def rows(self, numbers: list[str], *, version: int) -> Iterator[tuple[object, ...]]:
        """A row for each of these tickets, which are numbered so; asks the database for nothing."""
        for n, number in enumerate(numbers):
            yield (self.filled.first_ticket + n, *self._vectors(n, number), False, version)

    def _vectors(self, n: int, number: str) -> tuple[str, str, str]:
        customer = n % len(self.names)
        subjects, people, head = Vector(self.stems), Vector(self.stems), Vector(self.stems)
        titles = [read_words(title_of(n)), read_words(subject_of(n))]
        name, address = read_words(" ".join(self.names[customer])), read_words(address_of(customer))
        for text in titles:
            subjects.add(text, weight=TITLE)
        for text, weight in (
            (name, CUSTOMER),
            (address, CUSTOMER),
            (address, FROM),
            (self.us, TO),
            (self.us, FROM),
            (address, TO),
        ):
            people.add(text, weight=weight)
        known = [read_words(number), *titles, name, address, self.us]
        for text in known[:3]:
            head.add(text, weight=TITLE)
        for text in known[3:]:
            head.add(text, weight=PERSON)
        body = self._body(self.letters.of(n), begin=_behind(known))
        return f"{head.literal()} {body}", subjects.literal(), people.literal()

    def _body(self, letters: list[Letter], *, begin: int) -> str:
        """What the articles of a ticket say, in the order and at the places of `search.vectors`."""
        pieces, places, place = [], self.places, begin
        for letter in letters:
            for sentence in letter.sentences:
                pieces.append(self.sentences[sentence].format(*places[place : place + SENTENCE]))
                place += SENTENCE
            for word in letter.words:
                pieces += [f"'{lexeme}':{place}{BODY}" for lexeme in self.stems[word]]
                place += 1
            place += GAP
        return " ".join(pieces)


def _template(words: list[str], stems: Mapping[str, Lexemes]) -> str:
    """A sentence as a part of a tsvector, without its places."""
    return " ".join(f"'{lexeme}':{{{n}}}" for n, word in enumerate(words) for lexeme in stems[word])


def _behind(texts: list[Words]) -> int:
    """The place behind these texts."""
    return 1 + sum(len(text.words) + GAP for text in texts)
