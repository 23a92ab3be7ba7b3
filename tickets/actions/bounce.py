"""Sending a customer's mail on as it came, as if they had written there themselves ('Bounce').

It is answered from there to the customer, past us. The customer can be told of it by a mail of its own.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from blobs.models import Blob
from outbox.addresses import addresses_in, compared
from queues.models import QueuePermission
from tickets.access import find_source
from tickets.actor import Actor
from tickets.changing.article_rows import insert_article, note_in_overview
from tickets.changing.changes import Changes
from tickets.changing.events import record
from tickets.changing.frame import begin, write_down
from tickets.changing.locking import atomic_action
from tickets.changing.next_state import enter_as_ones_own
from tickets.changing.once import Done, same_form_once
from tickets.changing.unseen import ask_before_closing
from tickets.changing.written import Written, checked_time_units
from tickets.errors import BadInput
from tickets.kinds import EventKind
from tickets.letters.answering import answer_to
from tickets.letters.bouncing import with_address
from tickets.letters.by_agent import write_agents_letter
from tickets.letters.letter import Letter, Voice, made_from, write_resent
from tickets.letters.recipients import bare_addresses, check_without_customer, checked_to
from tickets.letters.sending import send_letter
from tickets.models import Article, State, Ticket

RIGHT = QueuePermission.Right.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce(Written):
    """What an agent filled in; subject, text and files are for the sender, who is told if `tells_sender`."""

    bounced: Article | None
    to: tuple[str, ...]
    tells_sender: bool
    state: State
    pending_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Letters:
    """The mail itself, and what its sender is told, if anything."""

    resent: Letter
    told: Letter | None


@same_form_once
def bounce_mail(*, actor: Actor, ticket: Ticket, bounce: Bounce, now: datetime) -> Done:
    """Send the mail on; the ticket gets the chosen state, and is the agent's own (OTRS 7.29 to 7.31).

    Raises `NotAllowed`, `LockedByOther`, `BadInput`, `TicketBusy`, and `Ask` where it would close the ticket
    past what came in after the form's page was shown.
    """
    actor.require(RIGHT, ticket.queue_id)
    letters = _compose(actor=actor, ticket=ticket, bounce=bounce, now=now)
    return _send(actor=actor, ticket=ticket, bounce=bounce, letters=letters, now=now)


def can_be_bounced(article: Article) -> bool:
    """Whether it is a mail that came in, and is kept as it came, to its end."""
    came_in = article.direction == Article.Direction.IN and article.raw_id is not None
    return came_in and article.raw_is_whole


def checked_source(article: Article | None, *, ticket: Ticket) -> tuple[Article, Blob]:
    """The mail with its bytes as they came; raises `BadInput` where there are none."""
    if article is None or not can_be_bounced(article):
        sentence = _("No e-mail is kept of this message as it came in, so it can't be bounced. Forward it.")
        raise BadInput("bounced", sentence)
    return article, find_source(ticket=ticket, article_id=article.pk)


def checked_bounce_to(addresses: tuple[str, ...], *, ticket: Ticket, mail: Article) -> tuple[str, ...]:
    """Where a mail is sent on to; raises `BadInput` for what is ours, or its sender's: it would come back.

    Nor does one that the customer does not see go to them.
    """
    to = checked_to(addresses, ticket=ticket)
    if not mail.is_visible:
        check_without_customer(ticket=ticket, answered=mail, to=to)
    senders = addresses_in(mail.from_header, mail.from_address, mail.reply_to)
    back = [address for address in bare_addresses(to) if compared(address) in senders]
    if back:
        sentence = _("%(address)s has sent this mail: it would only go back to them.")
        raise BadInput("to", sentence % {"address": back[0]})
    return to


def checked_sender_of(mail: Article, *, ticket: Ticket) -> tuple[str, ...]:
    """Who is told; raises `BadInput` where the mail names nobody who could be."""
    to = answer_to(article=mail, ticket=ticket, reply_all=False).to
    if not to:
        raise BadInput("tells_sender", _("This mail names no address that can be written to."))
    return to


@atomic_action
def _send(*, actor: Actor, ticket: Ticket, bounce: Bounce, letters: _Letters, now: datetime) -> Done:
    changes = begin(ticket, actor=actor, right=RIGHT, now=now, form=bounce)
    ask_before_closing(changes, state=bounce.state, form=bounce)
    if letters.resent.made_from != made_from(changes.ticket):
        letters = _compose(actor=actor, ticket=changes.ticket, bounce=bounce, now=now)
    outbound = send_letter(letters.resent, key=f"bounce:{bounce.submission}")
    enter_as_ones_own(changes, bounce.state, pending_until=bounce.pending_until)
    if letters.told is not None:
        _tell_sender(changes, letters.told, key=f"bounce-told:{bounce.submission}")
    return write_down(changes, kind=EventKind.REDIRECTED, article=letters.resent.article, outbound=outbound)


def _tell_sender(changes: Changes, letter: Letter, *, key: str) -> None:
    """An answer of its own, beside the deed that the form asks for."""
    told = insert_article(
        ticket=changes.ticket, new=letter.article, now=changes.now, outbound=send_letter(letter, key=key)
    )
    note_in_overview(changes, new=letter.article, article=told)
    record(ticket=changes.ticket, kind=EventKind.ANSWERED, actor=changes.actor, now=changes.now, article=told)


def _compose(*, actor: Actor, ticket: Ticket, bounce: Bounce, now: datetime) -> _Letters:
    """Build the mails; nothing is written to the database."""
    mail, source = checked_source(bounce.bounced, ticket=ticket)
    resent = write_resent(
        ticket=ticket,
        voice=Voice(sender_type=Article.SenderType.AGENT, agent=actor.agent, writer=actor.agent),
        mail=mail,
        source=source,
        to=checked_bounce_to(bounce.to, ticket=ticket, mail=mail),
        text=_said_of(mail),
        time_units=checked_time_units(bounce.time_units),
        now=now,
    )
    told = _compose_told(actor=actor, ticket=ticket, bounce=bounce, mail=mail, now=now)
    return _Letters(resent=resent, told=told)


def _compose_told(
    *, actor: Actor, ticket: Ticket, bounce: Bounce, mail: Article, now: datetime
) -> Letter | None:
    if not bounce.tells_sender:
        return None
    address = ", ".join(bare_addresses(bounce.to))
    html = with_address(bounce.html, ticket=ticket, mail=mail, agent=actor.agent, address=address)
    letter = write_agents_letter(
        replace(bounce, html=html, time_units=None),
        agent=actor.agent,
        ticket=ticket,
        to=checked_sender_of(mail, ticket=ticket),
        answered=mail,
        is_visible=mail.is_visible,
        now=now,
    )
    if letter.says_nothing:
        raise BadInput("text", _("Write a text for the sender first."))
    return letter


def _said_of(mail: Article) -> str:
    return _("The mail of %(sender)s of %(date)s has been sent on unchanged.") % {
        "sender": mail.sender or _("unknown"),
        "date": date_format(localtime(mail.created), "d-m-Y H:i"),
    }
