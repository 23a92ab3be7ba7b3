"""What the customer's own page keeps."""

from django.db import models


class PageCode(models.Model):
    """The code that opens a customer's page to a browser: the last that was mailed for a link.

    `link` is the digest of the link's token, `code` that of the six digits; `tries` is how often one was
    given.
    """

    link = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    expires = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link"], name="page_code_once")]
        indexes = [models.Index(fields=["expires"], name="page_code_expires")]

    def __str__(self) -> str:
        return self.link
