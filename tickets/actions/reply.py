"""Answering the customer ('Beantwoord').

The finished mail is built before the ticket is locked, because that may take long; if queue, number or
customer differ under the lock it is built again. Article, outgoing mail and event are one commit.
"""

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from django.utils.html import escape
from django.utils.translation import gettext as _

from queues.models import QueuePermission
from richtext.convert import is_blank
from tickets.actor import Actor
from tickets.changing.frame import begin, write_down
from tickets.changing.free_fields import fill_in
from tickets.changing.locking import atomic_action
from tickets.changing.next_state import enter_as_ones_own
from tickets.changing.once import Done, same_form_once
from tickets.changing.unseen import NEWER_MOST, ask_about_unseen
from tickets.changing.written import Written
from tickets.customer_link import address_of_page, with_link
from tickets.errors import Ask, BadInput
from tickets.free_values import NOTHING_FILLED, Filled
from tickets.kinds import EventKind
from tickets.letters.answering import has_own_words, prefill
from tickets.letters.by_agent import write_agents_letter
from tickets.letters.language import letters_language
from tickets.letters.letter import Letter, made_from
from tickets.letters.of_another import left_of_another, of_others
from tickets.letters.recipients import bare_addresses, checked_recipients, checked_to
from tickets.letters.sending import send_letter
from tickets.models import Article, State, Ticket
from tickets.queries.also_received import also_received_tickets, answers_in

ELSEWHERE = "elsewhere"
"""The key of `Ask`, followed by the answer in another queue's ticket up to which was shown."""


NOTHING_WRITTEN = "nothing_written"
"""The key of `Ask` for an answer without a word of one's own."""
OF_ANOTHER = "of_another"
"""The key of `Ask`, followed by a digest of what of another customer was found in the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Written):
    """What an agent filled in.

    `answered` is the article that is answered: no customer sees the answer who does not see that, and none is
    written to; `seen_elsewhere` the newest answer to the same mail in other queues' tickets that the form's
    page had shown; `filled` what is to stand in the ticket's free fields. `taken_from`: the tickets whose
    answers, to other customers, were used in it.
    """

    answered: Article | None
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    state: State
    pending_until: datetime | None = None
    seen_elsewhere: int | None = None
    is_visible: bool = True
    filled: Filled = NOTHING_FILLED
    taken_from: tuple[Ticket, ...] = ()


@same_form_once
def reply_to_ticket(*, actor: Actor, ticket: Ticket, answer: Answer, now: datetime) -> Done:
    """Send the answer; the ticket gets the chosen state (OTRS 7.16 to 7.25).

    Raises `NotAllowed`, `LockedByOther`, `BadInput`, `TicketBusy`, and `Ask` when the customer wrote or a
    colleague answered after `seen_event`, or the same mail was answered in another queue's ticket after
    `seen_elsewhere`, a colleague changed a free field that the answer changes, nothing was written, or it
    names somebody of a ticket that it was taken from.
    """
    actor.require(QueuePermission.Right.ALL, ticket.queue_id)
    _ask_about_another(ticket, answer=answer, actor=actor)
    _ask_about_nothing(ticket, answer=answer, actor=actor)
    letter = _compose(actor=actor, ticket=ticket, answer=answer, now=now)
    return _send(actor=actor, ticket=ticket, answer=answer, letter=letter, now=now)


@atomic_action
def _send(*, actor: Actor, ticket: Ticket, answer: Answer, letter: Letter, now: datetime) -> Done:
    also = also_received_tickets(ticket)
    changes = begin(ticket, actor=actor, right=QueuePermission.Right.ALL, now=now, form=answer, beside=also)
    ask_about_unseen(changes, form=answer)
    _ask_about_elsewhere(also, answer=answer, actor=actor)
    fill_in(changes, answer.filled, form=answer)
    if letter.made_from != made_from(changes.ticket):
        letter = _compose(actor=actor, ticket=changes.ticket, answer=answer, now=now)
    outbound = send_letter(letter, key=f"reply:{answer.submission}")
    enter_as_ones_own(changes, answer.state, pending_until=answer.pending_until)
    return write_down(changes, kind=EventKind.ANSWERED, article=letter.article, outbound=outbound)


def _ask_about_nothing(ticket: Ticket, *, answer: Answer, actor: Actor) -> None:
    """Nobody sends by a slip what only stood there already; a standard answer and a picture say something.

    Files alone do not: who sends them has most likely forgotten to write.
    """
    if NOTHING_WRITTEN in answer.anyway or any(upload.is_inline for upload in answer.uploads):
        return
    begun = prefill(ticket=ticket, article=answer.answered, template=None, agent=actor.agent)
    if is_blank(answer.html) or has_own_words(answer.html, begun=begun.html):
        return
    raise Ask(
        NOTHING_WRITTEN,
        _("You have not written anything yet: only what stood there already would be sent."),
    )


def _ask_about_another(ticket: Ticket, *, answer: Answer, actor: Actor) -> None:
    """Nobody tells one customer what another one is called, or their address or number."""
    others = of_others(answer.taken_from, ticket=ticket)
    if not others:
        return
    begun = prefill(ticket=ticket, article=answer.answered, template=None, agent=actor.agent)
    left = left_of_another(answer.html, begun=begun.html, taken_from=others)
    key = f"{OF_ANOTHER}:{crc32(repr(left).encode()):08x}"
    if left and key not in answer.anyway:
        sentence = _("Your answer still says, of another customer: %(words)s.")
        raise Ask(key, sentence % {"words": ", ".join(left)})


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
    answered = answer.answered
    if answered is not None and not answered.is_answerable:
        raise BadInput("answered", _("This is internal: it can't be answered."))
    is_visible = answer.is_visible and (answered is None or answered.is_visible)
    letter = write_agents_letter(
        answer,
        agent=actor.agent,
        ticket=ticket,
        to=checked_to(answer.to, ticket=ticket),
        cc=checked_recipients("cc", answer.cc, ticket=ticket),
        bcc=checked_recipients("bcc", answer.bcc, ticket=ticket),
        answered=answered,
        quoted=answered,
        is_visible=is_visible,
        closing=_link_below(answer, ticket=ticket) if is_visible else "",
        now=now,
    )
    if letter.says_nothing:
        raise BadInput("text", _("Write an answer first."))
    return letter


def _link_below(answer: Answer, *, ticket: Ticket) -> str:
    """The link to the customer's own page, where the queue wants it and one address alone gets the answer."""
    addresses = bare_addresses((*answer.to, *answer.cc, *answer.bcc))
    if not ticket.queue.links_answers or len(addresses) != 1:
        return ""
    page = address_of_page(ticket=ticket, address=addresses[0])
    with letters_language():
        words = escape(_("Read this conversation and write back on your own page:"))
    return with_link(f"<p>{words} {page}</p>", page=page)
