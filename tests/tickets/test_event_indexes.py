"""Which index serves reports on what happened: one that read millions of events for a day would be slow."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tickets.models import Event

pytestmark = pytest.mark.django_db


def test_the_events_of_a_day_are_found_by_their_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    today = timezone.now()
    plan = Event.objects.filter(at__gte=today - timedelta(days=1), at__lt=today).explain()
    assert "Bitmap Index Scan on event_at" in plan


def test_new_events_are_summed_up_as_they_come() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'event_at'")
        assert cursor.fetchone() == (["autosummarize=on"],)
