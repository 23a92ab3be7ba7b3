"""A standing child: what an item does to it costs only that item, and nothing of it is left behind."""

import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.races.meeting import PATIENCE_SECONDS
from tests.work.obedient import MB, OBEY, Said
from work import child as module
from work.child import Child, Failed, Limits, NoChild
from work.child_program import OWNER_GONE

ENDS = {
    "turn for ever": "It takes more than 1 s.",
    "eat memory": "It needs more than 300 MB.",
    "crash": "Its process ended with SIGSEGV.",
    "leave": "Its process ended with 3.",
    "nothing to keep": "Its process ended with 1.",
    "a stranger's class": "Its result can't be read: collections.OrderedDict is no part of a result.",
    "a function": "Its result can't be read: tests.work.obedient.obey is no part of a result.",
}


@pytest.fixture
def limits() -> Limits:
    return Limits(cpu_seconds=1, memory_bytes=300 * MB)


@pytest.fixture
def child(limits: Limits) -> Iterator[Child]:
    child = Child(modules=["tests.work.obedient"], limits=limits)
    yield child
    child.stop()


def ask(child: Child, *words: str) -> list[Any]:
    return child.work(OBEY, [word.encode() for word in words])


def has_ended(pid: int) -> bool:
    """Whether the process ends before our patience does; not even a zombie of ours counts as ended."""
    try:
        file = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([file], [], [], PATIENCE_SECONDS)[0])
    finally:
        os.close(file)


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_it_works_batch_after_batch(child: Child) -> None:
    assert ask(child, "one", "two", "") == [Said("one"), Said("two"), Said("")]
    assert ask(child) == []
    assert len({*ask(child, "pid", "pid"), *ask(child, "pid")}) == 1


def test_big_items_and_many_small_ones_come_back_in_order(child: Child) -> None:
    big = [bytes([n]) * 5 * MB for n in range(65, 70)]
    assert child.work(OBEY, big) == big
    words = [str(n) for n in range(3000)]
    assert ask(child, *words) == [Said(word) for word in words]


@pytest.mark.parametrize("word", ENDS)
def test_what_ends_it_costs_only_itself(child: Child, word: str) -> None:
    first, *results, last = ask(child, "pid", "one", word, "two", "pid")
    assert results == [Said("one"), Failed(ENDS[word]), Said("two")]
    assert not is_there(first)
    assert is_there(last)


@pytest.mark.parametrize("limits", [Limits(wall_seconds=2)])
def test_one_that_waits_without_working_is_ended_by_the_clock(child: Child) -> None:
    first, *results, last = ask(child, "pid", "one", "wait for ever", "two", "pid")
    assert results == [Said("one"), Failed("It takes more than 2 s."), Said("two")]
    assert first != last


def test_one_that_is_killed_from_outside_says_so_as_that_is_no_items_fault(child: Child) -> None:
    """As by the kernel, where the machine has no memory left."""
    first, *results, last = ask(child, "pid", "one", "be killed", "two", "pid")
    assert results == [Said("one"), module.Killed("Its process was killed."), Said("two")]
    assert first != last


def test_one_that_we_have_to_kill_ourselves_was_not_killed_from_outside(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "END_SECONDS", 0.1)
    assert ask(child, "one", "fall silent") == [Said("one"), Failed("It comes to no end.")]


def test_what_only_fails_leaves_it_standing(child: Child) -> None:
    first, failed, last = ask(child, "pid", "fail", "pid")
    assert failed.reason == "ValueError: no"
    assert 'raise ValueError("no")' in failed.details
    assert first == last


def test_one_that_holds_on_to_memory_is_replaced_after_the_batch(child: Child) -> None:
    first, _kept, second = ask(child, "pid", "keep memory", "pid")
    (third,) = ask(child, "pid")
    assert first == second != third
    assert not is_there(first)


def test_it_has_no_file_of_ours_no_secret_and_nothing_to_print_an_answer_to(child: Child) -> None:
    names, files, printed = ask(child, "names", "files", "print")
    assert not {"SECRET_KEY", "KVV_SECRET_KEYS", "DATABASE_URL", "REDIS_URL"} & set(names)
    assert not [file for file in files if file.startswith("socket:")]
    assert printed is None


def test_one_that_died_meanwhile_is_begun_again(child: Child) -> None:
    (pid,) = ask(child, "pid")
    os.kill(pid, 9)
    assert has_ended(pid)
    assert ask(child, "one") == [Said("one")]
    assert not is_there(pid)


def test_it_ends_with_the_thread_that_began_it_and_that_is_no_items_fault(child: Child) -> None:
    pids: list[int] = []
    thread = threading.Thread(target=lambda: pids.extend(ask(child, "pid")))
    thread.start()
    thread.join()
    assert has_ended(pids[0])
    assert ask(child, "one") == [Said("one")]


def test_a_child_that_is_left_in_the_middle_begins_the_batch_again(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the thread ends that began it, while another one works with it."""
    work = module._Process.work

    def left_once(process: module._Process, function: str, items: Sequence[bytes]) -> list[Any]:
        monkeypatch.setattr(module._Process, "work", work)
        os.kill(process._popen.pid, OWNER_GONE)
        return work(process, function, items)

    monkeypatch.setattr(module._Process, "work", left_once)
    assert ask(child, "one", "two") == [Said("one"), Said("two")]


def test_threads_take_turns(child: Child) -> None:
    results: dict[str, list[Any]] = {}

    def work(name: str) -> None:
        results[name] = ask(child, *[name] * 50)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {name: [Said(name)] * 50 for name in "abcd"}


def test_who_is_interrupted_leaves_no_answer_to_the_next(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: object) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module._Known, "load", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ask(child, "one", "two")
    assert ask(child, "three") == [Said("three")]


def test_a_function_that_is_not_there_is_no_items_fault(child: Child) -> None:
    with pytest.raises(NoChild, match="nothing"):
        child.work("tests.work.obedient:nothing", [b"one"])
    assert ask(child, "one") == [Said("one")]


def test_one_whose_code_is_another_than_ours_is_none(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "shape_of", lambda _modules: "older")
    with pytest.raises(NoChild, match="started again"):
        ask(child, "one")


def test_where_none_can_be_started_the_items_wait(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(NoChild, match="nowhere"):
        ask(child, "one")


def owner(what: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.work.obedient", what],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_busy_one_ends_with_its_owner() -> None:
    with owner("busy") as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
    assert has_ended(pid)


def test_a_forked_process_has_one_of_its_own() -> None:
    with owner("forked") as process:
        assert process.stdout is not None
        (before, first), (_before, second) = (map(int, line.split()) for line in process.stdout)
    assert process.returncode == 0
    assert before in (first, second)
    assert first != second
    assert all(has_ended(pid) for pid in (first, second))
