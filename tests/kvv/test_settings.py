"""Wrong settings and missing servers: one sentence that says what to do, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from manage import TRY_LATER

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
        ("KVV_MAIL_RECIPIENTS", "99"),
        ("KVV_MAIL_RECIPIENTS", "1001"),
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


@pytest.mark.parametrize(
    ("command", "changes"),
    [
        (("ingest", "--wachtrij", "Spel"), {}),
        (("ingest",), {"KVV_HOSTS": "", "SECRET_KEY": ""}),
        (("ingest",), {"KVV_LOG_LEVEL": "LUID"}),
        (("ingest",), {"DJANGO_SETTINGS_MODULE": "kvv.gone"}),
        (("ingest",), {"DATABASE_URL": "postgres://kvv@127.0.0.1:1/kvv?sslmode=nonsense"}),
    ],
)
def test_a_mail_server_keeps_the_mail_whatever_hinders_us(
    command: tuple[str, ...], changes: dict[str, str]
) -> None:
    answer = manage(*command, given=b"x", **{"DATABASE_URL": "postgres://kvv@127.0.0.1:1/kvv"} | changes)
    assert answer.returncode == TRY_LATER
