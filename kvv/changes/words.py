"""Words that several changes say."""

from collections.abc import Iterable
from itertools import islice

from mailgate.delivery.route import NoQueueError, read_address_book

NAMED_MOST = 5


def names(rows: Iterable[object]) -> str:
    """The first few, and three dots for more; '' for none."""
    first = [str(row) for row in islice(rows, NAMED_MOST + 1)]
    return ", ".join([*first[:NAMED_MOST], "…"] if len(first) > NAMED_MOST else first)


def last_resort() -> str:
    """The name of the queue that gets what no address leads anywhere else."""
    try:
        return str(read_address_book().last_resort)
    except NoQueueError:
        return "-"
