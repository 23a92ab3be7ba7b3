"""Whom a colleague asked about a ticket ('Vraag het aan')."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from tickets.models.event import Event
from tickets.models.ticket import Ticket


class Asked(models.Model):
    """A question to an agent, until `done_at`; without the right to read its ticket it says nothing.

    `event`: what it came with; `out_of_sight_at`: when its ticket's history told that this agent can't see
    the ticket any more; `away_until`: until when who asked knows this agent to be away.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    out_of_sight_at = models.DateTimeField(null=True)
    away_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "agent"], condition=models.Q(done_at=None), name="asked_once_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["agent"], condition=models.Q(done_at=None), name="asked_of_agent"),
            models.Index(fields=["asked_by"], condition=models.Q(done_at=None), name="asked_by_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} · {self.ticket_id}"
