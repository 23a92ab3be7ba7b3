"""How long a page takes: over HTTP, keep-alive, one gunicorn worker, 40 requests after 5; and its queries."""

import http.client
import os
import statistics
import subprocess
import sys
import time
from contextlib import suppress

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.fill import Filled
from kvv.embedded.ports import free_port
from tickets.models import Ticket

WARM, MEASURED = 5, 40
START_SECONDS = 30


def measure_pages(filled: Filled) -> tuple[dict[str, dict[str, object]], int]:
    """Median and 95th percentile in ms, and queries of the whole request, of each page; the worker's MB."""
    client = Client()
    client.force_login(filled.agent)
    session = client.cookies["sessionid"].value
    ticket = Ticket.objects.filter(state_type="open", locked=False).order_by("-pk")[0]
    pages = {
        "queue_overview": reverse("desk:queues"),
        "status_open": reverse("desk:status", args=["open"]),
        "status_closed": reverse("desk:status", args=["gesloten"]),
        "zoom": reverse("desk:zoom", args=[ticket.number]),
        "reply_form": reverse("desk:reply", args=[ticket.number]),
    }
    queries = {name: _queries(client, address) for name, address in pages.items()}
    connection.close()
    port = free_port()
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "kvv.wsgi",
            "--worker-class=gthread",
            "--workers=1",
            "--threads=4",
            f"--bind=127.0.0.1:{port}",
            "--log-level=error",
        ],
        env=os.environ | {"KVV_BASE_URL": f"http://127.0.0.1:{port}"},
    )
    try:
        line = _connected(port)
        figures = {name: _times(line, address, session) for name, address in pages.items()}
        memory = _memory(server.pid)
    finally:
        server.terminate()
        server.wait()
    rows = {"queue_overview": {"rows": _rows(client, pages["queue_overview"])}}
    shown: dict[str, dict[str, object]] = {
        name: {**figures[name], "queries": queries[name], **rows.get(name, {})} for name in pages
    }
    return shown, memory


def _connected(port: int) -> http.client.HTTPConnection:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with suppress(OSError):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            line.connect()
            return line
        time.sleep(0.1)
    raise SystemExit("gunicorn did not start")


def _times(line: http.client.HTTPConnection, address: str, session: str) -> dict[str, object]:
    taken = [_once(line, address, session) for _ in range(WARM + MEASURED)][WARM:]
    return {
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1),
    }


def _once(line: http.client.HTTPConnection, address: str, session: str) -> float:
    began = time.perf_counter()
    line.request("GET", address, headers={"Cookie": f"sessionid={session}", "Host": "127.0.0.1"})
    answer = line.getresponse()
    answer.read()
    taken = (time.perf_counter() - began) * 1000
    if answer.status != 200:
        raise SystemExit(f"{address} gave {answer.status}")
    return taken


def _queries(client: Client, address: str) -> int:
    client.get(address, HTTP_HOST="127.0.0.1")
    with CaptureQueriesContext(connection) as queries:
        client.get(address, HTTP_HOST="127.0.0.1")
    return len(queries)


def _rows(client: Client, address: str) -> int:
    return client.get(address, HTTP_HOST="127.0.0.1").content.count(b'class="c-nr"')


def _memory(pid: int) -> int:
    """The worker's resident memory in MB: the largest child of the server."""
    children = subprocess.run(
        ["ps", "-o", "rss=", "--ppid", str(pid)], capture_output=True, text=True, check=True
    )
    return max((int(size) for size in children.stdout.split()), default=0) // 1024
