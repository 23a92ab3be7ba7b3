"""A telephone call, noted down: one to the customer ('Uitgaand') and one of theirs ('Inkomend').

The customer may see both (OTRS 7.37), and neither leaves the house as mail.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from queues.models import QueuePermission
from richtext.convert import is_blank
from tickets.actions.seen import mark_seen
from tickets.actor import Actor
from tickets.changing.articles import NewArticle
from tickets.changing.changes import Changes
from tickets.changing.frame import begin, write_down
from tickets.changing.locking import atomic_action
from tickets.changing.next_state import enter_as_ones_own
from tickets.changing.once import Done, same_form_once
from tickets.changing.reopening import settle_lock
from tickets.changing.unseen import ask_before_closing
from tickets.changing.written import Written, checked_pending, note_of
from tickets.errors import BadInput
from tickets.kinds import EventKind
from tickets.models import Article, State, Ticket
from tickets.queries.correspondents import correspondent_of

Right = QueuePermission.Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Written):
    """What an agent noted down of a call, and what becomes of the ticket."""

    state: State
    pending_until: datetime | None = None


@same_form_once
@atomic_action
def note_call_to_customer(*, actor: Actor, ticket: Ticket, call: Call, now: datetime) -> Done:
    """An agent has called the customer: it counts as an answer, and the ticket becomes the agent's own.

    Raises `NotAllowed`, `LockedByOther`, `BadInput`, `TicketBusy`, and `Ask` where it would close the ticket
    past what came in after the form's page was shown.
    """
    changes = begin(ticket, actor=actor, right=Right.ALL, now=now, form=call)
    ask_before_closing(changes, state=call.state, form=call)
    enter_as_ones_own(changes, call.state, pending_until=call.pending_until)
    article = replace(
        _noted(changes, call=call),
        direction=Article.Direction.OUT,
        to=correspondent_of(changes.ticket).header,
    )
    return write_down(changes, kind=EventKind.CALLED, article=article)


@same_form_once
@atomic_action
def note_call_of_customer(*, actor: Actor, ticket: Ticket, call: Call, now: datetime) -> Done:
    """The customer has called: they wait as they would after a mail, but what they were told may close it.

    It needs no lock (OTRS 3.4): the customer calls whoever picks up. Lock and owner stay, or become what
    they would by a mail; closing unlocks.

    Raises `NotAllowed`, `BadInput`, `TicketBusy`, and `Ask` where it would close the ticket past what came in
    after the form's page was shown.
    """
    changes = begin(ticket, actor=actor, right=Right.ALL, now=now, form=call, needs_lock=False)
    was_closed = not changes.ticket.is_open
    ask_before_closing(changes, state=call.state, form=call)
    pending_until = checked_pending(state=call.state, pending_until=call.pending_until, now=now)
    changes.state(call.state, pending_until=pending_until)
    if changes.ticket.is_open:
        settle_lock(changes, was_closed=was_closed)
    else:
        changes.unlock()
    customer = correspondent_of(changes.ticket)
    article = replace(
        _noted(changes, call=call),
        sender_type=Article.SenderType.CUSTOMER,
        direction=Article.Direction.IN,
        from_header=customer.header,
        from_address=customer.address,
        sender_name=customer.name,
    )
    done = write_down(changes, kind=EventKind.WAS_CALLED, article=article)
    if actor.agent is not None:  # who has written it has read it (OTRS 3.39)
        mark_seen(agent=actor.agent, ticket=done.ticket, upto=done.written.pk)
    return done


def _noted(changes: Changes, *, call: Call) -> NewArticle:
    """What was noted down, without who called whom."""
    if is_blank(call.html):
        raise BadInput("text", _("Write a text first."))
    note = note_of(call, ticket=changes.ticket, agent=changes.actor.agent)
    return replace(note, channel=Article.Channel.PHONE, is_visible=True)
