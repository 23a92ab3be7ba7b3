"""Everything killed under load, in small: the program of `make faults` with twenty kills."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).parents[2]
KILLS, SECONDS, MOST_SECONDS = 20, 25, 500
# The program brings servers of its own; ours are not for killing.
OURS = {"DATABASE_URL", "REDIS_URL", "KVV_VAR"}

pytestmark = [pytest.mark.committed, pytest.mark.long]


def test_nothing_is_lost_or_doubled_when_everything_is_killed() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.faults"],
        env=environment | {"KILLS": str(KILLS), "SECONDS": str(SECONDS), "SEED": "1"},
        cwd=BASE,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    assert done.stdout, done.stderr
    document = json.loads(done.stdout)
    assert (document["wrong"], done.returncode) == ([], 0), done.stdout
    assert document["kills"] > 0
    assert document["mails"]["accepted"] == document["mails"]["articles"] > 0
    assert document["forms"]["told"] > 0
    assert document["told"]["rows"] >= document["told"]["had_to_be_told"] > 0
