"""Answering the customer ('Beantwoord').

The finished mail is built before the ticket is locked, because that may take long; if queue, number or
references differ under the lock it is built again. Article, outgoing mail and event are one commit.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from blobs.store import read_bytes
from outbox.addresses import write_address
from outbox.message_ids import new_message_id
from outbox.mime import Mail, OutgoingFile, build_mime
from outbox.queueing import enqueue
from outbox.verp import bounce_address
from queues.models import Queue, QueuePermission
from richtext.clean import clean_html
from richtext.convert import html_to_text
from tickets.actions.composing import (
    checked_pending,
    checked_time_units,
    checked_uploads,
    require_free,
    same_form_once,
    stored,
    write_down,
)
from tickets.actor import Actor
from tickets.articles import NewArticle, StoredFile
from tickets.changes import Changes
from tickets.errors import AnsweredElsewhere, AnsweredMeanwhile, BadInput, NewerArticle
from tickets.inline_images import with_inline_images
from tickets.kinds import Kind
from tickets.locking import atomic_action, lock_tickets
from tickets.models import Article, State, Ticket, Upload
from tickets.queries.also_received import also_received_tickets, answers_in
from tickets.recipients import bare_addresses, checked_recipients
from tickets.references import references_to
from tickets.subjects import build_subject

NEWER_MOST = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What an agent filled in. `answered` is the article that is answered, `seen_article` the newest one that
    the ticket had when the form was shown, `seen_elsewhere` the newest answer to the same mail in other
    queues' tickets: within one ticket ids grow with time, across two they need not."""

    submission: UUID
    seen_article: int | None
    answered: Article | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    subject: str
    html: str
    uploads: tuple[Upload, ...]
    state: State
    pending_until: datetime | None = None
    time_units: Decimal | None = None
    seen_elsewhere: int | None = None
    send_anyway: bool = False


@dataclass(frozen=True, slots=True)
class _Letter:
    """A finished mail, the article that tells of it, and what it was made from."""

    mime: bytes
    article: NewArticle
    recipients: tuple[str, ...]
    made_from: tuple[int, str]


@same_form_once
def reply_to_ticket(*, actor: Actor, ticket: Ticket, answer: Answer, now: datetime) -> Article:
    """Send the answer and give its article; the ticket gets the chosen state (OTRS 7.16 to 7.25).

    Raises `NotAllowed`, `LockedByOther`, `BadInput`, `TicketBusy`, and, unless `send_anyway` is set,
    `NewerArticle` when the customer wrote, `AnsweredMeanwhile` when a colleague did, after `seen_article`;
    `AnsweredElsewhere` when the same mail was answered in another queue's ticket after `seen_elsewhere`.
    """
    actor.require(QueuePermission.Right.ALL, ticket.queue_id)
    letter = _write(actor=actor, ticket=ticket, answer=answer, now=now)
    return _send(actor=actor, ticket=ticket, answer=answer, letter=letter, now=now)


@atomic_action
def _send(*, actor: Actor, ticket: Ticket, answer: Answer, letter: _Letter, now: datetime) -> Article:
    twins = also_received_tickets(ticket)
    ticket = next(each for each in lock_tickets(ticket.pk, *twins) if each.pk == ticket.pk)
    actor.require(QueuePermission.Right.ALL, ticket.queue_id)
    require_free(actor, ticket)
    if not answer.send_anyway:
        _refuse_unseen(ticket, seen=answer.seen_article or 0, actor=actor)
        _refuse_answered_elsewhere(twins, seen=answer.seen_elsewhere or 0, actor=actor)
    if letter.made_from != _made_from(ticket):
        letter = _write(actor=actor, ticket=ticket, answer=answer, now=now)
    outbound = enqueue(
        mime=letter.mime,
        message_id=letter.article.message_id,
        sender=bounce_address(letter.article.from_address, message_id=letter.article.message_id),
        recipients=letter.recipients,
        subject=letter.article.subject,
        dedupe_key=f"reply:{answer.submission}",
    )
    changes = Changes(ticket, now=now)
    changes.owner(actor.agent)
    changes.state(
        answer.state,
        pending_until=checked_pending(state=answer.state, pending_until=answer.pending_until, now=now),
    )
    if ticket.is_open:
        changes.lock()
    else:
        changes.unlock()
    return write_down(
        changes, kind=Kind.ANSWERED, actor=actor, new=letter.article, outbound=outbound, now=now
    )


def _refuse_unseen(ticket: Ticket, *, seen: int, actor: Actor) -> None:
    """Nobody answers past a mail or an answer they have not seen. Within a ticket ids grow with time."""
    theirs = Q(sender_type=Article.SenderType.CUSTOMER)
    colleagues = Q(sender_type=Article.SenderType.AGENT, is_visible=True) & ~Q(agent=actor.agent)
    unseen = ticket.articles.filter(theirs | colleagues, pk__gt=seen).select_related("agent").order_by("pk")
    if newer := list(unseen[:NEWER_MOST]):
        answers = [article for article in newer if article.sender_type == Article.SenderType.AGENT]
        raise AnsweredMeanwhile(newer, by=answers[-1].agent) if answers else NewerArticle(newer)


def _refuse_answered_elsewhere(twins: list[int], *, seen: int, actor: Actor) -> None:
    """Nobody gives a customer a second answer to the same mail unawares."""
    if twins and (answers := answers_in(twins, after=seen, but_of=actor.agent)):
        raise AnsweredElsewhere(
            [
                each
                for each in answers[-NEWER_MOST:]
                if actor.may(QueuePermission.Right.READ, each.ticket.queue_id)
            ],
            newest=answers[-1].pk,
        )


def _made_from(ticket: Ticket) -> tuple[int, str]:
    return ticket.queue_id, ticket.number


def _write(*, actor: Actor, ticket: Ticket, answer: Answer, now: datetime) -> _Letter:
    """Build the mail; nothing is written to the database."""
    queue = ticket.queue
    if queue.sender is None:
        raise BadInput("sender", _("This queue has no sender address. Ask an administrator to give it one."))
    to, cc, bcc = (checked_recipients(name, part) for name, part in _parts(answer))
    if not to:
        raise BadInput("to", _("Give at least one address to send the answer to."))
    uploads = checked_uploads(uploads=answer.uploads, agent=actor.agent, submission=answer.submission)
    html, images = with_inline_images(html=answer.html, ticket=ticket, uploads=uploads)
    html = clean_html(html)
    text = html_to_text(html)
    if not text.strip() and not images:
        raise BadInput("text", _("Write an answer first."))
    files = stored([upload for upload in uploads if not upload.is_inline]) + images
    article = NewArticle(
        sender_type=Article.SenderType.AGENT,
        channel=Article.Channel.EMAIL,
        direction=Article.Direction.OUT,
        is_visible=True,
        from_header=write_address(queue.sender.name, queue.sender.address),
        from_address=queue.sender.address,
        to=", ".join(to),
        cc=", ".join(cc),
        bcc=", ".join(bcc),
        subject=build_subject(number=ticket.number, subject=answer.subject),
        text=text,
        html=html,
        message_id=new_message_id(),
        references=references_to(answer.answered),
        time_units=checked_time_units(answer.time_units),
        files=files,
        agent=actor.agent,
        submission=answer.submission,
    )
    mime = build_mime(_mail(article, queue=queue, answered=answer.answered, to=to, cc=cc, bcc=bcc, now=now))
    recipients = tuple(dict.fromkeys(bare_addresses((*to, *cc, *bcc))))
    return _Letter(mime=mime, article=article, recipients=recipients, made_from=_made_from(ticket))


def _parts(answer: Answer) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("to", answer.to), ("cc", answer.cc), ("bcc", answer.bcc)


def _mail(
    article: NewArticle,
    *,
    queue: Queue,
    answered: Article | None,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    bcc: tuple[str, ...],
    now: datetime,
) -> Mail:
    bracketed = " ".join(f"<{reference}>" for reference in article.references.split())
    return Mail(
        from_header=article.from_header,
        to=to,
        cc=cc,
        bcc=bcc,
        subject=article.subject,
        text=article.text,
        html=article.html,
        message_id=article.message_id,
        in_reply_to=f"<{answered.message_id}>" if answered is not None and answered.message_id else "",
        references=bracketed,
        files=tuple(_outgoing(file) for file in article.files),
        date=now,
    )


def _outgoing(file: StoredFile) -> OutgoingFile:
    return OutgoingFile(
        name=file.name,
        content_type=file.content_type,
        data=read_bytes(file.blob.pk),
        content_id=file.content_id,
        is_inline=file.is_inline,
    )
