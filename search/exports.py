"""Exports from the form to the end of their day: asked for once, found by their maker alone, forgotten.

What is done in between, `export_work.py` does.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Agent
from search.models import QUERY_MOST, WORDS_MOST, Export
from search.saved import TooLongError
from work.ring import ring

TASK: Final = "search.export"
KEEP: Final = timedelta(days=1)
WAITING_MOST: Final = 3
"""So many exports of one agent are made or wait for it."""
KEPT_MOST: Final = 20
"""So many of one agent are there at all."""
FORGOTTEN_TOGETHER: Final = 50


class TooManyWaitingError(Exception):
    """As many exports of this agent as may wait are not made yet."""


class TooManyKeptError(Exception):
    """This agent has as many exports as are kept."""


@transaction.atomic
def ask_export(
    *, agent: Agent, submission: UUID, kind: str, query: str, words: str, language: str, now: datetime
) -> Export:
    """Have a file made of what this query string asks for, once: the same form a second time gives the first.

    Raises `TooManyWaitingError`, `TooManyKeptError`, and `TooLongError` for what no search could be kept as.
    """
    if len(query) > QUERY_MOST:
        raise TooLongError
    list(Agent.objects.select_for_update(no_key=True, of=("self",)).filter(pk=agent.pk).values_list("pk"))
    kept = _kept(now=now).filter(agent=agent)
    same = Export.objects.filter(agent=agent, submission=submission, kind=kind).first()
    if same is not None:
        return same
    if kept.filter(state__in=(Export.QUEUED, Export.CLAIMED)).count() >= WAITING_MOST:
        raise TooManyWaitingError
    if kept.count() >= KEPT_MOST:
        raise TooManyKeptError
    ring(TASK)
    return Export.objects.create(
        agent=agent,
        submission=submission,
        kind=kind,
        query=query,
        words=words[:WORDS_MOST],
        language=language,
        asked=now,
        not_before=now,
    )


def exports_of(agent: Agent) -> list[Export]:
    """An agent's own, the newest first; one statement."""
    return list(_kept(now=timezone.now()).filter(agent=agent).order_by("-pk"))


def find_export(export_id: int, *, agent: Agent) -> Export:
    """The agent's own, within its day; raises `Export.DoesNotExist`."""
    return _kept(now=timezone.now()).select_related("blob").get(pk=export_id, agent=agent)


def find_file(export_id: int, *, agent: Agent, kind: str) -> Export:
    """The same, if it is made and of this kind; raises `Export.DoesNotExist`."""
    return (
        _kept(now=timezone.now())
        .select_related("blob")
        .get(pk=export_id, agent=agent, kind=kind, blob__isnull=False)
    )


def forget_exports(*, now: datetime) -> int:
    """Drop those whose day is over, and gives how many; their bytes go with the sweeper of blobs."""
    dropped = 0
    while some := _forget_some(now=now):
        dropped += some
    return dropped


@transaction.atomic
def _forget_some(*, now: datetime) -> int:
    old = Export.objects.exclude(pk__in=_kept(now=now).values("pk")).order_by("pk")
    locked = old.select_for_update(no_key=True, skip_locked=True, of=("self",))
    ids = list(locked.values_list("pk", flat=True)[:FORGOTTEN_TOGETHER])
    Export.objects.filter(pk__in=ids).delete()
    return len(ids)


def _kept(*, now: datetime) -> QuerySet[Export]:
    since = now - KEEP
    return Export.objects.filter(Q(made__gt=since) | Q(made=None, asked__gt=since))
