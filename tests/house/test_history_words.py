"""Every field that an event can tell of has its words in the history, and no words are left over."""

import ast

import pytest
from django.utils import translation

from tests.house.test_rules import files
from tickets.changing.changes import Side
from tickets.history import WORDS, sentences
from tickets.models import Event

TELLING = ("_tell", "value")
"""The method of `Changes` that tells of a field, which is its first argument."""


def fields_told(source: str) -> set[str]:
    """The fields of which this code tells what was and what is, in one of four ways.

    `changes._tell("queue", …)`, `{"queue": [NOTHING, Side(…)]}`, `changes["queue"] = [NOTHING, Side(…)]`, and
    of one of several of a sort `changes[f"queue:{id}"] = sides_of(…)`.
    """
    fields: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr=name), args=[field, *_values]) if name in TELLING:
                fields.append(field)
            case ast.Dict(keys=keys, values=values):
                fields += [key for key, value in zip(keys, values, strict=True) if has_sides(value)]
            case ast.Assign(targets=[ast.Subscript(slice=field)], value=value) if has_sides(value):
                fields.append(field)
            case ast.Assign(targets=[ast.Subscript(slice=ast.JoinedStr(values=[sort, *_id]))]):
                name, colon, _rest = str(getattr(sort, "value", "")).partition(":")
                fields += [ast.Constant(name)] if colon else []
    return {
        field.value for field in fields if isinstance(field, ast.Constant) and isinstance(field.value, str)
    }


def has_sides(value: ast.expr) -> bool:
    """Whether this is a list of sides, one of them at least made here or called NOTHING."""
    if isinstance(value, ast.IfExp):
        return has_sides(value.body) or has_sides(value.orelse)
    return isinstance(value, ast.List | ast.Tuple) and any(is_side(side) for side in value.elts)


def is_side(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="Side")):
            return True
        case ast.Name(id=name):
            return name.lower() == "nothing"
    return False


@pytest.mark.parametrize(
    "source",
    [
        'changes._tell("link", 1, "a", 2, "b")',
        'changes.value("link", 2)',
        'self._tell("link", None, "", 2, "b")',
        'changes = {"link": [NOTHING, Side(id=1, label="x")]}',
        'origin["link"] = [nothing, Side(id=1, label="x")]',
        'changes = {"link": [NOTHING, side] if is_new else [side, NOTHING]}',
        'changes[f"link:{pk}"] = sides_of(link, 1, 2)',
    ],
)
def test_a_field_is_found_wherever_it_is_told(source: str) -> None:
    assert fields_told(source) == {"link"}


@pytest.mark.parametrize(
    "source", ['self.sides[field] = [before, Side(id=1, label="x")]', 'values = {"agent": [1, 2]}', "_tell()"]
)
def test_what_names_no_field_of_an_event_is_let_be(source: str) -> None:
    assert fields_told(source) == set()


def test_every_field_that_an_action_tells_has_its_words_in_the_history() -> None:
    fields = {
        field
        for path in files("tickets", "webforms")
        for field in fields_told(path.read_text(encoding="utf-8"))
    }
    assert fields == set(WORDS)


@pytest.mark.parametrize("field", ["no_such_field", "withheld"])
def test_what_only_a_newer_version_tells_is_left_out_and_logged(
    field: str, caplog: pytest.LogCaptureFixture
) -> None:
    """While two versions run, the older one shows the history that the newer one writes."""
    nothing, unknown = Side(id=None, label=""), Side(id="no_such_reason", label="karin@post.example")
    changes = {field: [nothing, unknown], "owner": [nothing, Side(id=7, label="Bea")]}
    with translation.override("en"):
        assert sentences(Event(pk=4711, changes=changes)) == ["Owner: Bea"]
    assert field in caplog.text
    assert "4711" in caplog.text
