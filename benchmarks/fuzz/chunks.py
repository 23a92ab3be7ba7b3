"""What each process of the fuzzer does: a run of inputs read, and every twentieth taken the whole way."""

import logging
from collections import Counter
from pathlib import Path

from benchmarks.fuzz.one import Finding, check, input_of

MAILS = Path(__file__).resolve().parent.parent.parent / "tests" / "mail"
WHOLE_WAY_EVERY = 20

Task = tuple[str, int, int]  # seed, first number, number after the last


def begin() -> None:
    """Load Django; an error on a row is a finding of ours, not a line for a log."""
    import django

    django.setup()
    logging.getLogger("mailgate").setLevel(logging.CRITICAL)


def work(task: Task) -> tuple[Counter[str], list[Finding]]:
    """How many inputs ended how, and those that failed."""
    from benchmarks.fuzz.whole_way import through

    seed, start, end = task
    mails = [file.read_bytes() for file in sorted(MAILS.glob("*.eml"))]
    counts: Counter[str] = Counter()
    findings: list[Finding] = []
    chosen: list[tuple[int, bytes]] = []
    for number in range(start, end):
        raw = input_of(mails, seed=seed, number=number)
        outcome, why = check(raw)
        counts[outcome] += 1
        if why:
            findings.append(Finding(number=number, raw=raw, why=why))
        elif number % WHOLE_WAY_EVERY == 0:
            chosen.append((number, raw))
    return counts, findings + through(chosen)
