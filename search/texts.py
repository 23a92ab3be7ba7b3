"""What tickets say: all the texts that they are found by, each once, within limits."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from django.db import connection

from richtext.earlier import words_of
from richtext.fold import Earlier, fold_text
from search.files.attached import ATTACHED, of
from search.files.attached import FILES_MOST as DOCUMENTS_MOST
from search.questions import asked_words
from search.words import Words, read_words

BODY_MOST: Final = 200_000
"""Characters of a body, from its beginning, that count."""
TICKET_MOST: Final = 900_000
"""Bytes of a ticket that count: subjects, people, names of files, then its bodies, from the first, and then
what stands in its files."""
READ_MOST: Final = 4_000_000
"""Bytes of bodies that are looked at: quoted history, which is left out, may be many times the rest."""
EARLIER_MOST: Final = 50
"""In how many articles before one its quotations are looked for."""
HEAD_MOST: Final = 20_000
FILES_MOST: Final = 200

TITLE, PERSON, FILE, BODY = "A", "B", "C", "D"
"""Weights of what a ticket says, among all of it."""
FROM, TO, COPY, CUSTOMER = "A", "B", "C", "D"
"""Weights of people, among themselves."""

IS_ANSWER: Final = """
(sender_type = 'agent' AND channel = 'email' AND direction = 'out' AND is_visible AND NOT is_automatic)
"""
"""Of an article, in SQL: an agent wrote it to the customer as a mail (`Article.is_answer`)."""

_TICKETS = """
SELECT ticket.id, ticket.number, ticket.title,
    coalesce(sizes.bytes, 0), coalesce(files.bytes, 0),
    concat_ws(' ', customer.first_name, customer.last_name), customer.code,
    (SELECT string_agg(address, ', ' ORDER BY id) FROM accounts_customeraddress
     WHERE customer_id = customer.id)
FROM tickets_ticket AS ticket
LEFT JOIN accounts_customer AS customer ON customer.id = ticket.customer_id
LEFT JOIN LATERAL (
    SELECT sum(octet_length(text)) AS bytes FROM tickets_article WHERE ticket_id = ticket.id
) AS sizes ON true
LEFT JOIN LATERAL (
    SELECT sum(octet_length(known.text)) AS bytes
    FROM tickets_article AS article JOIN tickets_attachment AS file ON file.article_id = article.id
    JOIN search_filetext AS known ON known.blob_id = file.blob_id
    WHERE article.ticket_id = ticket.id AND NOT file.is_inline
) AS files ON true
WHERE ticket.id = ANY(%s)
"""
_ARTICLES = """
SELECT ticket_id, subject, from_header, from_address, left("to", %(head)s), left(cc, %(head)s),
    CASE WHEN before < %(most)s THEN left(text, %(body)s) ELSE '' END, before >= %(most)s,
    ARRAY(SELECT name FROM tickets_attachment WHERE article_id = article.id AND NOT is_inline
          ORDER BY id LIMIT %(files)s),
    sender_type = 'customer', {is_answer}
FROM (
    SELECT *, sum(octet_length(text)) OVER (PARTITION BY ticket_id ORDER BY id) - octet_length(text) AS before
    FROM tickets_article WHERE ticket_id = ANY(%(tickets)s)
) AS article
ORDER BY ticket_id, id
""".replace("{is_answer}", IS_ANSWER)
_DOCUMENTS = f"""
SELECT ticket_id, text, is_cut FROM (
    SELECT files.ticket_id, place, text, is_cut,
        sum(octet_length(text)) OVER (PARTITION BY ticket_id ORDER BY place) - octet_length(text) AS before
    FROM ({ATTACHED}) AS files JOIN search_filetext AS known ON known.blob_id = files.blob_id
    WHERE place <= {DOCUMENTS_MOST} AND text <> ''
) AS texts
WHERE before < {TICKET_MOST}
ORDER BY ticket_id, place
"""  # noqa: S608  (of our own texts)


class Text(NamedTuple):
    """The words of one text, and what they weigh where it stands."""

    words: Words
    weight: str


@dataclass(slots=True)
class Said:
    """What one ticket says; `is_cut`: it says more.

    `question`: what its customer asked, once it was answered, in words of `search.questions`.
    """

    ticket: int
    number: str
    titles: list[Text] = field(default_factory=list)
    people: list[Text] = field(default_factory=list)
    files: list[Text] = field(default_factory=list)
    bodies: list[Text] = field(default_factory=list)
    documents: list[Text] = field(default_factory=list)
    question: list[str] = field(default_factory=list)
    is_cut: bool = False
    left: int = TICKET_MOST

    def add(self, texts: list[Text], text: str, *, weight: str) -> None:
        """Add what is left of a text within the ticket's limit."""
        size = len(text.encode(errors="ignore"))
        if size > self.left:
            text = text.encode(errors="ignore")[: self.left].decode(errors="ignore")
            self.is_cut = True
        self.left -= min(size, self.left)
        if text:
            texts.append(Text(read_words(text), weight))

    def all_words(self) -> set[str]:
        """Every word that it is found by."""
        texts = (*self.titles, *self.people, *self.files, *self.bodies, *self.documents)
        wholes = (whole for text in texts for _at, whole in text.words.wholes)
        return set(wholes).union(self.question, *(text.words.words for text in texts))


def read_tickets(ids: Collection[int]) -> Iterator[list[Said]]:
    """What these tickets say, in portions of at most `READ_MOST` bytes or one ticket; two statements for one
    portion, one for each other, and one more for each where files say something."""
    with connection.cursor() as cursor:
        cursor.execute(_TICKETS, [list(ids)])
        tickets = {row[0]: row for row in cursor.fetchall()}
    for portion in _portions([(row[0], row[3] + row[4]) for row in tickets.values()]):
        articles = {ticket: list(rows) for ticket, rows in groupby(_articles(portion), key=itemgetter(0))}
        said = [_said(tickets[ticket], articles.get(ticket, [])) for ticket in portion]
        _add_documents({each.ticket: each for each in said if tickets[each.ticket][4]})
        yield said


def _portions(sizes: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    portion: list[int] = []
    left = READ_MOST
    for ticket, size in sizes:
        if portion and size > left:
            yield portion
            portion, left = [], READ_MOST
        portion.append(ticket)
        left -= size
    if portion:
        yield portion


def _articles(tickets: Sequence[int]) -> list[tuple[Any, ...]]:
    limits = {"head": HEAD_MOST, "most": READ_MOST, "body": BODY_MOST + 1, "files": FILES_MOST}
    with connection.cursor() as cursor:
        cursor.execute(_ARTICLES, {"tickets": list(tickets), **limits})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _said(ticket: tuple[Any, ...], articles: Sequence[tuple[Any, ...]]) -> Said:
    """What comes first of it counts first: a title is never pushed out by bodies."""
    number, title, name, code, addresses = ticket[1], ticket[2], *ticket[5:]
    said = Said(ticket=ticket[0], number=number)
    for text in dict.fromkeys([title, *(row[1] for row in articles)]):
        said.add(said.titles, text, weight=TITLE)
    for text, weight in dict.fromkeys(
        [*((who, CUSTOMER) for who in (name, code, addresses) if who), *_heads(articles)]
    ):
        said.add(said.people, text, weight=weight)
    for name in dict.fromkeys(name for row in articles for name in row[8]):
        said.add(said.files, name, weight=FILE)
    bodies = [row[6] for row in articles]
    said.is_cut |= any(row[7] or len(row[6]) > BODY_MOST for row in articles)
    for text in _without_history(bodies):
        said.add(said.bodies, text, weight=BODY)
    said.question = _question(articles)
    return said


def _add_documents(tickets: Mapping[int, Said]) -> None:
    """Add what stands in their files, as far as that was read, and each file once."""
    if not tickets:
        return
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENTS, of(tickets))
        for ticket, text, is_cut in cursor.fetchall():
            said = tickets[ticket]
            said.add(said.documents, text, weight=FILE)
            said.is_cut |= is_cut


def _question(articles: Sequence[tuple[Any, ...]]) -> list[str]:
    """What the customer said first, if an answer came after it."""
    asked = next((place for place, row in enumerate(articles) if row[9]), len(articles))
    is_answered = any(row[10] for row in articles[asked:])
    return asked_words(articles[asked][1], articles[asked][6]) if is_answered else []


def _heads(articles: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    for _ticket, _subject, sender, address, to, copy, *_rest in articles:
        yield sender, FROM
        if address not in sender.lower():
            yield address, FROM
        yield to, TO
        yield copy, COPY


def _without_history(bodies: Sequence[str]) -> Iterator[str]:
    """The bodies, each without the quoted lines that stand word for word in one before it."""
    read = lru_cache(maxsize=EARLIER_MOST)(words_of)
    for place, body in enumerate(bodies):
        text = body[:BODY_MOST]
        yield _own(text, bodies[max(place - EARLIER_MOST, 0) : place], read=read) if place else text


def _own(text: str, before: Sequence[str], *, read: Callable[[str], str]) -> str:
    earlier = Earlier((each[:BODY_MOST] for each in reversed(before)), read=read)
    return "\n".join(piece.text for piece in fold_text(text, earlier) if not piece.lines)
