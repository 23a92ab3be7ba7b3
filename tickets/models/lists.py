"""What keeps lists fast: tallies, what an agent has seen, and the first number of each day."""

from django.conf import settings
from django.db import models

from queues.models import Queue
from tickets.models.ticket import StateType, Ticket


class TicketSeen(models.Model):
    """How far an agent has read a ticket: up to and including the article `upto`."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    upto = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "agent"], name="ticket_seen_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} · {self.ticket_id} · {self.upto}"


class TallyKey(models.Model):
    """What is counted together."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    state_type = models.CharField(max_length=20, choices=StateType.choices)
    locked = models.BooleanField()

    class Meta:
        abstract = True


class TicketTally(TallyKey):
    """How many tickets there are, up to the deltas that beat has not folded in yet."""

    n = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "state_type", "locked"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.state_type} {self.locked}: {self.n}"


class TicketTallyDelta(TallyKey):
    """Appended by a statement-level trigger on tickets; tally + deltas is the count, always."""

    n = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.queue_id} {self.state_type} {self.locked}: {self.n:+}"


class NumberDay(models.Model):
    """The value of the number sequence with which a local day began (see `tickets.numbers`)."""

    day = models.DateField(primary_key=True)
    first_value = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.day}: {self.first_value}"
