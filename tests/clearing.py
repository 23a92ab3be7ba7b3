"""What a test has committed is deleted when it ends, and what ships is there again.

Django's own way empties every table by TRUNCATE, which takes its time for each table and each of its indexes,
filled or not, and makes the permissions anew. Here only what has rows is touched.
"""

from collections.abc import Iterator
from functools import cache

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import TransactionTestCase

from tickets.shipped import ship
from tickets.states import forget

MADE_BY_DJANGO = {"auth_permission", "django_content_type"}
"""What follows from the models alone, the same before and after each test."""
WRITTEN_BY_TRIGGERS = ("tickets_tickettallydelta", "accounts_customerword", "tickets_customerqueuedelta")
"""Get rows when tickets and customers are deleted, so their turn comes last, in this order."""


@pytest.fixture(autouse=True, scope="session")
def _only_what_has_rows_is_emptied() -> Iterator[None]:
    """After a test that commits for real."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: clear())
        yield


def clear() -> None:
    """Leave the database as the migrations do, but for its sequences, which go on."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Waits for what another connection is still writing: else its rows came in behind our back.
        cursor.execute(f"LOCK TABLE {', '.join(_tables())} IN EXCLUSIVE MODE")
        cursor.execute(_which_have_rows())
        filled = {table for (table,) in cursor.fetchall()}.difference(WRITTEN_BY_TRIGGERS)
        for table in (*filled, *WRITTEN_BY_TRIGGERS):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  (a table of ours)
        ship(apps)
    forget()


@cache
def _tables() -> tuple[str, ...]:
    """The tables that a test may have written."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return tuple(sorted(set(names) - MADE_BY_DJANGO))


def _which_have_rows() -> str:
    asked = "SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"
    return " UNION ALL ".join(asked.format(table=table) for table in _tables())
