"""A form that is being written: its identity, and what hangs on it until it is sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from blobs.models import Blob
from tickets.models.article import Article
from tickets.models.ticket import Ticket


class Draft(models.Model):
    """One composing form, known by its `submission`; made when it has something to keep, at its first file.

    `screen` names what it is for, `ticket` and `article` what it is about, if anything. `writer` is the agent
    who writes it, or `token` the visitor who does; `holder` is the agent who may use it now: the writer,
    until they give it to somebody. It is dropped seven days after `changed`, unless `is_kept`.
    """

    submission = models.UUIDField(unique=True)
    screen = models.CharField(max_length=30)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts")
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    token = models.CharField(max_length=100, blank=True, default="")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts"
    )
    version = models.PositiveIntegerField(default=0)
    payload = models.JSONField(default=dict, blank=True)
    is_kept = models.BooleanField(default=False)
    changed = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [models.Index(fields=["changed"], condition=Q(is_kept=False), name="draft_old")]
        constraints = [
            models.CheckConstraint(condition=Q(writer__isnull=False) | ~Q(token=""), name="draft_has_writer")
        ]

    def __str__(self) -> str:
        return f"{self.screen} {self.submission}"


class Upload(models.Model):
    """A file that was put beside a form that is not sent yet; it survives a form that comes back."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="uploads")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=150)
    content_id = models.CharField(max_length=500, blank=True, default="")
    is_inline = models.BooleanField(default=False)
    size = models.BigIntegerField()
    created = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name
