"""The table of what each action locks is whole, and true."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent
from queues.models import Queue
from tests.races.footprints import RACES, Footprint, free
from tests.races.sweeps import Two

pytestmark = pytest.mark.django_db

BASE = Path(__file__).resolve().parent.parent.parent
LOCKED_TICKETS = re.compile(r'FROM "tickets_ticket" WHERE .* IN \(([\d, ]+)\).* FOR NO KEY UPDATE')
OUTBOX_WRITTEN = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "outbox_')
MAIL_LOCKED = re.compile(r'FROM "mailgate_inboundmessage" .* FOR NO KEY UPDATE')


def actions(source: str) -> Iterator[str]:
    """The public functions that are atomic actions, or the way in to one: they call it, or have it called."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    atomic = {
        function.name
        for function in functions
        if "atomic_action" in map(ast.unparse, function.decorator_list)
    }
    named = {
        function.name: {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        for function in functions
    }
    private = {name for name, names in named.items() if name.startswith("_") and names & atomic}
    for name, names in named.items():
        if not name.startswith("_") and (name in atomic or names & (atomic | private)):
            yield name


def footprint(statements: list[str]) -> Footprint:
    """The most that was locked at once, read from what was sent to the database."""
    if any(map(MAIL_LOCKED.search, statements)):
        return Footprint.BATCH
    locked = [match.group(1).split(",") for match in map(LOCKED_TICKETS.search, statements) if match]
    if any(len(ids) > 1 for ids in locked):
        return Footprint.TWO_TICKETS
    return Footprint.TICKET_AND_OUTBOX if any(map(OUTBOX_WRITTEN.search, statements)) else Footprint.TICKET


def test_every_action_is_in_the_table() -> None:
    locking = {
        name
        for file in (BASE / "tickets").rglob("*.py")
        for name in actions(file.read_text(encoding="utf-8"))
    }
    assert {"close_ticket", "reply_to_ticket"} <= locking
    assert locking - set(RACES) == set()
    assert set(RACES) - locking == {"deliver", "add_upload", "mark_seen", "mark_unread"}
    ways = "def act():\n    return _do()\ndef sweep():\n    return by_batches(_do)"
    assert list(actions(f"@atomic_action\ndef _do(): ...\n{ways}")) == ["act", "sweep"]


@pytest.mark.parametrize("name", sorted(RACES))
def test_an_action_locks_what_the_table_says(name: str, pair: Two, queue: Queue, owner: Agent) -> None:
    tickets = free(pair, queue=queue)
    with CaptureQueriesContext(connection) as sent:
        RACES[name].side(owner, tickets)
    assert footprint([query["sql"] for query in sent]) == RACES[name].footprint
