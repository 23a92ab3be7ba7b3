"""The same mail by another way in: what became of it, and whether this one adds something."""

from collections.abc import Collection
from dataclasses import dataclass

from mailgate.articles import Files
from mailgate.read import Incoming
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


def copies_of(one: Incoming, *, same_id: Collection[Article], queue_id: int, files: Files) -> Copies:
    """The same Message-ID is not enough: a scanner may give all its mails one, and one text."""
    articles = tuple(
        each for each in same_id if may_be_copy(one, each) and _has_files(one, each, files=files)
    )
    here = next((each for each in articles if each.ticket.queue_id == queue_id), None)
    shared = None
    if here is None:
        shared = next((each for each in articles if _stands_for_both(each, queue_id=queue_id)), None)
    return Copies(articles=articles, here=here, shared=shared)


def may_be_copy(one: Incoming, article: Article) -> bool:
    """Whether sender and text are the same, too; what stands there may be longer."""
    sender = one.mail.from_.address if one.mail.from_ else ""
    return (
        article.direction == Article.Direction.IN
        and article.from_address == sender
        and article.text.startswith(one.mail.text)
    )


def _stands_for_both(article: Article, *, queue_id: int) -> bool:
    """Not if it was closed without an answer: they may have left it to the other queue."""
    ticket = article.ticket
    is_alive = ticket.is_open or ticket.state.key == ANSWERED
    return is_alive and have_shared_readers(ticket.queue_id, queue_id)


def _has_files(one: Incoming, article: Article, *, files: Files) -> bool:
    theirs = {file.blob.pk for file in files.get(one.row.pk, ())}
    return theirs == set(article.attachments.values_list("blob_id", flat=True))
