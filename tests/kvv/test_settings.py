"""Wrong settings and missing servers: one sentence that says what to do, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[2]


def manage(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE,
        env=os.environ | environment,
        input=given,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("KVV_SECRET_KEYS", ""),
        ("KVV_SECRET_KEYS", "a key that is long enough for this house,short"),
        ("DATABASE_URL", "mysql://kvv@127.0.0.1/kvv"),
        ("REDIS_URL", "http://127.0.0.1/"),
        ("KVV_SYSTEM_ID", "none"),
        ("KVV_TIME_ZONE", "Mars/Olympus"),
        ("KVV_MAIL_PORT", "99999"),
        ("KVV_UPLOAD_BYTES", "-1"),
        ("KVV_BASE_URL", "kvv.example"),
        ("KVV_LOG_LEVEL", "LOUD"),
        ("KVV_LOG_FORMAT", "xml"),
        ("KVV_CANARY", "24"),
        ("KVV_ALERT_URL", "ntfy.example"),
        ("KVV_DEMO", "perhaps"),
    ],
)
def test_a_wrong_value_stops_with_one_sentence_that_names_it(name: str, value: str) -> None:
    answer = manage("check", given=b"", **{name: value})
    said = answer.stderr.decode().strip()
    assert answer.returncode != 0
    assert name in said
    assert "Traceback" not in said
    assert len(said.split("\n")) == 1


def test_a_mail_server_keeps_the_mail_while_the_database_is_away() -> None:
    mail = b"From: a@post.example\r\n\r\nHallo\r\n"
    answer = manage("ingest", given=mail, DATABASE_URL="postgres://kvv@127.0.0.1:1/kvv")
    said = answer.stderr.decode().strip()
    assert answer.returncode == 75
    assert "Traceback" not in said
    assert len(said.split("\n")) == 1


def test_a_queue_that_is_not_there_is_named(db: None) -> None:
    answer = manage("ingest", "--queue", "Bestaat niet", given=b"x")
    assert answer.returncode in (64, 75)
    assert "Traceback" not in answer.stderr.decode()
