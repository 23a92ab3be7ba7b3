"""Answering the customer ('Beantwoord').

The finished mail is built before the ticket is locked, because that may take long; if queue or number differ
under the lock it is built again. Article, outgoing mail and event are one commit.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from outbox.queueing import enqueue_many
from outbox.verp import bounce_address
from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.frame import begin, write_down
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.written import (
    Written,
    checked_pending,
    checked_time_units,
    checked_uploads,
    stored,
    writer_of,
)
from tickets.errors import Ask, BadInput
from tickets.kinds import ABOUT_AN_ARTICLE, EventKind
from tickets.letters.inline_images import with_inline_images
from tickets.letters.letter import Letter, Voice, made_from, write_letter
from tickets.letters.recipients import checked_recipients
from tickets.models import Article, State, Ticket
from tickets.queries.also_received import also_received_tickets, answers_in

NEWER_MOST = 10
UNSEEN, ELSEWHERE = "unseen", "elsewhere"
"""What may have to be read before an answer leaves: keys of `Ask`, followed by how far it was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Written):
    """What an agent filled in.

    `answered` is the article that is answered; `seen_event` the newest event that the ticket had when the
    form was shown, `seen_elsewhere` the newest answer to the same mail in other queues' tickets; `anyway` the
    keys of what was asked and is to be done all the same.
    """

    answered: Article | None
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    state: State
    pending_until: datetime | None = None
    seen_event: int | None = None
    seen_elsewhere: int | None = None
    anyway: Collection[str] = ()

    def shown_up_to(self, asked: str, *, seen: int | None) -> int:
        """The id up to which the agent has seen: with the form, or with what it was asked about since."""
        keys = (re.fullmatch(rf"{asked}:([0-9]{{1,18}})", key) for key in self.anyway)
        return max([seen or 0, *(int(key[1]) for key in keys if key)])


@same_form_once
def reply_to_ticket(*, actor: Actor, ticket: Ticket, answer: Answer, now: datetime) -> Done:
    """Send the answer; the ticket gets the chosen state (OTRS 7.16 to 7.25).

    Raises `NotAllowed`, `LockedByOther`, `BadInput`, `TicketBusy`, and `Ask` when the customer wrote or a
    colleague answered after `seen_event`, or the same mail was answered in another queue's ticket after
    `seen_elsewhere`.
    """
    actor.require(QueuePermission.Right.ALL, ticket.queue_id)
    letter = _compose(actor=actor, ticket=ticket, answer=answer, now=now)
    return _send(actor=actor, ticket=ticket, answer=answer, letter=letter, now=now)


@atomic_action
def _send(*, actor: Actor, ticket: Ticket, answer: Answer, letter: Letter, now: datetime) -> Done:
    also = also_received_tickets(ticket)
    changes = begin(ticket, actor=actor, right=QueuePermission.Right.ALL, now=now, beside=also)
    _ask_about_unseen(changes.ticket, answer=answer, actor=actor)
    _ask_about_elsewhere(also, answer=answer, actor=actor)
    if letter.made_from != made_from(changes.ticket):
        letter = _compose(actor=actor, ticket=changes.ticket, answer=answer, now=now)
    sender = bounce_address(letter.article.from_address, message_id=letter.article.message_id)
    (outbound,) = enqueue_many([letter.outgoing(sender=sender, dedupe_key=f"reply:{answer.submission}")])
    _settle(changes, answer=answer)
    return write_down(
        changes,
        kind=EventKind.ANSWERED,
        article=letter.article,
        outbound=outbound,
        submission=answer.submission,
    )


def _settle(changes: Changes, *, answer: Answer) -> None:
    """The state that was chosen, and the agent's own while it is open (OTRS 3.3)."""
    changes.owner(changes.actor.agent)
    pending_until = checked_pending(state=answer.state, pending_until=answer.pending_until, now=changes.now)
    changes.state(answer.state, pending_until=pending_until)
    if changes.ticket.is_open:
        changes.lock()
    else:
        changes.unlock()


def _ask_about_unseen(ticket: Ticket, *, answer: Answer, actor: Actor) -> None:
    """Nobody answers past a mail or an answer they have not seen. In a ticket, events' ids grow with time."""
    theirs = Q(article__sender_type=Article.SenderType.CUSTOMER)
    colleagues = Q(article__sender_type=Article.SenderType.AGENT, article__is_visible=True)
    seen = answer.shown_up_to(UNSEEN, seen=answer.seen_event)
    newer = ticket.events.filter(theirs | colleagues & ~Q(agent=actor.agent), pk__gt=seen)
    newer = newer.exclude(kind__in=ABOUT_AN_ARTICLE).select_related("article__agent").order_by("pk")
    unseen = list(newer[:NEWER_MOST])
    if not unseen:
        return
    key = f"{UNSEEN}:{unseen[-1].pk}"
    articles = [event.article for event in unseen if event.article is not None]
    answers = [article for article in articles if article.sender_type == Article.SenderType.AGENT]
    if answers:
        sentence = _("%(agent)s has answered this ticket meanwhile. Read that before you send your answer.")
        raise Ask(key, sentence % {"agent": answers[-1].agent or _("A colleague")}, details=articles)
    sentence = _("The customer has written again. Read the new message before you send yours.")
    raise Ask(key, sentence, details=articles)


def _ask_about_elsewhere(tickets: list[int], *, answer: Answer, actor: Actor) -> None:
    """Nobody gives a customer a second answer to the same mail unawares."""
    seen = answer.shown_up_to(ELSEWHERE, seen=answer.seen_elsewhere)
    answers = answers_in(tickets, after=seen, but_of=actor.agent) if tickets else []
    if not answers:
        return
    sentence = _(
        "The same mail came in for another queue, too, and has just been answered there. "
        "See whether your answer is still needed."
    )
    read = QueuePermission.Right.READ
    visible = [article for article in answers[-NEWER_MOST:] if actor.may(read, article.ticket.queue_id)]
    raise Ask(f"{ELSEWHERE}:{answers[-1].pk}", sentence, details=visible)


def _compose(*, actor: Actor, ticket: Ticket, answer: Answer, now: datetime) -> Letter:
    """Build the mail; nothing is written to the database."""
    to, cc, bcc = (
        checked_recipients(name, addresses)
        for name, addresses in (("to", answer.to), ("cc", answer.cc), ("bcc", answer.bcc))
    )
    if not to:
        raise BadInput("to", _("Give at least one address to send the answer to."))
    uploads = checked_uploads(answer.uploads, agent=actor.agent, submission=answer.submission)
    html, images = with_inline_images(html=answer.html, ticket=ticket, uploads=uploads)
    letter = write_letter(
        ticket=ticket,
        voice=Voice(
            sender_type=Article.SenderType.AGENT,
            agent=actor.agent,
            writer=writer_of(uploads, agent=actor.agent),
        ),
        to=to,
        cc=cc,
        bcc=bcc,
        subject=answer.subject,
        html=html,
        files=stored([upload for upload in uploads if not upload.is_inline]) + images,
        answered=answer.answered,
        time_units=checked_time_units(answer.time_units),
        now=now,
    )
    if not letter.article.text.strip() and not images:
        raise BadInput("text", _("Write an answer first."))
    return letter
