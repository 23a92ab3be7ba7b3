"""An agent has read a ticket: the one thing that opening a page writes, without an event."""

from django.db import connection

from accounts.models import Agent
from tickets.models import Ticket

SEEN = """
INSERT INTO tickets_ticketseen (agent_id, ticket_id, upto) VALUES (%s, %s, %s)
ON CONFLICT (ticket_id, agent_id) DO UPDATE SET upto = EXCLUDED.upto
WHERE tickets_ticketseen.upto < EXCLUDED.upto
"""


def mark_seen(*, agent: Agent, ticket: Ticket, upto: int) -> None:
    """Remember that the agent has read the ticket up to this article; never fewer than before."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [agent.pk, ticket.pk, upto])
