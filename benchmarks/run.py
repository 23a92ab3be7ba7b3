"""`make bench`: fills a private database, measures pages and ingest, prints one JSON document.

TICKETS (default 1,000) says how many tickets; the document is also kept as `var/bench.json`.
"""

import json
import os
import sys
from pathlib import Path

from benchmarks.servers import private_servers

BASE = Path(__file__).resolve().parent.parent


def main() -> None:
    """Start the servers, measure, stop them."""
    tickets = int(os.environ.get("TICKETS", "1000"))
    with private_servers(name="bench"):
        document = json.dumps(_measured(tickets), indent=2)
    target = BASE / "var" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(document + "\n", encoding="utf-8")
    print(document)


def _measured(tickets: int) -> dict[str, object]:
    """The figures; Django can be loaded only now that its database has an address."""
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.bulk import measure_bulk
    from benchmarks.fill import fill
    from benchmarks.ingest import measure_ingest
    from benchmarks.pages import measure_pages
    from benchmarks.terms import promised
    from scripts.messages import compile_catalogues

    compile_catalogues()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    print(f"filling {tickets} tickets …", file=sys.stderr)
    filled = fill(tickets=tickets)
    print("measuring pages …", file=sys.stderr)
    with promised() as terms:
        pages, web_mb = measure_pages(filled)
    print("measuring a bulk action …", file=sys.stderr)
    bulk = measure_bulk(filled.agent)
    print("measuring ingest …", file=sys.stderr)
    ingest = measure_ingest()
    return {
        "tickets": tickets,
        "ingest": ingest,
        "bulk": bulk,
        "terms": terms,
        "pages": pages,
        "web_mb": web_mb,
    }


if __name__ == "__main__":
    main()
