"""Statements that may take only so long."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg2.errors import QueryCanceled


class OutOfTime(Exception):
    """A statement took too long, and nothing came of it."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """A transaction of which each statement ends after that time; raises `OutOfTime` if one would not have.

    Two statements. 0 seconds are no limit.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
            yield
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise OutOfTime from error
        raise
