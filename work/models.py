"""The tables of this room itself: signs of life, how long tasks took, and what is out of order."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


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


class DatabaseIdentity(models.Model):
    """Where this row stood when it was last looked at (row 1): a dump takes it along to where that is untrue.

    The OIDs of its own table and database, the cluster's system identifier, and its timeline; the last two
    are empty where the database does not let us see them. `timeline_since`: when another one was seen.
    """

    table_oid = models.BigIntegerField()
    database_oid = models.BigIntegerField()
    cluster = models.BigIntegerField(null=True, blank=True)
    timeline = models.BigIntegerField(null=True, blank=True)
    timeline_since = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.cluster}/{self.database_oid}/{self.table_oid} on {self.timeline}"


class Restore(models.Model):
    """The database, or a mail server, was put back: what was due before is held until a person decides.

    `held` is how much that was. `settled` is when they decided; until then there is one row at most.
    """

    class Reason(models.TextChoices):
        MOVED = "moved", "it stands in another place"
        MAILBOX = "mailbox", "a mailbox has gone back"
        SAID = "said", "somebody said so"

    noted = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=10, choices=Reason.choices)
    held = models.PositiveIntegerField(default=0)
    settled = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["settled"],
                condition=Q(settled__isnull=True),
                nulls_distinct=False,
                name="restore_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.noted.isoformat()}"
