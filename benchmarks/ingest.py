"""How many mails a second become tickets: from raw bytes, the raw message committed first, to the commit."""

import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mailgate.deliver import deliver
from mailgate.intake import take_in
from mailgate.models import InboundMessage
from work.claim import claim

WARM, MEASURED, BATCH = 20, 300, 20

TEXT = (
    "Beste team,\r\n\r\n"
    + "Dit is een demozin van een vraag zoals die vaak voorkomt.\r\n" * 20
    + "\r\nGroet\r\n"
)
HTML = (
    "<html><body>"
    + "<p style='color:#333'>Een <b>demozin</b> met <a href='https://x.example/'>een link</a>.</p>" * 110
)


def measure_ingest() -> dict[str, dict[str, float]]:
    """Mails a second and statements a mail, the whole way, for plain and for HTML mail of 10 KB."""
    return {"plain": _measure(_plain), "html": _measure(_html)}


def _measure(make: Callable[[int], bytes]) -> dict[str, float]:
    _through([make(n) for n in range(WARM)])
    mails = [make(n) for n in range(MEASURED)]
    began = time.perf_counter()
    _through(mails)
    taken = time.perf_counter() - began
    with CaptureQueriesContext(connection) as queries:
        _through([make(n) for n in range(BATCH)])
    return {
        "mails_per_s": round(MEASURED / taken, 1),
        "queries_per_mail": round(len(queries) / BATCH, 1),
    }


def _through(mails: list[bytes]) -> None:
    """Keep each mail, committed, as the listener does; then deliver them in batches, as the worker does."""
    for start in range(0, len(mails), BATCH):
        for raw in mails[start : start + BATCH]:
            take_in(
                raw=raw,
                way=InboundMessage.Way.LISTENER,
                envelope_from="c@bench.example",
                envelope_to=("bench0@kvv.example",),
            )
        rows = claim(InboundMessage, limit=BATCH, lease=settings.CLAIM_LEASE, now=timezone.now())
        deliver(rows)


def _plain(n: int) -> bytes:
    return _head(n) + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT.encode()


def _html(n: int) -> bytes:
    boundary = b"demo-boundary"
    return (
        _head(n)
        + b'Content-Type: multipart/alternative; boundary="demo-boundary"\r\n\r\n--'
        + boundary
        + b"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + TEXT.encode()
        + b"--"
        + boundary
        + b"\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        + HTML.encode()
        + b"\r\n--"
        + boundary
        + b"--\r\n"
    )


def _head(n: int) -> bytes:
    """A mail of one of 500 customers, with a Message-ID of its own."""
    return (
        f"From: Bench {n % 500} <c{n % 500}@bench.example>\r\nTo: bench0@kvv.example\r\n"
        f"Subject: Bench {n}\r\nMessage-ID: <{uuid.uuid4().hex}@bench.example>\r\n"
        "Date: Tue, 24 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
    ).encode()
