"""Two results of the benchmark side by side."""

import json
from pathlib import Path

import pytest

from benchmarks.compare import compare, main

OLD = {"tickets": 1000, "pages": {"zoom": {"median_ms": 20.0, "queries": 12}}, "ingest": {"old": 0}}
NEW = {"tickets": 1000, "pages": {"zoom": {"median_ms": 15.0, "queries": 12}}, "web_mb": 90}


def test_each_figure_has_its_ratio_and_one_that_only_one_result_has_has_none() -> None:
    lines = {line.split()[0]: line.split()[1:] for line in compare(OLD, NEW).splitlines()}
    assert lines == {
        "tickets": ["1000", "1000", "1.00"],
        "pages.zoom.median_ms": ["20", "15", "0.75"],
        "pages.zoom.queries": ["12", "12", "1.00"],
        "ingest.old": ["0", "–", "–"],
        "web_mb": ["–", "90", "–"],
    }


def test_two_files_are_compared_and_the_exit_is_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(OLD))
    new.write_text(json.dumps(NEW))
    assert main(str(old), str(new)) == 0
    assert "pages.zoom.median_ms" in capsys.readouterr().out


@pytest.mark.parametrize("paths", [(), ("", ""), ("nowhere.json", "nowhere.json")])
def test_without_two_results_it_says_what_it_wants(
    paths: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(*paths) == 2
    assert "OLD=file NEW=file" in capsys.readouterr().err


def test_a_file_that_is_no_result_is_named_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (broken := tmp_path / "broken.json").write_text("{")
    assert main(str(broken), str(broken)) == 2
    assert "two results" in capsys.readouterr().err
