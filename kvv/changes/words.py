"""Words that several changes say."""

from collections.abc import Iterable
from itertools import islice

NAMED_MOST = 5


def names(rows: Iterable[object]) -> str:
    """The first few, and three dots for more; '' for none."""
    first = [str(row) for row in islice(rows, NAMED_MOST + 1)]
    return ", ".join([*first[:NAMED_MOST], "…"] if len(first) > NAMED_MOST else first)
