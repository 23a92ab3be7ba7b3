"""Damaged mails the whole way: kept as the listener does, delivered as the worker does, and looked for."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

from benchmarks.fuzz.one import Finding
from blobs.store import read_bytes
from mailgate.delivery.deliver import deliver
from mailgate.intake import BATCH, Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.parse import UnreadableMail, parse_mail
from work.claim import claim

ENDED = (
    InboundMessage.DELIVERED, InboundMessage.DUPLICATE, InboundMessage.IGNORED, InboundMessage.QUARANTINED,
)  # fmt: skip


def through(mails: Sequence[tuple[int, bytes]]) -> list[Finding]:
    """Keep and deliver them; gives those whose row tells of an error of ours."""
    numbers: dict[int, tuple[int, bytes]] = {}
    for start in range(0, len(mails), BATCH):
        batch = mails[start : start + BATCH]
        rows = take_in_many([_arrival(raw) for _number, raw in batch])
        numbers |= {row.pk: mail for row, mail in zip(rows, batch, strict=True)}
        deliver_due()
    troubled = InboundMessage.objects.filter(pk__in=numbers, state=InboundMessage.QUEUED).exclude(
        last_error=""
    )
    return [
        Finding(number=numbers[row.pk][0], raw=numbers[row.pk][1], why=f"deliver: {row.last_error}")
        for row in troubled
    ]


def deliver_due() -> None:
    """What the drain does, until nothing is due."""
    while rows := claim(InboundMessage, limit=BATCH, lease=settings.CLAIM_LEASE, now=timezone.now()):
        deliver(rows)


def finish() -> None:
    """Deliver what was put back, as if its time had come, until no row waits."""
    waiting = InboundMessage.objects.filter(state=InboundMessage.QUEUED)
    while waiting.update(not_before=timezone.now()):
        deliver_due()


def look_back() -> tuple[dict[str, int], list[dict[str, str]]]:
    """How many rows ended how, and what is wrong with those that did not end as they should."""
    counts: Counter[str] = Counter()
    wrong = []
    for row in InboundMessage.objects.order_by("pk").iterator():
        counts[row.state] += 1
        raw = read_bytes(row.raw_id)
        if sha256(raw).hexdigest() != row.digest:
            wrong.append({"input": f"row {row.pk}", "why": "its bytes are not those that came in"})
        if row.state not in ENDED or (row.state == InboundMessage.DELIVERED) != bool(
            row.action in {"new", "follow-up"}
        ):
            wrong.append({"input": f"row {row.pk}", "why": f"it ended {row.state} {row.action}"})
        if row.state == InboundMessage.QUARANTINED and _is_readable(raw):
            wrong.append({"input": f"row {row.pk}", "why": f"quarantined: {row.last_error}"})
    return dict(counts), wrong


def _is_readable(raw: bytes) -> bool:
    try:
        parse_mail(raw)
    except UnreadableMail:
        return False
    return True


def _arrival(raw: bytes) -> Arrival:
    return Arrival(raw=raw, way=InboundMessage.Way.LISTENER, envelope_to=("fuzz@kvv.example",))
