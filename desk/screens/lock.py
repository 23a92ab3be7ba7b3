"""Vergrendel and Ontgrendel: the lock's own two buttons."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.writing.press import Press
from desk.writing.screen import Deed, Said
from queues.models import QueuePermission
from tickets.actions.lock import lock_ticket, unlock_ticket
from tickets.actor import Actor
from tickets.models import Ticket


def act_lock(deed: Deed) -> Ticket:
    """Lock the ticket."""
    return lock_ticket(actor=deed.actor, ticket=deed.about.ticket, now=deed.now)


def act_unlock(deed: Deed) -> Ticket:
    """Unlock the ticket; of a colleague's only once that was asked."""
    return unlock_ticket(actor=deed.actor, ticket=deed.about.ticket, now=deed.now, anyway=deed.anyway)


def is_free(actor: Actor, ticket: Ticket) -> bool:
    """Nobody has locked it."""
    return not ticket.locked


def is_locked(actor: Actor, ticket: Ticket) -> bool:
    """Somebody has locked it, whoever that is."""
    return ticket.locked


lock = Press(
    name="lock",
    path="vergrendel",
    right=QueuePermission.Right.ALL,
    words=Said(
        action=pgettext_lazy("verb", "Lock"),
        notice=_("The ticket is locked in your name."),
        icon="lock",
        key="v",
    ),
    act=act_lock,
    fits=is_free,
)

unlock = Press(
    name="unlock",
    path="ontgrendel",
    right=QueuePermission.Right.ALL,
    words=Said(
        action=_("Unlock"),
        notice=_("The ticket is unlocked: everybody in the queue sees it again."),
        icon="unlock",
        key="v",
    ),
    act=act_unlock,
    fits=is_locked,
)
