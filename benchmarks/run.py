"""`make bench`: fills a private database, measures pages and ingest, prints one JSON document.

TICKETS (default 1,000) says how many tickets; the document is also kept as `var/bench.json`. ONLY measures
the named parts alone (of `PARTS`, parted by spaces), and keeps nothing.
"""

import json
import os
from collections.abc import Collection
from pathlib import Path

from benchmarks.progress import tell
from benchmarks.servers import private_servers

BASE = Path(__file__).resolve().parent.parent
PARTS = ("pages", "search", "bulk", "forms", "ingest", "index", "similar", "everything")


def main() -> None:
    """Start the servers, measure, stop them."""
    tickets = int(os.environ.get("TICKETS", "1000"))
    only = os.environ.get("ONLY", "").split()
    if unknown := set(only) - set(PARTS):
        raise SystemExit(f"ONLY knows {', '.join(PARTS)}, and not {', '.join(sorted(unknown))}.")
    with private_servers(name="bench"):
        document = json.dumps(_measured(tickets, parts=only or PARTS), indent=2)
    if not only:
        target = BASE / "var" / "bench.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(document + "\n", encoding="utf-8")
    print(document)


def _measured(tickets: int, *, parts: Collection[str]) -> dict[str, object]:
    """The figures; Django can be loaded only now that its database has an address."""
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.bulk import measure_bulk
    from benchmarks.everything import measure_everything
    from benchmarks.fill import fill
    from benchmarks.forms import measure_forms
    from benchmarks.index import measure_index
    from benchmarks.ingest import measure_ingest
    from benchmarks.pages import measure_pages
    from benchmarks.search import measure_search
    from benchmarks.similar import measure_similar
    from benchmarks.terms import promised
    from scripts.messages import compile_catalogues

    compile_catalogues()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    tell(f"filling {tickets} tickets …")
    filled = fill(tickets=tickets)
    document: dict[str, object] = {"tickets": tickets}
    for part in (part for part in PARTS if part in parts):
        tell(f"measuring {part} …")
        match part:
            case "pages":
                with promised() as document["terms"]:
                    document["pages"], document["web_mb"] = measure_pages(filled)
            case "search":
                document["search"] = measure_search(filled)
            case "bulk":
                document["bulk"] = measure_bulk(filled.agent)
            case "forms":
                document["forms"] = measure_forms(filled.queues[0])
            case "ingest":
                document["ingest"] = measure_ingest()
            case "index":
                document["index"] = measure_index()
            case "similar":
                document["similar"] = measure_similar(filled)
            case "everything":
                document["everything"] = measure_everything(filled.queues[0])
    return document


if __name__ == "__main__":
    main()
