"""A draft that somebody touches at the very moment when old ones are dropped keeps what was put into it."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Agent
from tests.factories import NOW, actor
from tests.races.meeting import at_once
from tickets.actions.drafts import KEEP, forget_old_drafts
from tickets.actions.uploads import Composing, NewFile, add_upload
from tickets.models import Draft, Ticket, Upload

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

FILE = NewFile(name="a.txt", content_type="text/plain", data=b"a")


@pytest.fixture
def form(ticket: Ticket, owner: Agent) -> Composing:
    """It has a file, and is old enough to be dropped."""
    form = Composing(submission=uuid.uuid4(), screen="reply", actor=actor(owner), ticket=ticket)
    add_upload(form, FILE, now=NOW - KEEP - timedelta(seconds=1))
    return form


def test_one_that_gets_a_file_at_this_moment_is_passed_over(form: Composing) -> None:
    with transaction.atomic():
        add_upload(form, FILE, now=NOW)
        assert at_once(partial(forget_old_drafts, now=NOW)) == [0]
    assert (Draft.objects.count(), Upload.objects.count()) == (1, 2)


def test_one_that_got_a_file_after_it_was_seen_as_old_stays(form: Composing) -> None:
    waiting: list[Callable[[], object]] = [partial(add_upload, form, FILE, now=NOW)]

    def first_the_file(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Just before the first statement that locks or deletes."""
        if waiting and ("FOR NO KEY UPDATE" in sql or sql.startswith("DELETE")):
            at_once(waiting.pop())
        return execute(sql, *rest)

    with connection.execute_wrapper(first_the_file):
        assert forget_old_drafts(now=NOW) == 0
    assert not waiting
    assert (Draft.objects.count(), Upload.objects.count()) == (1, 2)
