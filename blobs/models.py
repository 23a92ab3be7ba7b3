"""Bytes kept in the database: raw mails, attachments, uploads and finished outgoing mail.

They are written in the same transaction as what refers to them, so that there is never one without the
other, and a dump of the database is a whole backup. Equal bytes are kept once. The parts of 256 KB keep
memory flat: 50 MB as one value costs 400 MB, in parts 3.
"""

from django.db import models
from django.db.models.functions import Now

PART_BYTES = 256 * 1024


class Blob(models.Model):
    """Bytes known by their digest; the bytes themselves are in its `parts`.

    `unused_since`: when the sweeper first saw that nothing refers to it (see `blobs/sweep.py`).
    """

    sha256 = models.BinaryField(max_length=32, unique=True)
    size = models.BigIntegerField()
    created = models.DateTimeField(db_default=Now())
    unused_since = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["unused_since"], condition=models.Q(unused_since__isnull=False), name="blob_unused"
            )
        ]

    def __str__(self) -> str:
        return f"{bytes(self.sha256).hex()[:12]} ({self.size} bytes)"


class BlobPart(models.Model):
    """A piece of at most 256 KB of a blob."""

    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blob", "number"], name="blob_part_once")]

    def __str__(self) -> str:
        return f"{self.blob_id}/{self.number}"


class SweepRound(models.Model):
    """The sweeper's round through all blobs, in one row: when it began, and the number it has come to.

    `upto` is None once it is done, and the next one has not begun.
    """

    began = models.DateTimeField()
    upto = models.BigIntegerField(null=True, default=0)

    def __str__(self) -> str:
        return f"{self.began.isoformat()}: {self.upto}"
