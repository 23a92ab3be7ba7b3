"""A customer wants to go on with a question that was closed ('Opnieuw openen')."""

from datetime import datetime

from queues.models import Queue
from tickets.actor import FOLLOW_UP, Actor
from tickets.changing.changes import NOTHING, Side
from tickets.changing.forms import Form
from tickets.changing.frame import begin, require_whole, write_down
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.reopening import reopen_ticket
from tickets.errors import StaysClosed, TicketOpen
from tickets.facts import Wrote
from tickets.kinds import EventKind
from tickets.models import Article, Ticket
from tickets.queries.participants import require_part


@same_form_once
@atomic_action
def reopen_by_customer(*, actor: Actor, ticket: Ticket, address: str, form: Form, now: datetime) -> Done:
    """Open it as a mail of this address would, which waits for us from now on (OTRS 2.17, 2.19).

    Raises `TakesNoPart`, `TicketOpen`, `StaysClosed` where the queue takes no follow-up, `TicketMerged`,
    `TicketBusy`.
    """
    changes = begin(ticket, actor=actor, right=FOLLOW_UP, now=now, form=form, needs_lock=False)
    require_whole(changes.ticket)
    require_part(address, ticket=changes.ticket)
    if changes.ticket.is_open:
        raise TicketOpen
    if changes.ticket.queue.follow_up != Queue.FollowUp.POSSIBLE:
        raise StaysClosed
    reopen_ticket(changes)
    changes.happened.append(Wrote(sender_type=Article.SenderType.CUSTOMER, is_visible=True, at=now))
    changes.sides["by_address"] = [NOTHING, Side(id=None, label=address)]
    return write_down(changes, kind=EventKind.CUSTOMER_REOPENED)
