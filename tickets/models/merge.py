"""A ticket that was merged into another one ('Samenvoegen'), and what that has to be undone by."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tickets.models.event import Event
from tickets.models.ticket import Ticket


class TicketMerge(models.Model):
    """`source` was merged into `target`; one that was undone is kept, as its event is.

    `event` tells of it in the target's history. `articles` and `drafts` are the ids of what moved,
    `newest_article` is the newest that the target had then. `steps`: how many merges a number leads through
    here, this one included. `is_told`: the customer got mail about it. `before` says how both tickets were.
    """

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges_away", db_index=False)
    target = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges_in")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="merge")
    articles = ArrayField(models.BigIntegerField())
    drafts = ArrayField(models.BigIntegerField())
    newest_article = models.BigIntegerField()
    steps = models.PositiveSmallIntegerField()
    is_told = models.BooleanField()
    before = models.JSONField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("merge of tickets")
        verbose_name_plural = _("merges of tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(undone_at__isnull=True), name="ticket_merged_once"
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="ticket_merged_into_another"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"
