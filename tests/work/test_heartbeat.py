"""Signs of life: who gives which, and not too often."""

from datetime import timedelta

import pytest
from django.utils import timezone

from work.heartbeat import BEAT, EVERY, WORKER, beat, last_heartbeat
from work.models import Heartbeat
from work.tasks import sweep

pytestmark = pytest.mark.django_db


def test_a_sweep_shows_that_beat_and_a_worker_live() -> None:
    assert (last_heartbeat(WORKER), last_heartbeat(BEAT)) == (None, None)
    sweep()
    assert None not in (last_heartbeat(WORKER), last_heartbeat(BEAT))


def test_another_task_shows_that_a_worker_lives_and_nothing_of_beat() -> None:
    beat(WORKER)
    assert last_heartbeat(WORKER) is not None
    assert last_heartbeat(BEAT) is None


def test_it_is_written_at_most_once_in_ten_seconds() -> None:
    beat()
    recent = timezone.now() - EVERY + timedelta(seconds=5)
    Heartbeat.objects.update(at=recent)
    beat()
    assert last_heartbeat() == recent
    Heartbeat.objects.update(at=timezone.now() - EVERY)
    beat()
    assert (last_heartbeat() or recent) > recent
