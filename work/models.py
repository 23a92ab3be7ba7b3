"""The tables of this room itself: signs of life, how long tasks took, and what is out of order."""

from django.db import models
from django.db.models import Q


class Heartbeat(models.Model):
    """When a worker last ran a task (row 1), and when it last ran one that beat had rung (row 2)."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.at.isoformat()


class TaskTime(models.Model):
    """How often a task has run in all workers together, how often it failed, and how long it took."""

    name = models.CharField(max_length=100, primary_key=True)
    runs = models.BigIntegerField(default=0)
    failures = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.runs}"


class Outage(models.Model):
    """Something that does not work, from its beginning to its end, and whether the admins were told.

    `kind` and `key` say what it is, in the words of whoever looks ('mailbox', '3'); `name` is what people
    call it. There is one row an outage, which makes that each is told once.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=50)
    name = models.CharField(max_length=200, blank=True, default="")
    since = models.DateTimeField()
    seen = models.DateTimeField()
    told = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(ended__isnull=True), name="outage_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.since.isoformat()}"
