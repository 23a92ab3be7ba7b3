"""Going through the tickets of before, from the newest to the oldest: rows that are missing, or old.

Beat does it in small portions, so that an upgrade or a new installation on an old database needs nobody;
`manage.py reindex` does the same, without stopping. Both work on the one row of `Pass`, one at a time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from django.core.cache import caches
from django.db import connection, transaction
from django.utils import timezone

from search.files.waiting import wait_for_files
from search.index import RULES, current_version, index
from search.models import Pass
from search.stems import fingerprint
from tickets.models import Ticket

BATCH: Final = 100
ROUND: Final = timedelta(seconds=20)
NEW: Final = timedelta(minutes=10)
KEPT, KEPT_SECONDS = "search.gap", 10
"""Under which name a process remembers, and for how long, whether all tickets can be found."""

_NEXT = """
SELECT ticket.id FROM tickets_ticket AS ticket
LEFT JOIN search_tickettext AS kept ON kept.ticket_id = ticket.id
WHERE ticket.id < %s AND (%s OR kept.version IS DISTINCT FROM %s)
ORDER BY ticket.id DESC LIMIT %s
"""
_MISSING = """
SELECT count(*) FROM tickets_ticket AS ticket
WHERE created < %s AND NOT EXISTS (SELECT FROM search_tickettext AS kept WHERE kept.ticket_id = ticket.id)
"""
_GAP = """
SELECT (SELECT created FROM tickets_ticket WHERE id >= pass.below ORDER BY id LIMIT 1)
FROM (SELECT min(below) AS below FROM search_pass) AS pass WHERE EXISTS (
    SELECT FROM (
        SELECT id, created FROM tickets_ticket WHERE id < coalesce(pass.below, %s) ORDER BY id DESC LIMIT %s
    ) AS next
    WHERE created < %s
    AND NOT EXISTS (SELECT FROM search_tickettext AS kept WHERE kept.ticket_id = next.id)
)
"""
_ID_MOST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Gap:
    """Tickets have no row yet; `since`: those from then on have one, None where nobody knows that."""

    since: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did: how many rows it made, and below which ticket the rest is; None after the last.

    `is_busy`: another was at it, so that it did nothing.
    """

    made: int
    below: int | None
    is_busy: bool = False


class State(Enum):
    """Where the going through all tickets stands."""

    DONE = auto()
    UNDER_WAY = auto()
    DUE = auto()
    """Nothing was gone through yet, or by other rules or stems than those of now."""


def begin(*, is_whole: bool) -> None:
    """Go through all tickets; one that is under way goes on where it is, if it does as much.

    `is_whole`: rows that are in order are made anew, too.
    """
    with transaction.atomic():
        under_way = _current()
        if under_way.below is None or (is_whole and not under_way.is_whole):
            _start(under_way, is_whole=is_whole)


def take_up() -> None:
    """Begin where it has to be: nothing was gone through yet, or rows come out otherwise now."""
    with transaction.atomic():
        _current()


def fill_step() -> Step:
    """Make the next rows, in one transaction."""
    with transaction.atomic():
        passes = Pass.objects.filter(below__isnull=False, rules=RULES, stems=fingerprint())
        below = passes.values_list("below", flat=True).first()
        under_way = passes.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
        if under_way is None or under_way.below is None:
            return Step(made=0, below=below, is_busy=below is not None)
        version = current_version()
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [under_way.below, under_way.is_whole, version, BATCH])
            tickets = [row[0] for row in cursor.fetchall()]
        if tickets:
            wait_for_files(tickets, is_late=True)
            index(tickets, version=version)
        under_way.below = tickets[-1] if len(tickets) == BATCH else None
        under_way.save(update_fields=["below"])
        return Step(made=len(tickets), below=under_way.below)


def fill_for_a_while() -> int:
    """What beat does; gives the number of rows made."""
    take_up()
    started, made = timezone.now(), 0
    while timezone.now() - started < ROUND:
        step = fill_step()
        made += step.made
        if step.below is None or step.is_busy:
            break
    return made


def begin_if_missing() -> None:
    """Go through all tickets if one has no row: an import made it, or an earlier version in an upgrade."""
    if unfindable():
        begin(is_whole=False)


def unfindable() -> int:
    """How many tickets have no row, but for new ones, which may wait for it; looks at every ticket."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [timezone.now() - NEW])
        return int(cursor.fetchone()[0])


def gap() -> Gap | None:
    """What can't be found yet; one statement, which is not asked again for ten seconds.

    It looks at the next tickets that the pass comes to, and at none of those behind them: after an import or
    an upgrade these have no row, and where they have an old one they can be found.
    """
    found: Gap | None = caches["local"].get_or_set(KEPT, _gap, KEPT_SECONDS)
    return found


def _gap() -> Gap | None:
    with connection.cursor() as cursor:
        cursor.execute(_GAP, [_ID_MOST, BATCH, timezone.now() - NEW])
        row = cursor.fetchone()
    return Gap(row[0]) if row else None


def _current() -> Pass:
    """The one pass, locked; begun if it is new, or was made by other rules or stems."""
    Pass.objects.bulk_create([Pass(rules=0, stems="")], ignore_conflicts=True)
    under_way = Pass.objects.select_for_update(no_key=True, of=("self",)).get()
    if _is_outdated(under_way):
        under_way.rules, under_way.stems = RULES, fingerprint()
        _start(under_way, is_whole=False)
    return under_way


def _start(under_way: Pass, *, is_whole: bool) -> None:
    newest = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first()
    under_way.below, under_way.is_whole = None if newest is None else newest + 1, is_whole
    under_way.save()


def state() -> State:
    """Where it stands."""
    kept = Pass.objects.first()
    if kept is None or _is_outdated(kept):
        return State.DUE
    return State.DONE if kept.below is None else State.UNDER_WAY


def _is_outdated(kept: Pass) -> bool:
    """Whether rows come out otherwise now. What a newer version began, on another host, is none of ours."""
    return kept.rules < RULES or (kept.rules == RULES and kept.stems != fingerprint())
