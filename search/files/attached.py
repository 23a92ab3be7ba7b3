"""Which attached files a ticket is found by, too: one definition for reading them and for its row."""

import json
from collections.abc import Collection
from typing import Any, Final

from search.files.kinds import ENDINGS, TYPES

FILES_MOST: Final = 50
"""Files of a ticket whose text counts, from the first."""

ATTACHED: Final = """
SELECT ticket_id, blob_id, kind, row_number() OVER (PARTITION BY ticket_id ORDER BY first) AS place
FROM (
    SELECT article.ticket_id, file.blob_id, min(file.id) AS first,
        max(coalesce(
            %(types)s::jsonb ->> lower(split_part(file.content_type, ';', 1)),
            %(endings)s::jsonb ->> substring(lower(file.name) FROM '\\.([a-z]+)$')
        )) AS kind
    FROM tickets_article AS article JOIN tickets_attachment AS file ON file.article_id = article.id
    WHERE article.ticket_id = ANY(%(tickets)s) AND NOT file.is_inline
    GROUP BY article.ticket_id, file.blob_id
) AS files
WHERE kind IS NOT NULL
"""
"""ticket, blob, kind and place (from 1) of each file that may have a text, once a ticket. Of several things
that one file was called, in several mails, plain text is believed first: it takes most."""

_CALLED: Final = {"types": json.dumps(TYPES), "endings": json.dumps(ENDINGS)}


def of(tickets: Collection[int]) -> dict[str, Any]:
    """The parameters of `ATTACHED` for these tickets."""
    return {"tickets": list(tickets), **_CALLED}
