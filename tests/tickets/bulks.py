"""Bulk actions to test with."""

import uuid
from collections.abc import Iterable
from typing import Any

from accounts.models import Agent
from tests.factories import NOW, actor
from tickets.actions.bulk import Change
from tickets.bulks import ask, ask_together, choose
from tickets.changing.forms import Form
from tickets.changing.written import Written
from tickets.models import Bulk, Ticket
from tickets.queries.zoom import newest_event


def chosen(agent: Agent, tickets: Iterable[Ticket]) -> Bulk:
    """Tickets that the agent ticked in a list that showed them as they are."""
    ticks = {ticket.number: newest_event(ticket).event for ticket in tickets}
    return choose(actor=actor(agent), chosen=ticks, bulk=None, leads_to="/status/open/")


def note(text: str = "<p>Daarom</p>", **values: Any) -> Written:
    return Written(submission=uuid.uuid4(), subject="Bulkactie", html=text, **values)


def asked(agent: Agent, tickets: Iterable[Ticket], *, text: str = "<p>Daarom</p>", **change: Any) -> Bulk:
    """The same, and what is to be done to them."""
    bulk = chosen(agent, tickets)
    return ask(actor=actor(agent), bulk=bulk, change=Change(**change), note=note(text), now=NOW)


def joined(
    agent: Agent,
    tickets: Iterable[Ticket],
    *,
    into: Ticket,
    kind: str = Bulk.Together.MERGED,
    bulk: Bulk | None = None,
    **form: Any,
) -> Bulk:
    """The same, where they are to be merged with another one, or linked to it; `bulk` was chosen before."""
    asking = Form(submission=uuid.uuid4(), **form)
    bulk = bulk or chosen(agent, tickets)
    return ask_together(actor=actor(agent), bulk=bulk, kind=kind, into=into, form=asking, now=NOW)


def came_of(bulk: Bulk) -> list[tuple[str, str]]:
    """Each ticket's state of the work and why it was skipped, in the order of the tickets."""
    return list(bulk.rows.order_by("ticket").values_list("state", "refusal"))
