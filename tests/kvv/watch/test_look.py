"""What is wrong is seen, and nothing else: the edges of each kind of trouble."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agent
from kvv.watch.disk import Space, space_of
from kvv.watch.kinds import KINDS, kind_named
from kvv.watch.limits import values_at
from kvv.watch.look import SQL, look
from mailgate.models import Canary, InboundMessage, Mailbox
from outbox.models import OutboundMessage
from outbox.send import send_due
from queues.models import Queue
from search.models import Export
from tests.factories import make_inbound, make_ticket
from tests.kvv.test_settings import BASE
from tests.kvv.watch.situations import (
    MINUTE,
    failing_mailbox,
    failing_transport,
    make_mailbox,
    make_transport,
    waiting_mail,
)
from tests.search.exported import asked_for
from tests.tickets.bulks import asked
from tickets.bulk_work import work_off
from tickets.kinds import AUTORESPONSE
from tickets.models import Bulk, BulkTicket, EventTask, Ticket
from work.models import Heartbeat

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
PARTIAL = {
    "inbound_due",
    "inbound_quarantine",
    "outbound_due",
    "outbound_not_left",
    "ticket_undelivered",
}
BIG = ("mailgate_inboundmessage", "outbox_outboundmessage", "tickets_ticket")
BY_ID = {name for table in BIG for name in (table, f"{table}_pkey")}
"""Rows that a partial index has found, or one that has their ticket or their mail."""


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def seen(now: datetime) -> list[str]:
    return [trouble.kind.name for trouble in look(now=now)]


def test_nothing_wrong_is_one_statement_and_no_word(now: datetime) -> None:
    make_mailbox(last_success=now)
    make_transport(last_success=now)
    waiting_mail()
    Heartbeat.objects.bulk_create([Heartbeat(pk=1, at=now), Heartbeat(pk=2, at=now)])
    with CaptureQueriesContext(connection) as asked:
        assert seen(now) == []
    assert len(asked) == 1


@pytest.mark.parametrize(("interval", "wrong_after"), [(60, 180), (600, 1800), (5, 60)])
def test_a_failing_mailbox_is_seen_after_three_intervals_and_a_minute_at_least(
    now: datetime, interval: int, wrong_after: int
) -> None:
    last = now - timedelta(seconds=wrong_after)
    box = make_mailbox(interval_seconds=interval, last_success=last, failing_since=last + SECOND)
    (trouble,) = look(now=now)
    assert (trouble.kind.name, trouble.key, trouble.name, trouble.since) == (
        "mailbox",
        str(box.pk),
        box.name,
        last + SECOND,
    )
    assert seen(now - SECOND) == []


def test_a_mailbox_that_never_worked_counts_from_its_first_failure(now: datetime) -> None:
    make_mailbox(failing_since=now - 3 * MINUTE)
    assert seen(now) == ["mailbox"]
    assert seen(now - SECOND) == []


def test_a_mailbox_that_nobody_comes_to_fetch_is_seen_unless_somebody_is_at_it(now: datetime) -> None:
    make_mailbox(last_success=now - 9 * MINUTE, next_poll=now - 8 * MINUTE)
    assert seen(now) == ["mailbox"]
    Mailbox.objects.update(leased_until=now + SECOND)
    assert seen(now) == []


def test_a_mailbox_that_is_switched_off_is_nobodys_trouble(now: datetime) -> None:
    failing_mailbox(now=now, is_active=False)
    assert seen(now) == []


def test_a_failing_transport_is_seen_after_three_minutes_and_only_while_mail_waits(now: datetime) -> None:
    failing_transport(now=now, minutes=3)
    assert seen(now) == []
    waiting_mail()
    assert seen(now) == ["transport"]
    assert seen(now - SECOND) == []
    OutboundMessage.objects.update(state=OutboundMessage.SENT)
    assert seen(now) == []


def test_mail_that_waits_for_another_transport_does_not_speak_of_the_failing_one(now: datetime) -> None:
    failing_transport(now=now)
    other = make_transport("andere")
    mail = waiting_mail(transport=other)
    assert seen(now) == []
    OutboundMessage.objects.filter(pk=mail.pk).update(transport=None)
    assert seen(now) == ["transport"]


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_mail_that_nobody_can_send_is_seen_once_it_was_tried(now: datetime) -> None:
    waiting_mail(created=now - 4 * MINUTE)
    assert seen(now) == []
    send_due()
    assert seen(now) == ["no-transport"]
    make_transport()
    assert seen(now) == []


def test_a_silent_worker_or_beat_is_seen_after_two_minutes_and_one_that_never_spoke_is_not(
    now: datetime,
) -> None:
    assert seen(now) == []
    Heartbeat.objects.bulk_create([Heartbeat(pk=1, at=now), Heartbeat(pk=2, at=now - 2 * MINUTE)])
    assert seen(now) == ["beat"]
    assert seen(now - SECOND) == []
    Heartbeat.objects.filter(pk=1).update(at=now - 2 * MINUTE)
    assert seen(now) == ["worker"]


def test_mail_that_is_no_ticket_after_ten_minutes_is_seen_since_the_first_of_it(now: datetime) -> None:
    for minutes in (12, 10, 9):
        InboundMessage.objects.filter(pk=make_inbound().pk).update(received=now - minutes * MINUTE)
    InboundMessage.objects.filter(received=now - 10 * MINUTE).update(state=InboundMessage.CLAIMED)
    (trouble,) = look(now=now)
    assert (trouble.kind.name, trouble.n, trouble.since) == ("undelivered", 2, now - 12 * MINUTE)
    assert seen(now - 3 * MINUTE) == []
    InboundMessage.objects.update(state=InboundMessage.DELIVERED)
    assert seen(now) == []


def test_mail_that_waits_for_a_worker_which_is_gone_says_nothing_new(now: datetime) -> None:
    InboundMessage.objects.filter(pk=make_inbound().pk).update(received=now - 10 * MINUTE)
    Heartbeat.objects.bulk_create([Heartbeat(pk=1, at=now - 2 * MINUTE)])
    assert seen(now) == ["worker"]
    Heartbeat.objects.update(at=now)
    assert seen(now) == ["undelivered"]


def test_no_look_reads_mail_that_is_done(now: datetime) -> None:
    """What still wants something is in partial indexes; the archive is in none of them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {SQL}", values_at(now))
        plan = "\n".join(str(row[0]) for row in cursor.fetchall())
    theirs = "|".join(("inbound_", "outbound_", "ticket_", *BIG))
    read = set(re.findall(rf"(?:using|Scan on) ((?:{theirs})\w*)", plan))
    assert read - BY_ID == PARTIAL
    assert not re.search(rf"Seq Scan on (?:{theirs})", plan)


def test_mail_in_quarantine_and_mail_that_got_stuck_are_counted(now: datetime) -> None:
    make_inbound()
    make_inbound()
    InboundMessage.objects.update(state=InboundMessage.QUARANTINED)
    waiting_mail("een", state=OutboundMessage.DOUBTFUL)
    waiting_mail("twee", state=OutboundMessage.FAILED)
    waiting_mail("drie", state=OutboundMessage.REFUSED)
    waiting_mail("vier", state=OutboundMessage.REFUSED, created=now - timedelta(days=31))
    assert [(trouble.kind.name, trouble.n) for trouble in look(now=now)] == [("stuck", 3), ("quarantine", 2)]


def test_tickets_of_bulk_actions_that_failed_or_wait_too_long_are_counted(
    now: datetime, queue: Queue, owner: Agent
) -> None:
    bulk = asked(owner, [make_ticket(queue) for _n in range(3)], lock=True)
    Bulk.objects.update(asked=now - 10 * MINUTE + SECOND)
    assert seen(now) == []
    Bulk.objects.update(asked=now - 10 * MINUTE)
    (trouble,) = look(now=now)
    assert (trouble.kind.name, trouble.n, trouble.since) == ("bulk", 3, now - 10 * MINUTE)
    work_off()
    failed = bulk.rows.earliest("pk")
    BulkTicket.objects.filter(pk=failed.pk).update(state=BulkTicket.FAILED)
    assert [trouble.n for trouble in look(now=now)] == [1]


def test_files_that_could_not_be_made_or_wait_too_long_are_counted(
    now: datetime, queue: Queue, owner: Agent
) -> None:
    """Not one that is being made, however long that takes, nor one whose worker is the trouble."""
    broken, waits = asked_for(owner), asked_for(owner)
    Export.objects.filter(pk=broken.pk).update(state=Export.FAILED, asked=now - MINUTE)
    Export.objects.filter(pk=waits.pk).update(asked=now - 30 * MINUTE, not_before=now - 30 * MINUTE + SECOND)
    (trouble,) = look(now=now)
    assert (trouble.kind.name, trouble.n, trouble.since) == ("export", 1, now - MINUTE)
    Export.objects.filter(pk=waits.pk).update(not_before=now - 30 * MINUTE)
    assert [trouble.n for trouble in look(now=now)] == [2]
    Export.objects.filter(pk=waits.pk).update(state=Export.CLAIMED, leased_until=now + SECOND)
    assert [trouble.n for trouble in look(now=now)] == [1]
    Export.objects.update(state=Export.QUEUED, leased_until=None, not_before=now - 30 * MINUTE)
    Heartbeat.objects.create(pk=1, at=now - 3 * MINUTE)
    assert seen(now) == ["worker"]


def test_what_waits_for_a_dead_worker_is_that_workers_trouble(
    now: datetime, ticket: Ticket, owner: Agent
) -> None:
    asked(owner, [ticket], lock=True)
    Bulk.objects.update(asked=now - 10 * MINUTE)
    Heartbeat.objects.create(pk=1, at=now - 3 * MINUTE)
    assert seen(now) == ["worker"]


def test_reactions_that_failed_are_counted_since_their_first_event(now: datetime, queue: Queue) -> None:
    tickets = [make_ticket(queue) for _n in range(3)]
    for ticket in tickets[:2]:
        asked_for = EventTask.objects.filter(event__ticket=ticket, consumer=AUTORESPONSE)
        asked_for.update(state=EventTask.FAILED)
    (trouble,) = look(now=now)
    assert (trouble.kind.name, trouble.n, trouble.since) == ("reaction", 2, tickets[0].created)


def test_a_test_mail_that_is_out_for_an_hour_is_seen_until_a_later_one_arrives(now: datetime) -> None:
    box, way = make_mailbox(last_success=now), make_transport()
    late = now - timedelta(hours=1)
    canary = Canary.objects.create(mailbox=box, transport=way, day=late.date(), token="a", sent=late)
    assert seen(now) == ["canary"]
    assert seen(now - SECOND) == []
    Canary.objects.create(
        mailbox=box, transport=way, day=late.date() + timedelta(1), token="b", sent=now, arrived=now
    )
    assert seen(now) == []
    Canary.objects.filter(token="b").delete()
    canary.arrived = now
    canary.save()
    assert seen(now) == []


def test_each_kind_selects_rows_of_its_own_name() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert [kind.name for kind in KINDS if kind.sql and f"SELECT '{kind.name}'," not in kind.sql] == []
    assert all(kind_named(kind.name) is kind for kind in KINDS)


def test_what_was_seen_outlives_a_cache(now: datetime) -> None:
    failing_mailbox(now=now)
    caches["local"].set("seen", look(now=now))
    assert caches["local"].get("seen") == look(now=now) != []


def test_the_disk_is_nearly_full_below_a_twentieth_unless_that_is_plenty() -> None:
    gigabyte = 2**30
    assert Space(folder=BASE, free=4 * gigabyte, total=100 * gigabyte).is_nearly_full
    assert not Space(folder=BASE, free=5 * gigabyte, total=100 * gigabyte).is_nearly_full
    assert not Space(folder=BASE, free=20 * gigabyte, total=1000 * gigabyte).is_nearly_full
    assert space_of(BASE) is not None
    assert space_of(BASE / "is not there") is None
