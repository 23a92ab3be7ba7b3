"""Each program has a log of its own; of what stands there the terminal hears only what went wrong."""

from pathlib import Path

import pytest

from kvv.embedded.logs import TOLD_EVERY_SECONDS, Log

OURS = "2026-11-29 10:00:00,123 {level} kvv.watch [3f2a9c01d4e5b687]: {message}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "web.log"


def write(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as log:
        log.write(text)


def test_each_start_has_a_new_log_and_the_one_before_stays_beside_it(file: Path) -> None:
    for text in ("first", "second", "third"):
        Log.begun_anew(file)
        write(file, text)
    assert file.read_text() == "third"
    assert {path.name: path.read_text() for path in file.parent.iterdir()} == {
        "web.log": "third",
        "web.log.1": "second",
    }


@pytest.mark.parametrize(
    ("said", "last_words"),
    [
        ("", "it said nothing"),
        ("Traceback\n  line\nOSError: no port\n\n", "OSError: no port"),
        ("CommandError: Port 2525 is in use.\n", "Port 2525 is in use"),
        ("FATAL:  database files are incompatible\nDETAIL:  made by 17\n", "database files are incompatible"),
    ],
)
def test_the_last_words_say_why_a_program_ended(file: Path, said: str, last_words: str) -> None:
    write(file, "CommandError: of another time\n")
    log = Log(file)
    write(file, said)
    assert log.last_words() == last_words


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (OURS.format(level="ERROR", message="The disk is full."), "The disk is full"),
        (OURS.format(level="CRITICAL", message="The disk is full"), "The disk is full"),
        ("[2026-11-29 10:00:00 +0000] [7] [ERROR] Worker (pid:8) exited\n", "Worker (pid:8) exited"),
        ('{"at": "2026", "level": "ERROR", "message": "The disk is full"}\n', "The disk is full"),
        ('{"at": "2026", "level": "INFO", "message": "ERROR"}\n', ""),
        ("{no json\n", ""),
        (OURS.format(level="WARNING", message="a mailbox does not answer: ERROR"), ""),
        (OURS.format(level="INFO", message="mail 4711 is delivered"), ""),
        ("RuntimeError: the traceback below it\n", ""),
    ],
)
def test_only_what_went_wrong_is_told(file: Path, line: str, error: str) -> None:
    log = Log.begun_anew(file)
    write(file, line)
    assert log.new_error() == error
    assert log.new_error() == ""


def test_half_a_line_waits_for_its_other_half(file: Path) -> None:
    log = Log.begun_anew(file)
    line = OURS.format(level="ERROR", message="The disk is full")
    write(file, line[:70])
    assert log.new_error() == ""
    write(file, line[70:])
    assert log.new_error() == "The disk is full"


def test_many_errors_are_told_once_a_minute(file: Path) -> None:
    log = Log.begun_anew(file)
    write(file, OURS.format(level="ERROR", message="first") * 500)
    assert log.new_error() == "first"
    write(file, OURS.format(level="ERROR", message="second"))
    assert log.new_error() == ""
    log.told_at -= TOLD_EVERY_SECONDS
    write(file, OURS.format(level="ERROR", message="third"))
    assert log.new_error() == "third"


def test_a_terminal_obeys_nothing_that_strangers_wrote_into_a_log(file: Path) -> None:
    log = Log.begun_anew(file)
    write(file, OURS.format(level="ERROR", message="\x1b[2Jaway\x07" + "x" * 1000))
    error = log.new_error()
    assert error.isprintable()
    assert len(error) == 200
