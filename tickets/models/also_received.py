"""The same mail by another way: a customer wrote to two of our addresses at once."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from queues.models import Queue
from tickets.models.article import Article


class AlsoReceived(models.Model):
    """The mail of `article` came in for `queue`, too.

    `elsewhere` is the article that it became there, in a ticket of its own, and there stands a row that names
    this one. Without it this article stands for both.
    """

    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        related_name="also_received",
        verbose_name=_("article"),
        db_index=False,
    )
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", verbose_name=_("queue"))
    elsewhere = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("mail that came in twice")
        verbose_name_plural = _("mails that came in twice")
        constraints = [
            models.UniqueConstraint(fields=["article", "queue"], name="also_received_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.queue_id}"
