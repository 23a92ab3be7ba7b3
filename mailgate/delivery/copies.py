"""The same mail by another way in: whether an article is this very mail, and for which queues it stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from mailgate.reading.incoming import IncomingMail
from queues.access import Pairs, shared_readers
from queues.models import Queue
from tickets.letters.subjects import without_marks
from tickets.models import Article

ANSWERED = "closed_successful"


@dataclass(frozen=True, slots=True)
class Places:
    """Where a mail is to be found in the end.

    `stands`: the copy that stands for it already; `opens`: the queues that need a ticket of it; `told`: those
    for which that copy, or the first of the new tickets, stands as well.
    """

    stands: Article | None
    opens: tuple[Queue, ...]
    told: tuple[Queue, ...]


class Readers:
    """Who reads which of some queues (by id); asked of the database once, when it first matters."""

    def __init__(self, queues: Collection[int]) -> None:
        self._queues = queues

    @cached_property
    def in_common(self) -> Pairs:
        """The pairs of queues that somebody reads both of."""
        return shared_readers(self._queues)


def is_copy(mail: IncomingMail, article: Article) -> bool:
    """Whether an article with the mail's Message-ID is this mail, by its sender, time, text and files.

    The id alone is not enough: a scanner may give all its mails one, and one text.
    """
    sender = mail.parsed.from_.address if mail.parsed.from_ else ""
    wanted = (Article.Direction.IN, sender, mail.parsed.date)
    if (article.direction, article.from_address, article.date) != wanted:
        return False
    return _has_text_of(mail, article) and _has_files_of(mail, article)


def places_of(
    copies: Sequence[Article], *, queue: Queue, promised: Sequence[Queue], readers: Readers
) -> Places:
    """A mail for `queue`, and for all that one transfer of it promised it to.

    A copy stands for it that lies there, else one that the people of that queue will find. What stands for
    it, or its new ticket, may stand for further queues; each other one gets a ticket.
    """
    stands = next((article for article in copies if article.ticket.queue_id == queue.pk), None)
    told = []
    if stands is None:
        stands = next((article for article in copies if _is_found(article, queue, readers=readers)), None)
        told = [queue] if stands is not None else []
    have_it = {queue.pk, *(article.ticket.queue_id for article in copies)}
    further = [other for other in promised if other.pk not in have_it]
    if stands is not None:
        shared = [other for other in further if _is_found(stands, other, readers=readers)]
    else:
        shared = [other for other in further if frozenset((queue.pk, other.pk)) in readers.in_common]
    opens = [other for other in further if other not in shared]
    return Places(
        stands=stands,
        opens=tuple(opens if stands is not None else [queue, *opens]),
        told=(*told, *shared),
    )


def _is_found(article: Article, queue: Queue, *, readers: Readers) -> bool:
    """Whether the people of another queue will find the article.

    Not if it was closed without an answer: its own may have left it to the others.
    """
    ticket = article.ticket
    is_alive = ticket.is_open or ticket.state.key == ANSWERED
    return is_alive and frozenset((ticket.queue_id, queue.pk)) in readers.in_common


def _has_text_of(mail: IncomingMail, article: Article) -> bool:
    """An article may have more text; not where the mail does not say when it was written.

    Then subject and text must be just these: an alarm may ring twice.
    """
    if mail.parsed.date is None:
        subjects = {mail.parsed.subject, without_marks(mail.parsed.subject)}
        return article.subject in subjects and article.text == mail.text
    return article.text.startswith(mail.parsed.text)


def _has_files_of(mail: IncomingMail, article: Article) -> bool:
    digests = {sha256(file.data).digest() for file in mail.parsed.attachments}
    stored = article.attachments.values_list("blob__sha256", flat=True)
    return digests == {bytes(digest) for digest in stored}
