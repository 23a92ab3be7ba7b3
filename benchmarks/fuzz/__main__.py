"""`make fuzz`: N damaged mails (100,000) of SEED (the day's), on all cores.

Each is read and its HTML cleaned: no error but `UnreadableMail`, nothing that a database refuses, at most two
seconds of processor time. Every twentieth goes the whole way on a real PostgreSQL: kept, delivered, and its
row must end with its bytes. What fails is kept under `var/fuzz/`, named for its seed and number. Ends with 1
if anything failed. Before all that, HTML that is doubled must cost at most three times as much
(`doubling.py`).
"""

import json
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from benchmarks.fuzz.chunks import Task, begin, work
from benchmarks.fuzz.doubling import grows_too_fast
from benchmarks.fuzz.one import Finding
from benchmarks.servers import private_servers

BASE = Path(__file__).resolve().parent.parent.parent
FINDINGS = BASE / "var" / "fuzz"
CHUNK = 250
SAY_SECONDS = 20
CORES = max(os.cpu_count() or 1, 1)


def main() -> int:
    """Start the servers, spread the work, print one JSON document."""
    total = int(os.environ.get("N") or 100_000)
    seed = os.environ.get("SEED") or time.strftime("%Y%m%d")
    began = time.monotonic()
    with private_servers(name="fuzz", durable=False):
        _prepare_database()
        too_fast = [_keep(f"{seed}-doubled", finding) for finding in grows_too_fast()]
        # Spawned, not forked: a database connection must not be shared.
        with ProcessPoolExecutor(CORES, mp_context=get_context("spawn"), initializer=begin) as pool:
            counts, findings = _run(pool, seed=seed, total=total)
        whole_way, lost = _look_back()
    document = {
        "mails": total,
        "seed": seed,
        "seconds": round(time.monotonic() - began),
        "read": counts,
        "whole_way": whole_way,
        "findings": [*too_fast, *findings, *lost],
    }
    print(json.dumps(document, indent=2))
    return 1 if document["findings"] else 0


def _run(pool: ProcessPoolExecutor, *, seed: str, total: int) -> tuple[dict[str, int], list[dict[str, str]]]:
    counts: Counter[str] = Counter()
    findings: list[dict[str, str]] = []
    said, done = time.monotonic(), 0
    chunks: list[Task] = [(seed, start, min(start + CHUNK, total)) for start in range(0, total, CHUNK)]
    for future in as_completed([pool.submit(work, chunk) for chunk in chunks]):
        outcomes, failures = future.result()
        counts.update(outcomes)
        findings += [_keep(seed, failure) for failure in failures]
        done += sum(outcomes.values())
        if time.monotonic() - said > SAY_SECONDS:
            said = time.monotonic()
            print(f"{done} of {total} mails, {len(findings)} findings …", file=sys.stderr, flush=True)
    return dict(counts), findings


def _keep(seed: str, finding: Finding) -> dict[str, str]:
    FINDINGS.mkdir(parents=True, exist_ok=True)
    file = FINDINGS / f"{seed}-{finding.number}.eml"
    file.write_bytes(finding.raw)
    print(f"{file.relative_to(BASE)}: {finding.why}", file=sys.stderr, flush=True)
    return {"input": str(file.relative_to(BASE)), "why": finding.why}


def _prepare_database() -> None:
    begin()
    from django.core.management import call_command
    from django.db import connection

    from scripts.messages import compile_catalogues

    compile_catalogues()
    call_command("migrate", verbosity=0)
    connection.close()


def _look_back() -> tuple[dict[str, int], list[dict[str, str]]]:
    from benchmarks.fuzz.whole_way import finish, look_back

    finish()
    return look_back()


if __name__ == "__main__":
    sys.exit(main())
