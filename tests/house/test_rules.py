"""Rules a reviewer would repeat, as code: each with an example that passes and one that fails."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house.rooms import BASE, ROOMS
from work.locks import Lock

LINES_MOST = 400


def files(*rooms: str) -> list[Path]:
    return [
        file
        for room in rooms
        for file in sorted((BASE / room).rglob("*.py"))
        if "migrations" not in file.parts
    ]


def broken(rule: Callable[[str], list[str]], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(BASE)}: {line}"
        for path in paths
        for line in rule(path.read_text(encoding="utf-8"))
    ]


def calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def asks_the_database(source: str) -> list[str]:
    """A view asks access and queries; it neither filters nor saves (STYLE: views are thin)."""
    return re.findall(r"\.(?:filter|exclude|save|delete|objects)\b(?=\(|\.)", source)


def locks_carelessly(source: str) -> list[str]:
    """A lock says that it takes no key lock, and of which table."""
    return [
        f"line {call.lineno}"
        for call in calls(source)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "select_for_update"
        and not {"no_key", "of"} <= {word.arg for word in call.keywords}
    ]


def leaves_time_to_celery(source: str) -> list[str]:
    """The row is the queue: no task waits inside the broker."""
    words = {"countdown", "eta", "retry_backoff", "autoretry_for"}
    keywords = [word.arg for call in calls(source) for word in call.keywords if word.arg in words]
    return [str(word) for word in keywords] + re.findall(r"\bself\.retry\(|\bchord\(|\.apply_async\(", source)


def silences_without_reason(source: str) -> list[str]:
    """Each `noqa` and `type: ignore` names its code and its reason."""
    bare = re.findall(r"# (?:noqa|type: ignore)(?!:? ?[\[A-Z]).*", source)
    codes = re.findall(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z-]+\])\s*$", source, re.MULTILINE)
    return bare + codes


def is_a_naive_clock(source: str) -> list[str]:
    """Times are aware: `timezone.now()`, never the machine's own clock."""
    return re.findall(r"datetime\.(?:now|utcnow|today)\(\)|date\.today\(\)", source)


def names_its_own_lock(source: str) -> list[str]:
    """The number of an advisory lock stands in `work/locks.py`, and no lock is of a session: see there."""
    numbers = set(Lock)
    literals = [
        str(node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and type(node.value) is int and node.value in numbers
    ]
    written_out = re.findall(r"advisory_xact_lock\w*\([^)]*(?:'|\d{2})", source)
    return literals + written_out + re.findall(r"advisory_lock\w*|advisory_unlock\w*", source)


RULES = [
    (asks_the_database, ("desk",), "request.rights.may(x)", "Ticket.objects.filter(pk=1)"),
    (locks_carelessly, ROOMS, "x.select_for_update(no_key=True, of=('self',))", "x.select_for_update()"),
    (leaves_time_to_celery, ROOMS, "ring('outbox.send')", "send.apply_async(countdown=5)"),
    (silences_without_reason, ROOMS, "x = 1  # noqa: S101  (why)", "x = 1  # noqa: S101"),
    (is_a_naive_clock, ROOMS, "timezone.now()", "datetime.now()"),
]


@pytest.mark.parametrize(("rule", "rooms", "good", "bad"), RULES)
def test_the_rule_holds_everywhere(
    rule: Callable[[str], list[str]], rooms: tuple[str, ...], good: str, bad: str
) -> None:
    assert not rule(good)
    assert rule(bad)
    assert broken(rule, files(*rooms)) == []


LOCKS_OF_ITS_OWN = (
    "LOCK = 20_260_101",
    "'SELECT pg_try_advisory_xact_lock(4711)'",
    "\"SELECT pg_try_advisory_xact_lock(hashtext('mail:' || id))\"",
    "'SELECT pg_advisory_lock(%s)'",
)


def test_every_advisory_lock_is_in_the_one_list() -> None:
    assert not names_its_own_lock("try_lock(Lock.WATCH), 'pg_try_advisory_xact_lock(%s, hashtext(a))'")
    assert all(names_its_own_lock(bad) for bad in LOCKS_OF_ITS_OWN)
    assert (
        broken(names_its_own_lock, [file for file in files(*ROOMS) if file != BASE / "work/locks.py"]) == []
    )


def test_no_file_is_longer_than_a_story() -> None:
    long = [
        str(file)
        for file in [*files(*ROOMS), *sorted((BASE / "tests").rglob("*.py"))]
        if len(file.read_text(encoding="utf-8").splitlines()) > LINES_MOST
    ]
    assert long == []


def test_templates_hold_no_inline_style_or_script() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)")
    wrong = [
        f"{file.relative_to(BASE)}: {match[0]}"
        for file in sorted((BASE / "templates").rglob("*.html"))
        for match in inline.finditer(file.read_text(encoding="utf-8"))
    ]
    assert inline.search('<p style="color:red">')
    assert wrong == []


def test_every_setting_is_explained_and_every_explained_setting_is_there() -> None:
    source = (BASE / "kvv" / "settings.py").read_text(encoding="utf-8")
    text = (BASE / "docs" / "settings.md").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.[a-z_]+\(\s*"([A-Z_]+)"', source))
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))
    assert read == explained


def test_no_browser_file_is_fetched_from_elsewhere() -> None:
    outside = re.compile(r"""(?:src|href)=["']https?://""")
    wrong = [
        str(file.relative_to(BASE))
        for file in sorted((BASE / "templates").rglob("*.html"))
        if outside.search(file.read_text(encoding="utf-8"))
    ]
    assert wrong == []
