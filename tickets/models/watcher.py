"""Who follows a ticket ('Volg')."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from tickets.models.ticket import Ticket


class TicketWatcher(models.Model):
    """An agent who follows a ticket, for as long as they may read it: without that right it says nothing."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "agent"], name="ticket_watched_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} · {self.ticket_id}"
