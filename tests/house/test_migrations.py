"""What a migration may do to a table that is big and in use: each rule with what passes and what fails.

A table that the migration itself makes is empty, so nothing of this is asked of an initial or squashed one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    NotInTransactionMixin,
)
from django.db import models
from django.db.migrations import Migration, RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import AddField, AlterField
from django.db.migrations.operations.models import AddConstraint, AddIndex, CreateModel
from django.db.migrations.state import ProjectState

from tests.house.rooms import ROOMS

BIG = {
    "accounts_customerword",
    "blobs_blob",
    "blobs_blobpart",
    "mailgate_inboundmessage",
    "outbox_outboundmessage",
    "outbox_recipient",
    "search_filetext",
    "search_tickettext",
    "tickets_article",
    "tickets_attachment",
    "tickets_customerqueue",
    "tickets_event",
    "tickets_ticket",
    "tickets_ticketseen",
}
"""Tables that have millions of rows somewhere."""

SHIPPED = {
    "add_states": "the nine states",
    "add_postmaster": "the one queue that is always there",
    "one_spelling": "the addresses of the agents, of whom there are few",
}
"""Functions that a migration may run, and why: a handful of rows. All else is a sweeper's work."""

FORGIVEN: dict[str, str] = {}
"""'app.0001_name' → why this migration may do what the rules forbid."""

ON_BIG = rf"(?:\w+\.)?\"?(?:{'|'.join(sorted(BIG))})\b"
WHOLE_TABLE = (
    (
        rf"CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)[^;]*?\bON\s+(?:ONLY\s+)?{ON_BIG}",
        "not concurrently",
    ),
    (rf"(?:UPDATE\s+(?:ONLY\s+)?|DELETE\s+FROM\s+|INSERT\s+INTO\s+|TRUNCATE\s+){ON_BIG}", "backfills"),
    (rf"ALTER\s+TABLE\s+(?:ONLY\s+)?{ON_BIG}[^;]*ADD\s+CONSTRAINT(?![^;]*NOT\s+VALID)", "not NOT VALID"),
)


@dataclass(frozen=True)
class Place:
    """Where an operation stands: its app, the tables that the migration makes, and what was before it."""

    app: str
    made: frozenset[str]
    atomic: bool
    before: ProjectState

    def is_big(self, model: str) -> bool:
        """Whether this model's table is full of rows when the operation comes to it."""
        table = f"{self.app}_{model.lower()}"
        return table in BIG and table not in self.made


def flaws(migration: Migration, before: ProjectState) -> list[str]:
    """What the migration does that it may not, each in a few words."""
    tables = _made_by(migration)
    place = Place(app=migration.app_label, made=tables, atomic=migration.atomic, before=before.clone())
    found = [*_flaws_of_waiting(migration.operations), *_flaws_of_beginning_again(migration.operations)]
    for operation in migration.operations:
        found += [flaw for step in _steps(operation) for flaw in _flaws_of(step, place)]
        operation.state_forwards(migration.app_label, place.before)
    return found


def _made_by(migration: Migration) -> frozenset[str]:
    if migration.initial:
        return frozenset(table for table in BIG if table.startswith(f"{migration.app_label}_"))
    made = [step for step in migration.operations if isinstance(step, CreateModel)]
    return frozenset(f"{migration.app_label}_{step.name_lower}" for step in made)


def _steps(operation: Operation) -> Iterator[Operation]:
    """What is done to the database."""
    if isinstance(operation, SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from _steps(inner)
    else:
        yield operation


def _flaws_of(step: Operation, place: Place) -> Iterator[str]:
    match step:
        case NotInTransactionMixin():
            if place.atomic:
                yield "concurrently, but in a transaction"
        case AddIndex() | AddConstraint() | AddField() | AlterField():
            if place.is_big(step.model_name):
                yield from _flaws_on_big(step, place)
        case RunSQL():
            yield from (flaw for part in _texts(step.sql) for flaw in _flaws_of_sql(part, place))
        case RunPython():
            name = getattr(step.code, "__name__", "")
            if name not in SHIPPED:
                yield f"runs {name}"


def _flaws_on_big(step: AddIndex | AddConstraint | AddField | AlterField, place: Place) -> Iterator[str]:
    match step:
        case AddIndex():
            yield f"index {step.index.name} not concurrently"
        case AddConstraint():
            if not isinstance(step, AddConstraintNotValid):
                yield f"constraint {step.constraint.name} not NOT VALID"
        case AddField():
            yield from _flaws_of_field(step.name, old=None, new=step.field)
        case AlterField():
            old = place.before.models[place.app, step.model_name_lower].fields[step.name]
            yield from _flaws_of_field(step.name, old=old, new=step.field)


def _flaws_of_field(name: str, *, old: Any, new: Any) -> Iterator[str]:
    """A new index of its own, a new foreign key, or another type: each reads or writes all rows at once."""
    if _has_index(new) and not _has_index(old):
        yield f"index of {name} not concurrently"
    if _has_key(new) and not _has_key(old):
        yield f"foreign key {name} not NOT VALID"
    if old is not None and _touches_rows(old, new):
        yield f"reads or writes every {name}"
    if _has_key(new) and _has_key(old) and old.db_index != new.db_index:
        yield f"foreign key {name} is made anew"  # Django does so at any change of the column


def _has_index(field: Any) -> bool:
    return field is not None and bool(field.db_index or field.unique)


def _has_key(field: Any) -> bool:
    return isinstance(field, models.ForeignKey) and bool(getattr(field, "db_constraint", True))


def _touches_rows(old: Any, new: Any) -> bool:
    """Whether PostgreSQL has to look at the rows: not where a text may be longer, or may be missing."""
    types = (old.get_internal_type(), new.get_internal_type())
    if old.null and not new.null:
        return True
    if types == ("CharField", "CharField"):
        return bool(new.max_length < old.max_length)
    return types[0] != types[1] and types != ("CharField", "TextField")


def _texts(sql: object) -> Iterator[str]:
    if isinstance(sql, str):
        yield sql
    elif isinstance(sql, Sequence):
        for part in sql:
            yield part if isinstance(part, str) else part[0]


def _flaws_of_sql(text: str, place: Place) -> Iterator[str]:
    """Not what stands inside of a function: that is run later, row by row."""
    at_once = re.sub(r"\$(\w*)\$.*?\$\1\$", "", text, flags=re.DOTALL)
    for pattern, flaw in WHOLE_TABLE:
        for found in re.finditer(pattern, at_once, flags=re.IGNORECASE):
            if not any(table in found[0] for table in place.made):
                yield f"{flaw}: {found[0]}"


def _flaws_of_waiting(operations: Sequence[Operation]) -> Iterator[str]:
    """Making an index concurrently waits for the transactions of all others, longer than our 3 seconds."""
    texts = "".join(text for step in operations if isinstance(step, RunSQL) for text in _texts(step.sql))
    if any(isinstance(step, AddIndexConcurrently) for step in operations) and "lock_timeout" not in texts:
        yield "concurrently, but it gives up after 3 seconds: SET lock_timeout = 0 before it"


def _flaws_of_beginning_again(operations: Sequence[Operation]) -> Iterator[str]:
    """Killed while it makes an index concurrently, a migration leaves an invalid one of its name."""
    before = ""
    for step in operations:
        if isinstance(step, RunSQL):
            before += "".join(f"{text};" for text in _texts(step.sql))
        elif isinstance(step, AddIndexConcurrently):
            name = step.index.name
            if f"DROP INDEX CONCURRENTLY IF EXISTS {name};" not in before:
                yield f"can't begin again: DROP INDEX CONCURRENTLY IF EXISTS {name} before it"


def all_flaws() -> dict[str, list[str]]:
    """'app.0001_name' → its flaws, for each migration of our own that has some."""
    loader = MigrationLoader(None)
    known, state = dict[str, list[str]](), ProjectState()
    plan = [node for leaf in sorted(loader.graph.leaf_nodes()) for node in loader.graph.forwards_plan(leaf)]
    for app, name in dict.fromkeys(plan):
        migration = loader.graph.nodes[app, name]
        if app in ROOMS and (told := flaws(migration, state)):
            known[f"{app}.{name}"] = told
        migration.mutate_state(state, preserve=False)
    return known


def test_no_migration_stops_the_house_over_a_big_table() -> None:
    assert {name: told for name, told in all_flaws().items() if name not in FORGIVEN} == {}


def test_what_is_forgiven_is_still_there_and_still_needs_it() -> None:
    assert set(FORGIVEN) <= set(all_flaws())


def test_the_big_tables_are_there() -> None:
    tables = {
        state.options.get("db_table") or f"{app}_{name}"
        for (app, name), state in MigrationLoader(None).project_state().models.items()
    }
    assert tables >= BIG


NO_LIMIT = RunSQL("SET lock_timeout = 0")
NO_REMAINS = RunSQL("DROP INDEX CONCURRENTLY IF EXISTS ticket_by_day")
INDEX = models.Index(fields=["created"], name="ticket_by_day")
CHECK = models.CheckConstraint(condition=models.Q(n__gt=0), name="n_more_than_0")
ONCE = models.UniqueConstraint(fields=["n"], name="n_once")
N = models.IntegerField(null=True)


def fill_in_terms(_apps: object, _editor: object) -> None:
    """A backfill."""


def add_states(_apps: object, _editor: object) -> None:
    """What ships."""


GOOD: list[list[Operation]] = [
    [NO_LIMIT, NO_REMAINS, AddIndexConcurrently("ticket", INDEX)],
    [AddIndex("state", INDEX)],
    [CreateModel("Attachment", [("n", N)]), AddIndex("attachment", INDEX), AddConstraint("attachment", ONCE)],
    [AddField("ticket", "m", models.IntegerField(null=True))],
    [AddField("ticket", "m", models.ForeignKey("self", models.CASCADE, db_index=False, db_constraint=False))],
    [AlterField("ticket", "title", models.CharField(max_length=300))],
    [AlterField("ticket", "title", models.TextField(null=True))],
    [AlterField("ticket", "number", models.CharField(max_length=50, unique=True))],
    [AddConstraintNotValid("ticket", CHECK)],
    [RunPython(add_states)],
    [RunSQL("CREATE UNIQUE INDEX CONCURRENTLY by_n ON tickets_ticket (n)")],
    [RunSQL("ALTER TABLE tickets_ticket ADD CONSTRAINT c CHECK (n > 0) NOT VALID")],
    [RunSQL("CREATE TABLE x (); CREATE INDEX i ON x (n); INSERT INTO x VALUES (1)")],
    [RunSQL("CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN UPDATE tickets_ticket SET n = 1; END $$")],
    [SeparateDatabaseAndState(state_operations=[AddIndex("ticket", INDEX)])],
]
BAD: list[tuple[list[Operation], str]] = [
    ([AddIndex("ticket", INDEX)], "index ticket_by_day not concurrently"),
    ([AddIndexConcurrently("ticket", INDEX)], "gives up after 3 seconds"),
    ([NO_LIMIT, AddIndexConcurrently("ticket", INDEX)], "can't begin again"),
    ([NO_LIMIT, AddIndexConcurrently("ticket", INDEX), NO_REMAINS], "can't begin again"),
    ([AddField("ticket", "m", models.IntegerField(db_index=True))], "index of m not concurrently"),
    ([AddField("ticket", "m", models.UUIDField(null=True, unique=True))], "index of m not concurrently"),
    (
        [AddField("ticket", "m", models.ForeignKey("self", models.CASCADE, db_index=False))],
        "foreign key m not NOT VALID",
    ),
    ([AlterField("ticket", "title", models.CharField(max_length=200, db_index=True))], "index of title"),
    ([AlterField("ticket", "title", models.IntegerField())], "reads or writes every title"),
    (
        [AlterField("ticket", "queue", models.ForeignKey("queues.Queue", models.PROTECT))],
        "foreign key queue is made anew",
    ),
    ([AlterField("ticket", "title", models.CharField(max_length=199))], "reads or writes every title"),
    ([AlterField("ticket", "n", models.IntegerField())], "reads or writes every n"),
    ([AddConstraint("ticket", CHECK)], "n_more_than_0 not NOT VALID"),
    ([AddConstraint("ticket", ONCE)], "n_once not NOT VALID"),
    ([RunPython(fill_in_terms)], "runs fill_in_terms"),
    ([RunSQL("CREATE INDEX by_n ON tickets_ticket (n)")], "not concurrently"),
    ([RunSQL([("UPDATE tickets_ticket SET n = %s", [1])])], "backfills"),
    ([RunSQL("DELETE FROM public.tickets_event")], "backfills"),
    ([RunSQL('INSERT INTO "tickets_event" SELECT 1')], "backfills"),
    ([RunSQL("ALTER TABLE tickets_ticket ADD CONSTRAINT c CHECK (n > 0)")], "not NOT VALID"),
    ([SeparateDatabaseAndState(database_operations=[AddIndex("ticket", INDEX)])], "ticket_by_day"),
]


def made_of(operations: list[Operation], *, atomic: bool = False, initial: bool = False) -> Migration:
    values = {"operations": operations, "atomic": atomic, "initial": initial}
    example: Migration = type("Example", (Migration,), values)("0042_example", "tickets")
    return example


@pytest.fixture
def before() -> ProjectState:
    """A ticket, and the tables beside it."""
    state = ProjectState()
    title, number = models.CharField(max_length=200), models.CharField(max_length=50, unique=True)
    queue = models.ForeignKey("queues.Queue", models.PROTECT, db_index=False)
    fields: list[tuple[str, Any]] = [("n", N), ("title", title), ("number", number), ("queue", queue)]
    CreateModel("Ticket", fields).state_forwards("tickets", state)
    CreateModel("State", [("n", N)]).state_forwards("tickets", state)
    return state


@pytest.mark.parametrize("operations", GOOD)
def test_what_leaves_the_rows_alone_passes(operations: list[Operation], before: ProjectState) -> None:
    assert flaws(made_of(operations), before) == []


@pytest.mark.parametrize(("operations", "flaw"), BAD)
def test_what_reads_or_writes_all_rows_fails(
    operations: list[Operation], flaw: str, before: ProjectState
) -> None:
    assert any(flaw in told for told in flaws(made_of(operations), before))


def test_an_index_is_not_made_concurrently_in_a_transaction(before: ProjectState) -> None:
    operations = [NO_LIMIT, NO_REMAINS, AddIndexConcurrently("ticket", INDEX)]
    assert flaws(made_of(operations, atomic=True), before) == ["concurrently, but in a transaction"]


def test_the_first_migration_of_a_room_makes_its_tables_as_it_likes(before: ProjectState) -> None:
    assert (
        flaws(made_of([AddIndex("ticket", INDEX), AddConstraint("ticket", ONCE)], initial=True), before) == []
    )
