"""What an agent has read of a ticket, which concerns nobody else: no event tells of it.

That it was read is the one thing that opening a page writes.
"""

from django.db import connection

from accounts.models import Agent
from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.models import Ticket, TicketSeen

SEEN = """
INSERT INTO tickets_ticketseen (agent_id, ticket_id, upto) VALUES (%s, %s, %s)
ON CONFLICT (ticket_id, agent_id) DO UPDATE SET upto = EXCLUDED.upto
WHERE tickets_ticketseen.upto < EXCLUDED.upto
"""


def mark_seen(*, agent: Agent, ticket: Ticket, upto: int) -> None:
    """Remember that the agent has read the ticket up to this article; never fewer than before."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [agent.pk, ticket.pk, upto])


def mark_unread(*, actor: Actor, ticket: Ticket) -> None:
    """Show the ticket to this agent as if they had never opened it. Raises `NotAllowed`."""
    actor.require(QueuePermission.Right.READ, ticket.queue_id)
    TicketSeen.objects.filter(agent=actor.agent_rights.agent_id, ticket=ticket).delete()
