"""What is done to many tickets at once: asked for once, and a row of work for each of them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from queues.models import Queue
from tickets.models.event import Event
from tickets.models.ticket import State, Ticket
from work.rows import Traced, WorkRow


class Bulk(models.Model):
    """Tickets that an agent chose, and what is to be done to each of them, once they have said that.

    `submission` is the identity of its form, `form_digest` stands for what that said, `asked` is when it was
    sent. A field that is empty stays as it is in each ticket; `lock` says whether each ends locked.
    `uploads` are the ids of its files, which hang on the form's draft; `leads_to` is the list that they were
    chosen in.

    `together` says that each is merged into, or linked to, the ticket whose number is `into`, which is all
    that is done then; `anyway` are the keys of what was asked about that (see `tickets.errors.Ask`).
    """

    class Together(models.TextChoices):
        """What becomes of tickets with another one; to `PARTS` that is the whole."""

        MERGED = "merged", _("merged into")
        LINKED = "linked", _("linked to")
        PARTS = "parts", _("parts of")

    submission = models.UUIDField(unique=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    created = models.DateTimeField(db_default=Now())
    asked = models.DateTimeField(null=True, blank=True)
    leads_to = models.CharField(max_length=500, blank=True, default="")
    form_digest = models.CharField(max_length=32, blank=True, default="")
    queue = models.ForeignKey(
        Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    new_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.ForeignKey(
        State, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    pending_until = models.DateTimeField(null=True, blank=True)
    lock = models.BooleanField(null=True, blank=True)
    subject = models.CharField(max_length=300, blank=True, default="")
    html = models.TextField(blank=True, default="")
    is_visible = models.BooleanField(default=False)
    time_units = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    uploads = ArrayField(models.BigIntegerField(), default=list, blank=True)
    together = models.CharField(
        max_length=10, choices=Together.choices, blank=True, default="", db_default=""
    )
    into = models.CharField(max_length=50, blank=True, default="", db_default="")
    anyway = ArrayField(models.CharField(max_length=60), default=list, blank=True, db_default=[])

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")
        indexes = [models.Index(fields=["created"], name="bulk_old")]

    def __str__(self) -> str:
        return str(self.submission)


class BulkTicket(Traced, WorkRow):
    """One of the tickets: as its agent saw it when they chose it, and what came of it.

    `seen_event` is the newest event that their list had shown; queue, owner and priority are those of then
    (plain ids: they are compared, and lead nowhere). `event` tells what was done, `refusal` why it was
    not: '' where there was nothing to be done.
    """

    CHOSEN = "chosen"
    DONE = "done"
    REFUSED = "refused"
    STATES = (
        (CHOSEN, _("chosen")),
        (WorkRow.QUEUED, _("waiting")),
        (WorkRow.CLAIMED, _("being done")),
        (DONE, _("done")),
        (REFUSED, _("skipped")),
        (WorkRow.FAILED, _("failed")),
    )
    UNFINISHED = (WorkRow.QUEUED, WorkRow.CLAIMED, WorkRow.FAILED)

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="rows", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", db_index=False)
    seen_event = models.BigIntegerField()
    seen_queue = models.BigIntegerField()
    seen_owner = models.BigIntegerField(null=True, blank=True)
    seen_priority = models.PositiveSmallIntegerField()
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    refusal = models.TextField(_("why it was skipped"), blank=True, default="")

    class Meta:
        verbose_name = _("ticket of a bulk action")
        verbose_name_plural = _("tickets of bulk actions")
        constraints = [models.UniqueConstraint(fields=["bulk", "ticket"], name="bulk_ticket_once")]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=("queued", "claimed", "failed")),
                name="bulk_ticket_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.bulk_id} {self.ticket_id}"

    @property
    def seen(self) -> Ticket:
        """The ticket as its agent saw it, to be told from what it is by now."""
        return Ticket(
            pk=self.ticket_id,
            queue_id=self.seen_queue,
            owner_id=self.seen_owner,
            priority=self.seen_priority,
        )
