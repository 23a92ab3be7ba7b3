"""What comes next for an agent: dates that their tickets wait for, and terms of their queues that end."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from tickets.actor import Actor
from tickets.models import PENDING_TYPES, StateType
from tickets.queries.listed import Listed, listed
from tickets.queries.which import Value

MOST = 6

NEXT = """
(SELECT id, pending_until AS moment, FALSE FROM tickets_ticket
WHERE owner_id = %(agent)s AND queue_id = ANY(%(visible)s) AND state_type = ANY(%(pending)s)
AND pending_until > %(now)s ORDER BY pending_until, id LIMIT %(most)s)
UNION ALL
(SELECT id, escalates_at AS moment, TRUE FROM tickets_ticket
WHERE queue_id = ANY(%(visible)s) AND (queue_id = ANY(%(own)s) OR owner_id = %(agent)s)
AND escalates_at > %(now)s ORDER BY escalates_at, id LIMIT %(most)s)
ORDER BY moment, id LIMIT %(most)s
"""


class Upcoming(NamedTuple):
    """A ticket, and when something comes of it: its term ends, or what it waits for."""

    ticket: Listed
    moment: datetime
    is_term: bool


def upcoming(*, actor: Actor, own: Collection[int], now: datetime) -> list[Upcoming]:
    """The next six, soonest first (OTRS 12.6): of the agent's own tickets, and the terms of `own` queues."""
    rights = actor.agent_rights
    values: dict[str, Value | list[StateType]] = {
        "agent": rights.agent_id,
        "visible": sorted(rights.visible),
        "own": sorted(own),
        "pending": list(PENDING_TYPES),
        "now": now,
        "most": MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEXT, values)
        rows = cursor.fetchall()
    tickets = {ticket.pk: ticket for ticket in listed(actor=actor, ids=list({row[0] for row in rows}))}
    return [
        Upcoming(tickets[ticket_id], moment, is_term)
        for ticket_id, moment, is_term in rows
        if ticket_id in tickets
    ]
