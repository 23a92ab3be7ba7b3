"""An agent who leaves: their locks are given back, and what they own is named."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.admin import AgentAdmin
from accounts.models import Agent
from queues.access import rights_of
from tickets.actions.lock import unlock_ticket
from tickets.actor import Actor
from tickets.errors import TicketBusy
from tickets.models import Ticket

UNLOCKED_MOST = 200
"""At a time: each holds its ticket until the change is committed."""


@admin.register(Agent)
class LeavingAgentAdmin(AgentAdmin):
    """An agent; nothing stays locked by one who can't sign in any more (OTRS 2.19)."""

    def save_model(self, request: HttpRequest, obj: Agent, form: Any, change: Any) -> None:
        """Take their locks from an agent who goes, and say so."""
        super().save_model(request, obj, form, change)
        if change and not obj.is_active and isinstance(request.user, Agent):
            freed = _unlock(obj, by=request.user)
            sentence = _sentence(obj, freed=freed)
            if sentence and (freed or "is_active" in form.changed_data):
                self.message_user(request, sentence, messages.WARNING)


def _unlock(agent: Agent, *, by: Agent) -> int:
    """Unlock the open tickets that the agent has locked; gives how many. One that is busy stays as it is."""
    actor, freed = Actor.of(by, rights_of(by)), 0
    for ticket in Ticket.objects.open().filter(owner=agent, locked=True).order_by("pk")[:UNLOCKED_MOST]:
        try:
            unlock_ticket(actor=actor, ticket=ticket, now=timezone.now())
        except TicketBusy:
            continue
        freed += 1
    return freed


def _sentence(agent: Agent, *, freed: int) -> str:
    owned = Ticket.objects.open().filter(owner=agent)
    n, locked = owned.count(), owned.filter(locked=True).count()
    sentences = {
        ngettext(
            "%(n)s ticket that %(agent)s had locked is available again.",
            "%(n)s tickets that %(agent)s had locked are available again.",
            freed,
        ): freed,
        ngettext(
            "%(agent)s stays the owner of %(n)s open ticket, which colleagues find in its queue.",
            "%(agent)s stays the owner of %(n)s open tickets, which colleagues find in their queues.",
            n,
        ): n,
        ngettext(
            "%(n)s ticket is still locked: save once more to unlock it, too.",
            "%(n)s tickets are still locked: save once more to unlock them, too.",
            locked,
        ): locked,
    }
    return " ".join(words % {"n": n, "agent": agent} for words, n in sentences.items() if n)
