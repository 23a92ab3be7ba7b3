"""Counting what came by forms and by customers' pages: each once, with its files, or waiting, or nowhere."""

import hashlib
import re
from collections import Counter, defaultdict
from datetime import timedelta

from django.utils import timezone

from benchmarks.faults.ledger import MARK, File, Ledger, Question, Way
from blobs.models import Blob
from blobs.store import read_parts
from blobs.sweep import GRACE, sweep
from outbox.models import OutboundMessage, Recipient
from queues.models import AutoResponse
from tickets.kinds import AUTORESPONSE, EventKind
from tickets.models import Article, Event, EventTask
from webforms.confirmation_mail import DAYS
from webforms.forgetting import forget
from webforms.identity import read_identity
from webforms.models import Category, Submission, SubmissionFile

SHOWN, MANY = 20, 40
"""How many are shown of what is wrong; of how many it is no accident that none was sent in a way."""
Sent, Doubtful = OutboundMessage.SENT, OutboundMessage.DOUBTFUL
Same = Counter[tuple[str, str]]
"""Files by name and digest."""
_MARK = re.compile(MARK)


def asked(ledger: Ledger, *, copies: Counter[str]) -> dict[str, object]:
    """The figures of forms; `copies`: Message-ID → how many times that mail reached the catcher."""
    questions = ledger.questions
    told = [question for question in questions.values() if question.was_told]
    rows = list(Submission.objects.select_related("ticket").order_by("pk"))
    of = {row.address: row for row in rows}
    waiting = {row.address for row in rows if row.ticket is None}
    articles = _articles()
    made = {address: articles[question.mark] for address, question in questions.items()}
    times = Counter(row.address for row in rows)
    ways = Counter(question.way for question in told)
    return {
        "opened": len(questions),
        "told": len(told),
        "ways": dict(ways),
        "tickets": len(rows) - len(waiting),
        "waiting": len(waiting),
        "confirmed": sum(row.confirmed is not None for row in rows),
        "nobody_was_told_of": sum(not questions[a].was_told for a in of.keys() & questions.keys()),
        "wrong_never": sorted({*Way} - {Way.LEFT} - ways.keys()) if len(told) > MANY else [],
        "wrong_lost": [q.address for q in told if q.address not in of][:SHOWN],
        "wrong_no_article": [q.address for q in told if q.numbers and len(made[q.address]) != 1][:SHOWN],
        "wrong_doubled": [a for a in questions if times[a] > 1 or len(made[a]) > 1][:SHOWN],
        "wrong_numbers": [q.address for q in told if q.numbers - {_number(of.get(q.address))}][:SHOWN],
        "wrong_pages": [q.address for q in told if len(q.pages) > 1][:SHOWN],
        "wrong_tokens": [row.address for row in rows if not _is_of(questions.get(row.address), row)][:SHOWN],
        "wrong_unasked": [a for a, q in questions.items() if made[a] and not _was_sent(q)][:SHOWN],
        "wrong_not_waiting": [
            q.address for q in told if q.waits and not q.pressed and q.address not in waiting
        ][:SHOWN],
        **_confirmations(copies),
        **_receipts(copies),
    }


def written(ledger: Ledger) -> dict[str, object]:
    """The figures of what customers wrote on their pages."""
    articles = _articles()
    told = [message for message in ledger.messages if message.is_told]
    return {
        "written": len(ledger.messages),
        "told": len(told),
        "wrong_never": len(ledger.questions) > 2 * MANY and not told,
        "wrong_lost": [message.mark for message in told if not articles[message.mark]][:SHOWN],
        "wrong_doubled": [m.mark for m in ledger.messages if len(articles[m.mark]) > 1][:SHOWN],
    }


def forgotten(ledger: Ledger) -> dict[str, object]:
    """What is left after some days, in which nobody does anything: no file without a use.

    Before that each question that waits still has its files, and there are no bytes that nothing refers to.
    """
    now = timezone.now()
    questions, waiting = ledger.questions, list(Submission.objects.filter(ticket=None))
    kept = defaultdict[object, Same](Counter)
    for row in SubmissionFile.objects.all():
        kept[row.token][row.name, _digest(row.blob_id)] += 1
    sweep(now=now + GRACE)
    unused = Blob.objects.filter(unused_since__isnull=False).count()
    forgot = forget(now=now + timedelta(days=DAYS + 1))
    sweep(now=now + 3 * GRACE)
    unused_later = Blob.objects.filter(unused_since__isnull=False).count()
    sweep(now=now + 5 * GRACE)
    return {
        "forms_with_files": len(kept),
        "questions": forgot,
        "blobs": unused_later,
        "wrong_files_that_wait": [
            row.address
            for row in waiting
            if row.address in questions and kept[row.token] != _same(questions[row.address].files)
        ][:SHOWN],
        "wrong_unused": unused,
        "wrong_questions": forgot - len(waiting),
        "wrong_files": SubmissionFile.objects.count(),
        "wrong_blobs": Blob.objects.filter(unused_since__isnull=False).count(),
    }


def files_of(ledger: Ledger) -> dict[str, object]:
    """Each text has its files, once, with the bytes that were sent."""
    sent = {question.mark: question.files for question in ledger.questions.values()}
    sent |= {message.mark: message.files for message in ledger.messages}
    came = {
        (mark, article.pk): Counter((file.name, _digest(file.blob_id)) for file in article.attachments.all())
        for mark, those in _articles().items()
        for article in those
    }
    return {
        "files": sum(files.total() for files in came.values()),
        "wrong_files": [mark for (mark, _pk), files in came.items() if files != _same(sent.get(mark, ()))][
            :SHOWN
        ],
    }


def _articles() -> dict[str, list[Article]]:
    """Mark → the articles that customers wrote with it, but by mail."""
    articles = defaultdict[str, list[Article]](list)
    came = Article.objects.filter(direction=Article.Direction.IN, channel=Article.Channel.WEB)
    for article in came.order_by("pk").prefetch_related("attachments"):
        for mark in set(_MARK.findall(article.text)):
            articles[mark].append(article)
    return articles


def _was_sent(question: Question) -> bool:
    """Whether there may be a ticket: it was sent as it should be, and its address confirmed where need be."""
    return question.way is not Way.LEFT and (question.pressed or not question.confirms)


def _number(row: Submission | None) -> str:
    return row.ticket.number if row is not None and row.ticket is not None else ""


def _is_of(question: Question | None, row: Submission) -> bool:
    """Whether it was sent by the form that this visitor opened."""
    if question is None:
        return False
    category = Category.objects.get(versions=row.version_id)
    return read_identity(question.token, category=category.pk).token == row.token


def _confirmations(copies: Counter[str]) -> dict[str, object]:
    """Whose address is to be confirmed was asked by one mail, which left, and nobody else was."""
    confirming = Submission.objects.filter(version__category__confirms_address=True)
    wanted = set(confirming.values_list("address", flat=True))
    asked_of = Recipient.objects.filter(message__dedupe_key__startswith="django:").select_related("message")
    mails = Counter(row.address for row in asked_of)
    wrong = {address for address in wanted if mails[address] != 1}
    stayed = [row.address for row in asked_of if not _has_left(row.message, copies)]
    return {
        "asked_to_confirm": len(mails),
        "wrong_asked_to_confirm": sorted(wrong)[:SHOWN],
        "wrong_asked_for_nothing": sorted(mails.keys() - wanted)[:SHOWN],
        "wrong_asked_not_left": stayed[:SHOWN],
    }


def _receipts(copies: Counter[str]) -> dict[str, object]:
    """Each form has one receipt, which left; or the history says why not, or it went up in another queue's.

    Of a mail there is one, too, where it names a closed question that is not its writer's: it becomes a new
    ticket in the same queue.
    """
    begun = Event.objects.filter(kind=EventKind.CREATED, article__isnull=False)
    events = {f"autoresponse:{event.pk}": event for event in begun.select_related("article__ticket__queue")}
    mails = OutboundMessage.objects.filter(dedupe_key__startswith="autoresponse:")
    rows = {row.dedupe_key: row for row in mails}
    told = Event.objects.filter(kind=EventKind.AUTO_WITHHELD)
    withheld = {event.article_id: event.changes["withheld"][1]["id"] for event in told}
    answering = set(AutoResponse.queues.through.objects.values_list("queue_id", flat=True))
    missing = [
        event.article
        for key, event in events.items()
        if event.article is not None and event.article.channel == Article.Channel.WEB and key not in rows
    ]
    here = [article for article in missing if article.ticket.queue_id in answering]
    return {
        "receipts": len(rows),
        "receipts_by_state": dict(Counter(row.state for row in rows.values())),
        "receipts_withheld": dict(Counter(withheld[one.pk] for one in missing if one.pk in withheld)),
        "receipts_of_merged": len(missing) - len(here),
        "wrong_receipts_lost": [str(one) for one in here if one.pk not in withheld][:SHOWN],
        "wrong_receipts_not_left": [key for key, row in rows.items() if not _has_left(row, copies)][:SHOWN],
        "wrong_receipts_unknown": sorted(rows.keys() - events.keys())[:SHOWN],
        "wrong_reactions": [str(task) for task in EventTask.objects.filter(consumer=AUTORESPONSE)][:SHOWN],
    }


def _has_left(row: OutboundMessage, copies: Counter[str]) -> bool:
    """Whether it left once, or may have, which a person sees."""
    return row.state == Doubtful or (row.state == Sent and copies[row.message_id] == 1)


def _same(files: tuple[File, ...]) -> Same:
    return Counter(file.same for file in files)


def _digest(blob_id: int) -> str:
    """Of the bytes themselves, as they are kept."""
    digest = hashlib.sha256()
    for part in read_parts(blob_id):
        digest.update(part)
    return digest.hexdigest()
