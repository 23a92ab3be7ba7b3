"""Tickets that have to do with each other ('Gekoppelde objecten')."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class TicketLink(models.Model):
    """`source` is linked to `target` (OTRS 7.57).

    A normal link has no direction and is kept once, from the lower id; else the source is the parent, or the
    ticket that came before.
    """

    class Kind(models.TextChoices):
        NORMAL = "normal", _("linked")
        PARENT = "parent", _("parent and child")
        FOLLOW_UP = "follow_up", _("follow-up of")

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_from", db_index=False)
    target = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_to")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("link between tickets")
        verbose_name_plural = _("links between tickets")
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="ticket_link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="ticket_link_to_another"),
            models.CheckConstraint(
                condition=~Q(kind="normal") | Q(source__lt=F("target")), name="ticket_link_normal_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
