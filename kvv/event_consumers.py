"""Checked at start: who acts on events is known, can be rung, and is swept up when a ring gets lost."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from tickets.kinds import CONSUMERS


@register()
def check_event_consumers(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every consumer that `tickets.kinds` names has a task in EVENT_CONSUMERS, which is a drain."""
    named = sorted({name for names in CONSUMERS.values() for name in names})
    return [problem for name in named if (problem := _problem(name)) is not None]


def _problem(name: str) -> CheckMessage | None:
    task = settings.EVENT_CONSUMERS.get(name)
    if task is None:
        return Error(f"EVENT_CONSUMERS names no task for '{name}'.", id="kvv.E001")
    import_module(f"{task.partition('.')[0]}.tasks")  # Celery itself runs the checks when it imports them all
    if task not in current_app.tasks:
        return Error(f"EVENT_CONSUMERS: there is no task '{task}' for '{name}'.", id="kvv.E002")
    if task not in settings.DRAINS:
        return Error(f"'{task}' is not among DRAINS: a lost ring would never be made up for.", id="kvv.E003")
    return None
