"""No index of a big table is written for nothing: each costs at every row, and three times at each mail."""

import pytest
from django.db import connection

from tests.house.test_migrations import BIG

pytestmark = pytest.mark.django_db

BY_ITS_BEGINNING = {"tickets_ticket.number"}
"""The texts that people look for by how they begin, for which Django makes a second index."""

BEGUN_WITH = """
    SELECT shorter.indexrelid::regclass::text, longer.indexrelid::regclass::text
    FROM pg_index AS shorter JOIN pg_index AS longer USING (indrelid)
    WHERE indrelid::regclass::text = ANY(%s)
        AND shorter.indexrelid <> longer.indexrelid
        AND NOT shorter.indisunique
        AND shorter.indpred IS NULL
        AND array_to_string(longer.indkey, ' ') || ' ' LIKE array_to_string(shorter.indkey, ' ') || ' %%'
        AND array_to_string(longer.indclass, ' ') || ' ' LIKE array_to_string(shorter.indclass, ' ') || ' %%'
        AND (longer.indpred IS NULL
            OR pg_get_expr(longer.indpred, indrelid) LIKE '(%% IS NOT NULL)')
"""

PATTERNS = """
    SELECT tablename || '.' || substring(indexdef FROM '\\((\\w+) varchar_pattern_ops')
    FROM pg_indexes WHERE tablename = ANY(%s) AND indexdef LIKE '%%varchar_pattern_ops%%'
"""


def found(sql: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [sorted(BIG | {"tickets_eventtask"})])
        rows: list[tuple[str, ...]] = cursor.fetchall()
    return rows


def test_no_index_is_the_beginning_of_another() -> None:
    assert found(BEGUN_WITH) == []


@pytest.mark.parametrize(
    ("column", "longer"), [("ticket_id", "article_ticket"), ("outbound_id", "article_outbound")]
)
def test_one_that_is_would_be_found(column: str, longer: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX twice ON tickets_article ({column})")
    assert found(BEGUN_WITH) == [("twice", longer)]


def test_a_text_is_indexed_twice_only_where_people_search_by_its_beginning() -> None:
    assert {column for (column,) in found(PATTERNS)} == BY_ITS_BEGINNING
