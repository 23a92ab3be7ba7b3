"""A mail that harms whoever reads it harms only itself: the others of its batch are delivered at once."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from blobs.store import read_bytes
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.reading import read as module
from mailgate.reading.bounces import Judged, judge
from mailgate.reading.child import MODULES, Reading
from mailgate.reading.read import TRIES
from mailgate.tasks import deliver_waiting
from tickets.models import Ticket
from work.child import Child, Limits, NoChild

MB = 1024 * 1024
HOSTILE = {
    "too long": "It takes more than 1 s.",
    "too much": "It needs more than 300 MB.",
    "the end": "Its process ended with SIGSEGV.",
    "an error": "ValueError: no",
}


@pytest.fixture
def _reads_hostile_mails(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    child = Child(modules=MODULES, limits=Limits(cpu_seconds=1, memory_bytes=300 * MB))
    monkeypatch.setattr(module, "READER", child)
    monkeypatch.setattr(module, "READ", "tests.mailgate.reading.hostile:read_raw")
    monkeypatch.setattr(module, "READ_AS_REPORT", "tests.mailgate.reading.hostile:read_as_report")
    yield
    child.stop()


def taken_in(*subjects: str, way: str = InboundMessage.Way.PIPE) -> list[InboundMessage]:
    """What the listener takes in has no sender, as a report."""
    head = "From: k@post.example\r\nSubject: {subject}\r\nMessage-ID: <{n}@x.example>\r\n\r\nHoi\r\n"
    mails = [head.format(n=n, subject=subject).encode() for n, subject in enumerate(subjects)]
    return take_in_many([Arrival(raw=raw, way=way) for raw in mails], lease=uuid4())


def states() -> list[str]:
    return list(InboundMessage.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("_reads_hostile_mails")
@pytest.mark.parametrize("what", HOSTILE)
def test_it_waits_with_the_reason_and_keeps_no_other_out(what: str) -> None:
    rows = taken_in("een", what, "drie")
    deliver(rows)
    assert states() == ["delivered", "queued", "delivered"]
    assert InboundMessage.objects.get(pk=rows[1].pk).last_error == HOSTILE[what]
    assert sorted(ticket.title for ticket in Ticket.objects.all()) == ["drie", "een"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_reads_hostile_mails")
def test_what_can_not_be_read_as_a_report_waits_as_well() -> None:
    deliver(taken_in("een", "too long", "drie", way=InboundMessage.Way.LISTENER))
    assert states() == ["delivered", "queued", "delivered"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_reads_hostile_mails")
def test_the_fourth_attempt_is_quarantined_with_its_bytes_and_the_reason() -> None:
    taken_in("an error")
    InboundMessage.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    for attempts in (2, 3, 4):
        InboundMessage.objects.update(not_before=timezone.now())
        deliver_waiting()
        row = InboundMessage.objects.get()
        assert row.attempts == attempts
    assert (row.state, row.last_error) == (InboundMessage.QUARANTINED, "ValueError: no")
    assert b"Subject: an error" in read_bytes(row.raw_id)


@pytest.mark.django_db
@pytest.mark.usefixtures("_reads_hostile_mails")
def test_one_whose_reading_is_killed_from_outside_is_tried_until_it_succeeds() -> None:
    """As by the kernel, which needs the memory: that is no fault of the mail, and no reason to give it up."""
    (_first, killed) = taken_in("een", "killed")
    InboundMessage.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    for _time in range(TRIES + 2):
        InboundMessage.objects.update(not_before=timezone.now())
        deliver_waiting()
    assert states() == ["delivered", "queued"]
    killed.refresh_from_db()
    assert (killed.attempts > TRIES, killed.last_error) == (True, "")


@pytest.mark.django_db
def test_an_error_of_ours_about_one_mail_keeps_no_other_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def judge_or_fail(reading: Reading, *, row: InboundMessage) -> Judged:
        if reading.parsed.subject == "twee":
            raise ValueError("ours")
        return judge(reading, row=row)

    monkeypatch.setattr(module, "judge", judge_or_fail)
    deliver(taken_in("een", "twee", "drie"))
    assert states() == ["delivered", "queued", "delivered"]
    assert InboundMessage.objects.get(state="queued").last_error == "ValueError: ours"


@pytest.mark.django_db
def test_where_no_child_can_be_had_the_mails_wait_and_have_not_been_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "READ", "mailgate.reading.child:of_another_version")
    rows = taken_in("een", "twee")
    with pytest.raises(NoChild):
        deliver(rows)
    waiting = InboundMessage.objects.values_list("state", "attempts", "last_error")
    assert list(waiting) == [("queued", 0, "")] * 2


@pytest.mark.django_db
def test_a_mail_of_50_mb_can_be_read() -> None:
    head = (
        b"From: k@post.example\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    line = b"/" * 76 + b"\r\n"
    raw = head + line * ((50 * MB - len(head)) // len(line))
    rows = take_in_many([Arrival(raw=raw, way=InboundMessage.Way.PIPE)], lease=uuid4())
    (mail,) = module.read_mails(rows)
    assert len(mail.parsed.attachments[0].data) > 36 * MB
