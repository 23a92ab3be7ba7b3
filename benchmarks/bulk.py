"""How long a bulk action takes: many tickets closed, each with a new owner and a note, by one worker."""

import time
from uuid import uuid4

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Agent
from queues.access import rights_of
from tickets.actions.bulk import Change
from tickets.actor import Actor
from tickets.bulk_work import work_off
from tickets.bulks import ask, choose
from tickets.changing.written import Written
from tickets.models import Bulk, BulkTicket, Ticket
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

TICKETS = 200


def measure_bulk(agent: Agent) -> dict[str, float]:
    """Seconds from the form to the last of 200 tickets, and how many were done."""
    actor = Actor.of(agent, rights_of(agent))
    ticks = {ticket.number: newest_event(ticket).event for ticket in _free(actor)}
    bulk = choose(actor=actor, chosen=ticks, bulk=None, leads_to="")
    began = time.perf_counter()
    _ask(bulk, actor=actor)
    work_off()
    taken = time.perf_counter() - began
    return {"seconds": round(taken, 2), "tickets": bulk.rows.filter(state=BulkTicket.DONE).count()}


def _free(actor: Actor) -> QuerySet[Ticket]:
    """The last of all tickets, open and nobody's."""
    ids = list(
        Ticket.objects.visible_to(actor.agent_rights).order_by("-pk").values_list("pk", flat=True)[:TICKETS]
    )
    tickets, opened = Ticket.objects.filter(pk__in=ids), state_by_key("open")
    tickets.update(state=opened, state_type=opened.type, closed_at=None, locked=False, owner=None)
    return tickets


def _ask(bulk: Bulk, *, actor: Actor) -> None:
    change = Change(state=state_by_key("closed_successful"), new_owner=actor.agent)
    note = Written(submission=uuid4(), subject="Bulkactie", html="<p>Al <b>beantwoord</b>.</p>")
    ask(actor=actor, bulk=bulk, change=change, note=note, now=timezone.now())
