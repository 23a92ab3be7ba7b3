"""`WorkRow`: a row of a table that is work to be done, and the only queue KVV has.

The row is the queue and Celery only the doorbell: a ring that gets lost costs seconds, never work. A row is
claimed (leased to one drain, committed) before it is worked on, so that a crash leaves a row whose lease
runs out and that the next drain takes up again.
"""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from work.trace import current_trace

TRACE_MOST = 64


class WorkRow(models.Model):
    """A piece of work: its state, attempts, lease and last error. Rooms subclass it and add what to do.

    What is `held` waits for a person: it was due before its database was put back (see `work.identity`).
    `together`: others were claimed with it. If their worker dies, nobody knows which of them killed it.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"
    FAILED = "failed"
    HELD = "held"

    BACK_OFF: ClassVar[str] = "not_before"
    """The column that says when to try again; a table that keeps what a person asked for has another one."""

    state = models.CharField(_("state"), max_length=20, default=QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), db_default=Now())
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    lease = models.UUIDField(_("lease"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True, default="")
    together = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def due_condition(cls, *, now: datetime) -> Q:
        """What may be claimed: rows whose time has come, and rows claimed by a drain that is gone."""
        waiting = Q(state=cls.QUEUED, not_before__lte=now)
        abandoned = Q(state=cls.CLAIMED, leased_until__lte=now)
        return waiting | abandoned


class Traced(models.Model):
    """A row that remembers to which request or mail it belongs (see `work.trace`).

    `db_default` is for a version of KVV that does not know the column yet and writes beside this one.
    """

    trace = models.CharField(max_length=TRACE_MOST, default=current_trace, db_default="", editable=False)

    class Meta:
        abstract = True
