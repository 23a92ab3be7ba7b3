"""Volg and Niet meer volgen: keep an eye on a ticket, whoever works on it."""

from django.utils.translation import gettext_lazy as _

from desk.writing.press import Press
from desk.writing.screen import Deed, Said
from queues.models import QueuePermission
from tickets.actions.watch import unwatch_ticket, watch_ticket
from tickets.models import Ticket


def act_watch(deed: Deed) -> Ticket:
    """Follow the ticket."""
    return watch_ticket(actor=deed.actor, ticket=deed.about.ticket, now=deed.now)


def act_unwatch(deed: Deed) -> Ticket:
    """Follow it no more."""
    return unwatch_ticket(actor=deed.actor, ticket=deed.about.ticket, now=deed.now)


watch = Press(
    name="watch",
    path="volg",
    group=None,  # the ticket's page knows which of the two is meant
    right=QueuePermission.Right.READ,
    words=Said(
        action=_("Follow"), notice=_("You follow this ticket: it is in the list of those."), icon="star"
    ),
    act=act_watch,
)

unwatch = Press(
    name="unwatch",
    path="niet-meer-volgen",
    group=None,
    right=QueuePermission.Right.READ,
    words=Said(action=_("Stop following"), notice=_("You do not follow this ticket any more."), icon="star"),
    act=act_unwatch,
)
