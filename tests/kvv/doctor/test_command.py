"""`manage.py doctor`: a sentence a line, in bounded time, and never a traceback."""

import json
import os
import re
import subprocess
import sys
import threading

import pytest
from django.core.management import call_command

from kvv.doctor.finding import Finding, examine, fine
from kvv.embedded.ports import free_port
from tests.kvv.test_settings import BASE

LINE = re.compile(r"(ok|warning|wrong) +[^:]+: .+|[0-9]+ wrong, [0-9]+ warnings\.")


def test_a_check_that_hangs_or_breaks_is_a_finding_and_the_others_go_on() -> None:
    end = threading.Event()

    def hangs() -> list[Finding]:
        end.wait(30)
        return []

    def breaks() -> list[Finding]:
        raise ValueError("a\nb")

    findings = list(examine({"x": hangs, "y": breaks, "z": lambda: [fine("z", "Well.")]}, seconds=0.2))
    assert [(finding.name, finding.level) for finding in findings] == [
        ("x", "wrong"),
        ("y", "wrong"),
        ("z", "ok"),
    ]
    assert "within 0.2 seconds" in findings[0].text
    assert "a b" in findings[1].text
    end.set()


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_each_line_is_a_sentence_and_the_exit_code_tells_whether_something_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left:
        call_command("doctor")
    lines = capsys.readouterr().out.strip().splitlines()
    assert left.value.code == 1  # no worker runs here
    assert len(lines) > 12
    assert [line for line in lines if not LINE.fullmatch(line)] == []


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_it_ends_well_where_only_warnings_are_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kvv.doctor.examine.REST", {"queues": lambda: [fine("queues", "Well.")]})
    call_command("doctor", "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is True
    assert {"level": "ok", "name": "queues", "text": "Well."} in report["findings"]


def without_servers(**environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json"],
        cwd=BASE,
        env=os.environ | environment,
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_without_a_database_or_a_broker_there_is_no_traceback() -> None:
    done = without_servers(
        DATABASE_URL=f"postgres://kvv@127.0.0.1:{free_port()}/kvv",
        REDIS_URL=f"redis://127.0.0.1:{free_port()}/0",
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    wrong = {
        finding["name"] for finding in json.loads(done.stdout)["findings"] if finding["level"] == "wrong"
    }
    assert {"database", "broker"} <= wrong
