"""How long a page takes: over HTTP, keep-alive, one gunicorn worker, 40 requests after 5; and its queries."""

import http.client
import os
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Customer, CustomerAddress, Organisation
from benchmarks.fill import NEVER, OFTEN, SELDOM, Filled
from desk.lists.place import Place
from desk.screens.registry import SCREENS
from desk.writing.screen import TICKET
from desk.writing.typed import SEEN
from kvv.embedded.ports import free_port
from queues.access import rights_of
from tickets.actor import Actor
from tickets.kinds import EventKind
from tickets.models import Event, Ticket
from tickets.queries.counted import my_counters
from tickets.queries.newer import SCANNED_MOST
from tickets.queries.zoom import newest_event

WARM, MEASURED = 5, 40
START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Page:
    """An address, and whether it is asked for as htmx does: a dialog alone, a part without its page.

    `by_agent_of_two`: asked for by who sees two queues, not all of them; `status` is what it answers.
    """

    address: str
    is_dialog: bool = False
    by_agent_of_two: bool = False
    status: int = 200

    @property
    def headers(self) -> dict[str, str]:
        """What the request says of it."""
        return {"HX-Request": "true"} if self.is_dialog else {}


def measure_pages(filled: Filled) -> tuple[dict[str, dict[str, object]], int]:
    """Median and 95th percentile in ms, and queries of the whole request, of each page; the worker's MB."""
    clients = {False: Client(), True: Client()}
    clients[False].force_login(filled.agent)
    clients[True].force_login(filled.agent_of_two)
    sessions = {of_two: client.cookies["sessionid"].value for of_two, client in clients.items()}
    ticket = Ticket.objects.filter(state_type="open", locked=False).order_by("-pk")[0]
    pages = {
        "dashboard": Page(reverse("desk:home")),
        "dashboard_beside": Page(reverse("desk:dashboard_beside"), is_dialog=True),
        "queue_overview": Page(reverse("desk:queues")),
        "status_open": Page(reverse("desk:status", args=["open"])),
        "status_closed": Page(reverse("desk:status", args=["gesloten"])),
        "escalation": Page(reverse("desk:escalation")),
        "my_asked": Page(reverse("desk:my_asked")),
        "counters": Page(reverse("desk:pulse")),
        "zoom": Page(reverse("desk:zoom", args=[ticket.number])),
        "print": Page(reverse("desk:paper", args=[ticket.number])),
        "new_phone_page": Page(reverse("desk:new_phone")),
        "new_phone_dialog": Page(reverse("desk:new_phone"), is_dialog=True),
        "new_email_dialog": Page(reverse("desk:new_email"), is_dialog=True),
        "search": Page(f"{reverse('desk:search')}?state_type=open"),
        "search_counts": Page(f"{reverse('desk:search_counts')}?state_type=open", is_dialog=True),
        "search_typed_number": Page(f"{reverse('desk:complete_search')}?q={ticket.number[:8]}"),
        "search_typed_name": Page(f"{reverse('desk:complete_search')}?q={OFTEN}"),
        "who": Page(f"{reverse('desk:who')}?{urlencode({'customer': _an_address()})}"),
    }
    seen = newest_event(ticket).event
    for screen in (screen for screen in SCREENS.values() if screen.at == TICKET):
        address = reverse(screen.address, args=[ticket.number])
        pages[f"{screen.name}_dialog"] = Page(f"{address}?{SEEN}={seen}", is_dialog=True)
        pages[f"{screen.name}_page"] = Page(address)
    pages |= _of_customers() | _pulses(ticket, actor=Actor.of(filled.agent, rights_of(filled.agent)))
    queries = {name: _queries(clients[page.by_agent_of_two], page) for name, page in pages.items()}
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
        figures = {name: _times(line, page, sessions[page.by_agent_of_two]) for name, page in pages.items()}
        memory = _memory(server.pid)
    finally:
        server.terminate()
        server.wait()
    rows = {"queue_overview": {"rows": _rows(clients[False], pages["queue_overview"])}}
    shown: dict[str, dict[str, object]] = {
        name: {**figures[name], "queries": queries[name], **rows.get(name, {})} for name in pages
    }
    return shown, memory


def _pulses(ticket: Ticket, *, actor: Actor) -> dict[str, Page]:
    """What a page asks by itself, of a ticket and of a list.

    `long_ago`: of a page that tells of nothing of as many events as are looked at at once.
    """
    some = Ticket.objects.order_by("pk")[:SCANNED_MOST]
    told_of = [Event(ticket=one, kind=EventKind.FOLLOW_UP, actor_kind=Event.ActorKind.MAIL) for one in some]
    Event.objects.bulk_create(told_of)
    counters = my_counters(actor)
    place = Place(reverse("desk:my_asked"), {}).token
    address, told = reverse("desk:pulse"), {"counters": counters.token, "since": counters.newest_event}
    long_ago = told | {"since": max(1, counters.newest_event - SCANNED_MOST + 1), "from": place}
    return {
        "pulse_ticket": Page(f"{address}?{urlencode(told | {'ticket': ticket.number})}", status=204),
        "pulse_list": Page(f"{address}?{urlencode(told | {'from': place})}", status=204),
        "pulse_list_long_ago": Page(f"{address}?{urlencode(long_ago)}", status=204),
    }


def _an_address() -> str:
    """Of a customer who has tickets."""
    return CustomerAddress.objects.order_by("pk")[1].address


def _of_customers() -> dict[str, Page]:
    """The list, the search and the completion, for a name of many, of some and of nobody, for two agents."""
    customer = Customer.objects.order_by("pk")[1]
    organisation = Organisation.objects.order_by("pk")[0]
    pages = {
        "customer": Page(reverse("desk:customer_page", args=[customer.pk])),
        "organisation": Page(reverse("desk:organisation_page", args=[organisation.pk])),
    }
    for of_two in (False, True):
        end = "_of_two" if of_two else ""
        pages[f"customers{end}"] = Page(reverse("desk:customers"), by_agent_of_two=of_two)
        for often, name in (("many", OFTEN), ("some", SELDOM), ("none", NEVER)):
            for what, route in (("customers", "desk:customers"), ("completion", "desk:complete")):
                address = f"{reverse(route)}?q={name}"
                pages[f"{what}_{often}{end}"] = Page(address, by_agent_of_two=of_two)
    return pages


def _connected(port: int) -> http.client.HTTPConnection:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with suppress(OSError):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            line.connect()
            return line
        time.sleep(0.1)
    raise SystemExit("gunicorn did not start")


def _times(line: http.client.HTTPConnection, page: Page, session: str) -> dict[str, object]:
    taken = [_once(line, page, session) for _ in range(WARM + MEASURED)][WARM:]
    return {
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1),
    }


def _once(line: http.client.HTTPConnection, page: Page, session: str) -> float:
    headers = page.headers | {"Cookie": f"sessionid={session}", "Host": "127.0.0.1"}
    began = time.perf_counter()
    line.request("GET", page.address, headers=headers)
    answer = line.getresponse()
    answer.read()
    taken = (time.perf_counter() - began) * 1000
    if answer.status != page.status:
        raise SystemExit(f"{page.address} gave {answer.status}")
    return taken


def _queries(client: Client, page: Page) -> int:
    client.get(page.address, headers=page.headers, HTTP_HOST="127.0.0.1")
    with CaptureQueriesContext(connection) as queries:
        client.get(page.address, headers=page.headers, HTTP_HOST="127.0.0.1")
    return len(queries)


def _rows(client: Client, page: Page) -> int:
    return client.get(page.address, HTTP_HOST="127.0.0.1").content.count(b'class="c-nr"')


def _memory(pid: int) -> int:
    """The worker's resident memory in MB: the largest child of the server."""
    children = subprocess.run(
        ["ps", "-o", "rss=", "--ppid", str(pid)], capture_output=True, text=True, check=True
    )
    return max((int(size) for size in children.stdout.split()), default=0) // 1024
