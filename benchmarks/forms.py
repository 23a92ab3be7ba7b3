"""How long a question form takes, of one gunicorn worker: its page, a question with and without a file."""

import http.client
import statistics
import threading
import time
import uuid
from datetime import timedelta
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks.web import Page, Server, serving
from queues.models import Queue
from webforms.identity import Identity, identity_of
from webforms.models import Category, FormField, FormVersion
from webforms.spec import Kind, Meaning
from webforms.versions import publish

WARM, MEASURED = 3, 40
TOGETHER, EACH = 4, 60
MOST = 32_000
FIELDS = (
    ("naam", Kind.SHORT, Meaning.FIRST_NAME),
    ("groep", Kind.SHORT, Meaning.ORGANISATION),
    ("mail", Kind.EMAIL, Meaning.ADDRESS),
    ("onderwerp", Kind.SHORT, Meaning.SUBJECT),
    ("vraag", Kind.LONG, Meaning.QUESTION),
    ("aantal", Kind.NUMBER, Meaning.NOTHING),
    ("dag", Kind.DATE, Meaning.NOTHING),
    ("bijlage", Kind.FILE, Meaning.NOTHING),
)
_count = count(1)


def measure_forms(queue: Queue) -> dict[str, object]:
    """Medians and 95th percentiles in ms, statements, and how many questions a second four at once send."""
    version = _form(queue)
    path = reverse("webforms:form", args=[version.category.slug])
    queries = {"page_queries": _queries(path, b""), "sent_queries": _queries(path, _body(version))}
    with serving() as server:
        return {
            **queries,
            "page": server.times(Page(path), ""),
            "sent": _times(server.line, path, version),
            "sent_with_1_mb": _times(server.line, path, version, file=b"x" * 2**20),
            "a_second": _rate(server, path, version),
        }


def _form(queue: Queue) -> FormVersion:
    limits = {"per_hour": MOST, "address_per_hour": MOST, "network_per_hour": MOST}
    category = Category.objects.create(name_nl="Verzekeringen", slug="verzekeringen", queue=queue, **limits)
    for position, (key, kind, meaning) in enumerate(FIELDS):
        FormField.objects.create(
            category=category, key=key, name_nl=key.title(), kind=kind, meaning=meaning, position=position
        )
    version = publish(category)
    if version is None:
        raise SystemExit("a form without a version")
    return version


def _body(version: FormVersion, *, file: bytes = b"") -> bytes:
    """A form that is in order, by somebody new, opened a minute ago."""
    identity: Identity = identity_of(version, now=timezone.now() - timedelta(minutes=1))
    values: dict[str, object] = {
        "token": identity.signed,
        "f_naam": "Femke",
        "f_groep": "De Zwervers",
        "f_mail": f"femke{next(_count)}@thuis.example",
        "f_onderwerp": "Gastlid op kamp",
        "f_vraag": "Is een gastlid tijdens een kamp verzekerd? En wat moeten we daarvoor doen?\n" * 10,
        "f_aantal": "12",
        "f_dag": "2026-12-31",
    }
    if file:
        values["f_bijlage"] = SimpleUploadedFile("lijst.bin", uuid.uuid4().bytes + file)
    return encode_multipart(BOUNDARY, values)


def _queries(path: str, body: bytes) -> int:
    client = Client()

    def ask() -> None:
        if body:
            client.generic("POST", path, body, content_type=MULTIPART_CONTENT, HTTP_HOST="127.0.0.1")
        else:
            client.get(path, HTTP_HOST="127.0.0.1")

    with CaptureQueriesContext(connection) as queries:
        ask()
    return len(queries)


def _times(
    line: http.client.HTTPConnection, path: str, version: FormVersion, *, file: bytes = b""
) -> dict[str, object]:
    taken = [_send(line, path, _body(version, file=file)) for _n in range(WARM + MEASURED)][WARM:]
    return {
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1),
    }


def _send(line: http.client.HTTPConnection, path: str, body: bytes) -> float:
    headers = {"Host": "127.0.0.1", "Content-Type": MULTIPART_CONTENT}
    began = time.perf_counter()
    line.request("POST", path, body, headers)
    answer = line.getresponse()
    answer.read()
    taken = (time.perf_counter() - began) * 1000
    if answer.status != 302:
        raise SystemExit(f"{path} gave {answer.status}")
    return taken


def _rate(server: Server, path: str, version: FormVersion) -> float:
    """Questions a second without a file, of several browsers at once."""
    bodies = [[_body(version) for _n in range(EACH)] for _browser in range(TOGETHER)]

    def browse(mine: list[bytes]) -> None:
        line = http.client.HTTPConnection(server.line.host, server.line.port, timeout=30)
        for body in mine:
            _send(line, path, body)
        line.close()

    browsers = [threading.Thread(target=browse, args=[mine]) for mine in bodies]
    began = time.perf_counter()
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    return round(TOGETHER * EACH / (time.perf_counter() - began), 1)
