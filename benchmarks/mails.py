"""The mails of the benchmark, and the two ways in which they are kept before they are delivered."""

import uuid
from collections.abc import Callable, Sequence
from typing import Protocol

from django.conf import settings
from django.utils import timezone

from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in, take_in_many
from mailgate.models import InboundMessage
from mailgate.tasks import autoresponse
from work.claim import claim

BATCH = 20
TEXT = (
    "Beste team,\r\n\r\n"
    + "Dit is een demozin van een vraag zoals die vaak voorkomt.\r\n" * 20
    + "\r\nGroet\r\n"
)
HTML = (
    "<html><body>"
    + "<p style='color:#333'>Een <b>demozin</b> met <a href='https://x.example/'>een link</a>.</p>" * 110
)

Keep = Callable[[Sequence[bytes]], None]


class Way(Protocol):
    """What is done with the mails, and how they are kept first."""

    def __call__(self, mails: Sequence[bytes], *, keep: Keep) -> None: ...


def through(mails: Sequence[bytes], *, keep: Keep) -> None:
    """Keep the mails, committed, and deliver them, in batches as the worker does."""
    for start in range(0, len(mails), BATCH):
        keep(mails[start : start + BATCH])
        deliver(claim(InboundMessage, limit=BATCH, lease=settings.CLAIM_LEASE, now=timezone.now()))


def through_and_answered(mails: Sequence[bytes], *, keep: Keep) -> None:
    """Deliver the mails, and write the automatic answer to each, up to its committed row in the outbox."""
    through(mails, keep=keep)
    autoresponse()


def as_mailbox(batch: Sequence[bytes]) -> None:
    """Keep mails as those that are fetched from a mailbox: up to 20 raw messages a commit."""
    way = InboundMessage.Way.IMAP
    take_in_many([Arrival(raw=raw, way=way, uid_identity=uuid.uuid4().hex) for raw in batch])


def as_listener(batch: Sequence[bytes]) -> None:
    """Keep mails as those that are handed in by SMTP: a commit for each, before the sender is told."""
    for raw in batch:
        take_in(raw=raw, way=InboundMessage.Way.LISTENER, envelope_to=("bench0@kvv.example",))


def plain(n: int) -> bytes:
    """A plain mail of 1.5 KB."""
    return _head(n) + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT.encode()


def plain_of(n: int, *, message_id: str, answers: str = "") -> bytes:
    """A plain mail of a customer of their own, and of this Message-ID; `answers`: that of an earlier one."""
    more = f"In-Reply-To: <{answers}>\r\n".encode() if answers else b""
    head = _head(n, customer=n, message_id=message_id)
    return head + more + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT.encode()


def html(n: int) -> bytes:
    """A mail with plain text and HTML of 10 KB."""
    parts = (b"text/plain", TEXT), (b"text/html", HTML)
    body = b"".join(
        b"--demo-boundary\r\nContent-Type: %s; charset=utf-8\r\n\r\n%s\r\n" % (kind, text.encode())
        for kind, text in parts
    )
    kind = b'Content-Type: multipart/alternative; boundary="demo-boundary"\r\n\r\n'
    return _head(n) + kind + body + b"--demo-boundary--\r\n"


def _head(n: int, *, customer: int | None = None, message_id: str = "") -> bytes:
    """A mail of one of 500 customers, with a Message-ID of its own, unless it is said of which and which."""
    who = n % 500 if customer is None else customer
    return (
        f"From: Bench {who} <c{who}@bench.example>\r\nTo: bench0@kvv.example\r\n"
        f"Subject: Bench {n}\r\nMessage-ID: <{message_id or f'{uuid.uuid4().hex}@bench.example'}>\r\n"
        "Date: Tue, 24 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
    ).encode()
