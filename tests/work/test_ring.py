"""The doorbell: one ring a transaction, and none for what was taken back."""

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from work.ring import ring

pytestmark = pytest.mark.django_db


def test_many_rings_in_one_transaction_are_one(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as rings:
        for _n in range(20):
            ring("mailgate.deliver")
        ring("mailgate.fetch", 1)
        ring("mailgate.fetch", 2)
    assert len(rings) == 3


def test_a_ring_that_went_back_with_its_savepoint_is_rung_afresh(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    class Back(Exception):
        """Undo what was done."""

    def undone() -> None:
        with transaction.atomic():
            ring("outbox.send")
            raise Back

    with django_capture_on_commit_callbacks() as rings:
        with pytest.raises(Back):
            undone()
        ring("outbox.send")
    assert len(rings) == 1
