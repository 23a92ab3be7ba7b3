"""`make faults`: KILLS (200) at random moments, at most SECONDS, of SEED; prints one JSON document.

Under load (mail by SMTP and in mailboxes, agents who answer, send on, merge and change many at once, visitors
who send forms and write on their own pages) it kills worker, fetcher, listener, web server, database, broker,
mailbox server, outgoing mail server and beat in turn, lets each come back, fills the disks of the database
and the outgoing mail server (from 50 kills on), waits until all is quiet, and counts. Ends with 1 if a mail,
an answer, a form or its files, what a bulk action does or what an agent is told was lost or doubled, if a
tally or what tickets are found by is wrong, or if of many none was forwarded, bounced or merged.
"""

import json
import logging
import os
import shutil
import sys
import time
from typing import Any

from benchmarks.faults.agents import TOGETHER
from benchmarks.faults.ledger import Ledger
from benchmarks.faults.stack import BASE, Stack

FULL_DISKS_FROM = 50
FIRST_SECONDS = 90


def main() -> int:
    """Build, torment, count, tear down."""
    kills = int(os.environ.get("KILLS") or 200)
    seconds = float(os.environ.get("SECONDS") or 0) or None
    seed = int(os.environ.get("SEED") or time.time())
    stack = Stack()
    try:
        document = _run(stack, kills=kills, seconds=seconds, seed=seed)
        if document["wrong"]:
            _keep_logs(stack)
    finally:
        stack.stop()
    print(json.dumps(document, indent=2))
    return 1 if document["wrong"] else 0


def _run(stack: Stack, *, kills: int, seconds: float | None, seed: int) -> dict[str, Any]:
    began = time.monotonic()
    stack.start_servers()
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.faults.busy import Busy
    from benchmarks.faults.counts import count
    from benchmarks.faults.house import build
    from benchmarks.faults.kills import Killer
    from benchmarks.faults.quiet import wait_until_quiet
    from benchmarks.faults.work import begin_load
    from scripts.messages import compile_catalogues

    logging.getLogger("django").setLevel(logging.CRITICAL)
    compile_catalogues()
    call_command("migrate", verbosity=0)
    sessions = build(catcher_port=stack.ports["catcher"], dovecot=stack.dovecot)
    stack.start_services()
    _say(f"started after {time.monotonic() - began:.0f} s; {kills} kills, seed {seed}")
    ledger = Ledger()
    load = begin_load(stack, ledger, sessions=sessions, seed=seed)
    busy = Busy(stack, ledger)
    killer = Killer(stack, ledger, busy=busy, seed=seed)
    # Before there are tickets the agents have nothing to do that could get lost.
    killer.wait_until(lambda: len(ledger.numbers) >= TOGETHER, most_seconds=FIRST_SECONDS)
    disks = killer.run(kills=kills, seconds=seconds, fill_disks=kills >= FULL_DISKS_FROM)
    _say(f"{dict(killer.counts)}; waiting until all is quiet")
    load.stop()
    stack.wait_until_ready()
    while not load.is_done:
        killer.wait(0.1)
    ended = time.monotonic()
    left = wait_until_quiet(busy=busy, dovecot=stack.dovecot, mails=len(ledger.accepted))
    quiet_after = round(time.monotonic() - ended, 1)
    counts = count(ledger, outbox=stack.outbox)
    wrong = counts.pop("wrong_figures")
    wrong += [f"still under way: {left}"] if left else []
    wrong += [f"{type(error).__name__}: {error}" for error in load.errors]
    return {
        "kills": killer.counts.total(),
        "killed": dict(sorted(killer.counts.items())),
        "moments": dict(sorted(killer.moments.items())),
        "seed": seed,
        "seconds": round(time.monotonic() - began),
        "quiet_after_s": quiet_after,
        "full_disk": disks,
        "mailboxes": "Dovecot" if stack.dovecot else "left out: Dovecot is not on this machine",
        "retries": ledger.retries,
        **counts,
        "wrong": wrong,
    }


def _keep_logs(stack: Stack) -> None:
    """What the programs said, for who looks for the reason."""
    target = BASE / "var" / "faults"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for log in (*stack.folder.glob("*.log"), *stack.folder.glob("servers/*.log")):
        shutil.copy(log, target)
    _say(f"the logs are kept in {target.relative_to(BASE)}")


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
