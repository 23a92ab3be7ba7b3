"""Afvinken: what a colleague asked is done."""

from django.utils.translation import gettext_lazy as _

from desk.writing.press import Press
from desk.writing.screen import Deed, Said
from queues.models import QueuePermission
from tickets.actions.asked import tick_off
from tickets.models import Ticket


def act(deed: Deed) -> Ticket:
    """It is done."""
    return tick_off(actor=deed.actor, ticket=deed.about.ticket, now=deed.now)


press = Press(
    name="tick_off",
    path="afvinken",
    group=None,  # it stands beside the question
    right=QueuePermission.Right.READ,
    words=Said(action=_("Tick off"), notice=_("What you were asked about {ticket} is done."), icon="check"),
    act=act,
)
