"""What stands in files near a word: so much of each as is shown of a ticket that was found by it."""

from collections.abc import Collection
from typing import Final, NamedTuple

from django.db import connection

from search.files.attached import FILES_MOST

NEAR_MOST: Final = 4_000
"""Characters that are read around where a word may begin."""
BEFORE: Final = 200
"""So many of these stand before it."""
LOOKED_MOST: Final = 2_000_000
"""Bytes of files that are looked through for a page."""

_NEAR: Final = f"""
SELECT ticket_id, name, coalesce(substr(text, start, {NEAR_MOST}), ''), coalesce(start, 1) > 1
FROM (
    SELECT *, CASE WHEN upto <= {LOOKED_MOST} THEN greatest(1, coalesce(
        nullif(regexp_instr(text, %(exact)s), 0), regexp_instr(text, %(roots)s)
    ) - {BEFORE}) END AS start
    FROM (
        SELECT *, row_number() OVER (PARTITION BY ticket_id ORDER BY id) AS place,
            sum(coalesce(octet_length(text), 0)) OVER (ORDER BY ticket_id DESC, id) AS upto
        FROM (
            SELECT DISTINCT ON (article.ticket_id, file.blob_id)
                article.ticket_id, file.id, file.name, known.text
            FROM tickets_article AS article JOIN tickets_attachment AS file ON file.article_id = article.id
            LEFT JOIN search_filetext AS known ON known.blob_id = file.blob_id
            WHERE article.ticket_id = ANY(%(tickets)s) AND NOT file.is_inline
            ORDER BY article.ticket_id, file.blob_id, file.id
        ) AS files
    ) AS files
    WHERE place <= {FILES_MOST}
) AS files
ORDER BY ticket_id, place
"""  # noqa: S608  (of our own numbers)


class Near(NamedTuple):
    """An attached file of a ticket, and what of its text was read; `is_begun`: not from its beginning."""

    ticket: int
    name: str
    text: str
    is_begun: bool


def texts_near(tickets: Collection[int], *, exact: str, roots: str) -> list[Near]:
    """The files of these tickets in order, each once, around where a word begins as `exact` says, or else as
    `roots` does, or from their beginning; one statement. Both are regular expressions of PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"tickets": list(tickets), "exact": exact, "roots": roots})
        return [Near(*row) for row in cursor.fetchall()]
