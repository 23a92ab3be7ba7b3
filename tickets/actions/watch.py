"""Following a ticket, and following it no more ('Volg', 'Niet meer volgen'; OTRS 7.58)."""

from datetime import datetime

from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.events import record
from tickets.changing.frame import begin, require_whole
from tickets.changing.locking import atomic_action
from tickets.errors import BadInput
from tickets.kinds import EventKind
from tickets.models import Ticket, TicketWatcher

READ = QueuePermission.Right.READ
FOLLOWED_MOST = 1_000
"""By one agent: their list is sorted as a whole."""


@atomic_action
def watch_ticket(*, actor: Actor, ticket: Ticket, now: datetime) -> Ticket:
    """Let the agent follow the ticket; whoever does already, does.

    Raises `NotAllowed`, `TicketBusy`, `TicketMerged`, and `BadInput` for who follows too many.
    """
    changes = begin(ticket, actor=actor, right=READ, now=now, needs_lock=False)
    require_whole(changes.ticket)
    agent = actor.agent_rights.agent_id
    if TicketWatcher.objects.filter(agent=agent).exclude(ticket=ticket).count() >= FOLLOWED_MOST:
        sentence = _("You follow %(n)s tickets already. Stop following one of them first.")
        raise BadInput("ticket", sentence % {"n": FOLLOWED_MOST})
    _row, is_new = TicketWatcher.objects.get_or_create(
        ticket=changes.ticket, agent_id=agent, defaults={"at": now}
    )
    if is_new:
        record(ticket=changes.ticket, kind=EventKind.WATCHED, actor=actor, now=now)
    return changes.ticket


@atomic_action
def unwatch_ticket(*, actor: Actor, ticket: Ticket, now: datetime) -> Ticket:
    """Let the agent follow the ticket no more. Raises `NotAllowed`, `TicketBusy`."""
    changes = begin(ticket, actor=actor, right=READ, now=now, needs_lock=False)
    gone, _by_model = TicketWatcher.objects.filter(
        ticket=changes.ticket, agent=actor.agent_rights.agent_id
    ).delete()
    if gone:
        record(ticket=changes.ticket, kind=EventKind.UNWATCHED, actor=actor, now=now)
    return changes.ticket
