"""Pages as a browser asks for them: over HTTP, keep-alive, of one gunicorn worker."""

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.fill import Filled
from kvv.embedded.ports import free_port

WARM, MEASURED = 5, 40
SLOW_MS, SECONDS, LEAST = 300, 15, 10
START_SECONDS = 30
ROW = b'class="c-nr"'
"""What each ticket of a list has once."""


@dataclass(frozen=True, slots=True)
class Page:
    """An address, and whether it is asked for as htmx does: a dialog alone, a part without its page.

    `by_agent_of_two`: asked for by who sees two queues, not all of them; `by_visitor`: by nobody signed in;
    `status` is what it answers.
    """

    address: str
    is_dialog: bool = False
    by_agent_of_two: bool = False
    by_visitor: bool = False
    status: int = 200

    @property
    def headers(self) -> dict[str, str]:
        """What the request says of it."""
        return {"HX-Request": "true"} if self.is_dialog else {}


class Agents:
    """The agent who sees all queues and the one of two, both signed in; and a visitor."""

    def __init__(self, filled: Filled) -> None:
        self._visitor = Client()
        self._clients = {False: Client(), True: Client()}
        self._clients[False].force_login(filled.agent)
        self._clients[True].force_login(filled.agent_of_two)

    def session(self, page: Page) -> str:
        """The session of whoever asks for it; a visitor has none."""
        cookie = self._client(page).cookies.get("sessionid")
        return cookie.value if cookie is not None else ""

    def content(self, page: Page) -> bytes:
        """What it answers, in this process."""
        return self._client(page).get(page.address, headers=page.headers, HTTP_HOST="127.0.0.1").content

    def queries(self, page: Page) -> int:
        """How many statements it takes."""
        self.content(page)
        with CaptureQueriesContext(connection) as queries:
            self.content(page)
        return len(queries)

    def _client(self, page: Page) -> Client:
        return self._visitor if page.by_visitor else self._clients[page.by_agent_of_two]


@dataclass(frozen=True, slots=True)
class Server:
    """A running gunicorn and a line to it."""

    pid: int
    line: http.client.HTTPConnection

    def times(self, page: Page, session: str) -> dict[str, object]:
        """Median and 95th percentile in ms of 40 requests after 5; of a slow page as many as 15 s allow, and
        ten at least."""
        first = self._once(page, session)
        for _n in range(WARM - 1 if first < SLOW_MS else 1):
            self._once(page, session)
        taken: list[float] = []
        until = time.monotonic() + SECONDS
        while len(taken) < MEASURED and (len(taken) < LEAST or time.monotonic() < until):
            taken.append(self._once(page, session))
        return {
            "median_ms": round(statistics.median(taken), 1),
            "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1),
        }

    def memory(self) -> int:
        """The worker's resident memory in MB: the largest child of the server."""
        children = subprocess.run(
            ["ps", "-o", "rss=", "--ppid", str(self.pid)], capture_output=True, text=True, check=True
        )
        return max((int(size) for size in children.stdout.split()), default=0) // 1024

    def _once(self, page: Page, session: str) -> float:
        headers = page.headers | {"Cookie": f"sessionid={session}", "Host": "127.0.0.1"}
        began = time.perf_counter()
        self.line.request("GET", page.address, headers=headers)
        answer = self.line.getresponse()
        answer.read()
        taken = (time.perf_counter() - began) * 1000
        if answer.status != page.status:
            raise SystemExit(f"{page.address} gave {answer.status}")
        return taken


@contextmanager
def serving() -> Iterator[Server]:
    """Start the server, and stop it."""
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
        yield Server(server.pid, _connected(port))
    finally:
        server.terminate()
        server.wait()


def _connected(port: int) -> http.client.HTTPConnection:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with suppress(OSError):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            line.connect()
            return line
        time.sleep(0.1)
    raise SystemExit("gunicorn did not start")
