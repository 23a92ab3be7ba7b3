"""What happened to a ticket, told once and kept for ever."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tickets.kinds import EventKind
from tickets.models.article import Article
from tickets.models.ticket import Ticket
from work.rows import Traced, WorkRow


class Event(models.Model):
    """One thing that happened to a ticket. Events are only ever added, but that those of an article go where
    a merge moves it.

    `kind` is one of `tickets.kinds.EventKind`; `changes` is {field: [{"id", "label"} before, {"id", "label"}
    after]}, with the labels as they were. `submission` is the identity of the form that it was asked by, so
    that a form that comes twice is known, `form_digest` stands for what that form said.
    """

    class ActorKind(models.TextChoices):
        AGENT = "agent", _("agent")
        CUSTOMER = "customer", _("customer")
        MAIL = "mail", _("mail")
        TIMER = "timer", _("timer")
        ADMIN = "admin", _("admin")
        IMPORT = "import", _("import")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events", db_index=False)
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=30)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField(db_default=Now())
    changes = models.JSONField(default=dict)
    submission = models.UUIDField(null=True, blank=True)
    form_digest = models.CharField(max_length=32, blank=True, db_default="")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=models.Q(submission__isnull=False),
                name="event_form_once",
            )
        ]
        indexes = [
            models.Index(fields=["ticket", "id"], name="event_ticket"),
            # By time, for reports: a few kB, as rows lie in the order in which they came; the newest are
            # summed up as they come, not when the table is vacuumed.
            BrinIndex(fields=["at"], autosummarize=True, name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind}"

    @property
    def word(self) -> str:
        """What happened, in the reader's language; the bare kind, if only a newer version knows it."""
        return str(EventKind(self.kind).label) if self.kind in EventKind.values else self.kind


class EventTask(Traced, WorkRow):
    """An event that a consumer has still to act on; deleted in the transaction of its effect."""

    STATES = (
        (WorkRow.QUEUED, _("waiting")),
        (WorkRow.CLAIMED, _("being done")),
        (WorkRow.FAILED, _("failed")),
        (WorkRow.HELD, _("held back")),
    )

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="tasks", verbose_name=_("event"), db_index=False
    )
    consumer = models.CharField(_("reaction"), max_length=30)

    class Meta:
        verbose_name = _("reaction to an event")
        verbose_name_plural = _("reactions to events")
        constraints = [models.UniqueConstraint(fields=["event", "consumer"], name="event_task_once")]
        indexes = [
            models.Index(
                fields=["consumer", "not_before"], condition=~models.Q(state="failed"), name="event_task_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consumer} {self.event_id}"
