"""The same mail by another way in: what became of it, and whether this one adds something."""

from collections.abc import Collection
from dataclasses import dataclass

from mailgate.delivery.articles import Files, text_of
from mailgate.reading.incoming import IncomingMail
from queues.access import have_shared_readers
from tickets.models import Article

ANSWERED = "closed_successful"


@dataclass(frozen=True, slots=True)
class Copies:
    """Articles that are this very mail, newest first, and the queue it is for now.

    `here`: the one that lies in that queue already, where this mail would land; `shared`: one whose readers
    and those of that queue have a group in common, so that it can stand for both.
    """

    articles: tuple[Article, ...]
    here: Article | None
    shared: Article | None


def copies_of(mail: IncomingMail, *, same_id: Collection[Article], queue_id: int, files: Files) -> Copies:
    """The same Message-ID is not enough: a scanner may give all its mails one, and one text."""
    articles = tuple(
        each for each in same_id if may_be_copy(mail, each) and _has_files(mail, each, files=files)
    )
    here = next((each for each in articles if each.ticket.queue_id == queue_id), None)
    shared = None
    if here is None:
        shared = next((each for each in articles if stands_for_both(each, queue_id=queue_id)), None)
    return Copies(articles=articles, here=here, shared=shared)


def may_be_copy(mail: IncomingMail, article: Article) -> bool:
    """Whether sender, time and text are the same, too; what stands there may be longer.

    A mail that does not say when it was written must have the same subject and just this text: an alarm may
    ring twice.
    """
    parsed = mail.parsed
    sender = parsed.from_.address if parsed.from_ else ""
    if (article.direction, article.from_address, article.date) != (Article.Direction.IN, sender, parsed.date):
        return False
    if parsed.date is None:
        return article.subject == parsed.subject and article.text == text_of(mail)
    return article.text.startswith(parsed.text)


def stands_for_both(article: Article, *, queue_id: int) -> bool:
    """Not if it was closed without an answer: they may have left it to the other queue."""
    ticket = article.ticket
    is_alive = ticket.is_open or ticket.state.key == ANSWERED
    return is_alive and have_shared_readers(ticket.queue_id, queue_id)


def _has_files(mail: IncomingMail, article: Article, *, files: Files) -> bool:
    theirs = {file.blob.pk for file in files.get(mail.row.pk, ())}
    return theirs == set(article.attachments.values_list("blob_id", flat=True))
