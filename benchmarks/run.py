"""`make bench`: fills a private database, measures pages and ingest, prints one JSON document.

TICKETS (default 1,000) says how many tickets; the document is also kept as `var/bench.json`.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from kvv.embedded.children import start
from kvv.embedded.places import find_place
from kvv.embedded.postgres import Postgres
from kvv.embedded.valkey import Valkey

BASE = Path(__file__).resolve().parent.parent
SECRET = "a secret for the benchmark only, of no use to anybody"


def main() -> None:
    """Start the servers, measure, stop them."""
    tickets = int(os.environ.get("TICKETS", "1000"))
    folder = Path(tempfile.mkdtemp(prefix="kvv-bench-"))
    folder.chmod(0o711)
    place = find_place(var=folder)
    postgres = Postgres(place=place)
    valkey = Valkey(place=place, data=folder / "valkey", durable=False)
    postgres.prepare()
    valkey.prepare()
    commands = [postgres.command(), valkey.command()]
    children = [start(command) for command in commands]
    try:
        while not (postgres.is_ready() and valkey.is_ready()):
            time.sleep(0.05)
        postgres.ensure_database()
        os.environ |= {
            "DATABASE_URL": postgres.url(),
            "REDIS_URL": valkey.url,
            "SECRET_KEY": SECRET,
            "KVV_VAR": str(folder),
            "KVV_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "kvv.settings",
        }
        document = json.dumps(_measured(tickets), indent=2)
    finally:
        for command, child in zip(commands, children, strict=True):
            child.send_signal(command.stop_signal)
            child.wait()
        shutil.rmtree(folder, ignore_errors=True)
    target = BASE / "var" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(document + "\n", encoding="utf-8")
    print(document)


def _measured(tickets: int) -> dict[str, object]:
    """The figures; Django can be loaded only now that its database has an address."""
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.fill import fill
    from benchmarks.ingest import measure_ingest
    from benchmarks.pages import measure_pages
    from scripts.messages import compile_catalogue

    compile_catalogue()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    print(f"filling {tickets} tickets …", file=sys.stderr)
    filled = fill(tickets=tickets)
    print("measuring pages …", file=sys.stderr)
    pages, web_mb = measure_pages(filled)
    print("measuring ingest …", file=sys.stderr)
    return {"tickets": tickets, "ingest": measure_ingest(), "pages": pages, "web_mb": web_mb}


if __name__ == "__main__":
    main()
