"""The one table of this room: the worker's sign of life."""

from django.db import models


class Heartbeat(models.Model):
    """When a worker last ran a task; a single row."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.at.isoformat()
