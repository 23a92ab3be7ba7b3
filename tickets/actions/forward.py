"""Forwarding a message to somebody else ('Doorsturen').

What is forwarded, and what comes back from there, is between them and us: the customer sees it only where an
agent says so. As with an answer, the mail is built before the ticket is locked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.frame import begin, write_down
from tickets.changing.locking import atomic_action
from tickets.changing.next_state import enter_as_ones_own
from tickets.changing.once import Done, same_form_once
from tickets.changing.unseen import ask_before_closing
from tickets.changing.written import Written, checked_along
from tickets.errors import BadInput
from tickets.kinds import EventKind
from tickets.letters.by_agent import write_agents_letter
from tickets.letters.forwarding import WORD, checked_forwarded, names_of
from tickets.letters.letter import Letter, made_from
from tickets.letters.recipients import checked_recipients, checked_to
from tickets.letters.sending import send_letter
from tickets.models import Article, Attachment, State, Ticket

RIGHT = QueuePermission.Right.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarding(Written):
    """What an agent filled in; `along` are those of the message's files that go with it.

    `is_visible`: the customer may see it; never where they do not see the message itself.
    """

    forwarded: Article | None
    along: Sequence[Attachment] = ()
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    state: State
    pending_until: datetime | None = None


@same_form_once
def forward_message(*, actor: Actor, ticket: Ticket, forwarding: Forwarding, now: datetime) -> Done:
    """Send the message on; the ticket gets the chosen state, and is the agent's own (OTRS 7.28).

    Raises `NotAllowed`, `LockedByOther`, `BadInput`, `TicketBusy`, and `Ask` where it would close the ticket
    past what came in after the form's page was shown.
    """
    actor.require(RIGHT, ticket.queue_id)
    letter = _compose(actor=actor, ticket=ticket, forwarding=forwarding, now=now)
    return _send(actor=actor, ticket=ticket, forwarding=forwarding, letter=letter, now=now)


@atomic_action
def _send(*, actor: Actor, ticket: Ticket, forwarding: Forwarding, letter: Letter, now: datetime) -> Done:
    changes = begin(ticket, actor=actor, right=RIGHT, now=now, form=forwarding)
    ask_before_closing(changes, state=forwarding.state, form=forwarding)
    if letter.made_from != made_from(changes.ticket):
        letter = _compose(actor=actor, ticket=changes.ticket, forwarding=forwarding, now=now)
    outbound = send_letter(letter, key=f"forward:{forwarding.submission}")
    enter_as_ones_own(changes, forwarding.state, pending_until=forwarding.pending_until)
    return write_down(changes, kind=EventKind.FORWARDED, article=letter.article, outbound=outbound)


def _compose(*, actor: Actor, ticket: Ticket, forwarding: Forwarding, now: datetime) -> Letter:
    """Build the mail; nothing is written to the database."""
    article = checked_forwarded(forwarding.forwarded)
    along = checked_along(forwarding.along, article=article)
    letter = write_agents_letter(
        forwarding,
        agent=actor.agent,
        ticket=ticket,
        to=checked_to(forwarding.to, ticket=ticket),
        cc=checked_recipients("cc", forwarding.cc, ticket=ticket),
        bcc=checked_recipients("bcc", forwarding.bcc, ticket=ticket),
        answered=article,
        quoted=article,
        along=along,
        reply_word=WORD,
        is_visible=forwarding.is_visible and article.is_visible,
        closing=names_of(along, article=article),
        now=now,
    )
    if letter.says_nothing:
        raise BadInput("text", _("Write a text first."))
    return letter
