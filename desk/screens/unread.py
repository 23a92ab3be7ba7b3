"""Ongelezen maken: come back to a ticket later, as if one had not opened it."""

from dataclasses import replace
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from desk.frame import AgentRequest, page_asked_for
from desk.lists.place import back_of
from desk.writing.about import About, one_ticket
from desk.writing.press import Press
from desk.writing.screen import Deed, Group, Said
from queues.models import QueuePermission
from tickets.actions.seen import mark_unread
from tickets.actor import Actor
from tickets.models import Ticket


def ticket_in_its_list(request: AgentRequest, *, number: str) -> About:
    """The ticket; one goes on in the list that it was opened from, for its own page would read it again."""
    about = one_ticket(request, number=number)
    pressed_on = QueryDict(urlsplit(page_asked_for(request)).query)
    return replace(about, leads_to=back_of(pressed_on, about.ticket))


def act(deed: Deed) -> None:
    """Forget what the agent has read."""
    mark_unread(actor=deed.actor, ticket=deed.about.ticket)


def can_be_unread(actor: Actor, ticket: Ticket) -> bool:
    """Whether something came in, or failed to arrive: nothing else makes a ticket unread."""
    return ticket.latest_customer_article is not None or ticket.undelivered_article is not None


unread = Press(
    name="unread",
    path="ongelezen",
    group=Group.REFERENCE,
    right=QueuePermission.Right.READ,
    find=ticket_in_its_list,
    words=Said(action=_("Mark as unread"), notice=_("The ticket is unread to you again."), icon="mail"),
    act=act,
    fits=can_be_unread,
)
