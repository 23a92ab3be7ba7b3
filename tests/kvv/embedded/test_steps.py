"""What a start says of itself: a line a step, whatever the terminal is, and however it ends."""

import io
import sys

import pytest

from kvv.embedded.steps import say, speak_any_language, step


def test_a_step_is_one_line_with_its_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with step("PostgreSQL"):
        assert capsys.readouterr().out == "  PostgreSQL …"
    assert capsys.readouterr().out == " 0 s\n"


def test_what_a_failed_step_says_begins_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), step("PostgreSQL"):
        1 / 0  # noqa: B018  (it fails, and that is all)
    say("KVV: why")
    assert capsys.readouterr().out == "  PostgreSQL …\nKVV: why\n"


def test_a_closed_terminal_hinders_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stdout", Closed())
    with step("PostgreSQL"):
        say("anything")


def test_a_terminal_without_our_signs_shows_others(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(paper, encoding="ascii"))
    speak_any_language()
    say("PostgreSQL …")
    assert paper.getvalue() == b"PostgreSQL ?\n"
