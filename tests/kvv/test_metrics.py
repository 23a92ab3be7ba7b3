"""What Prometheus reads: only with the token, and the truth of the database."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from kvv.metrics import WAITING_OUT
from mailgate.models import InboundMessage
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.factories import make_inbound, make_queue, make_ticket
from tests.kvv.watch.situations import MINUTE, make_mailbox, waiting_mail
from tickets.tally import fold
from work.models import Heartbeat
from work.times import task_begins, task_ended

pytestmark = pytest.mark.django_db

RUNNING = Path(__file__).parents[2] / "docs/running.md"
TOKEN = "a-token-for-prometheus"
Figures = dict[tuple[str, ...], float]


@pytest.fixture(autouse=True)
def _token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def figures(client: Client) -> Figures:
    """Each figure by its name and the values of its labels, these in the order of their names."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, *(value for _name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_who_brings_no_or_another_token_reads_nothing(client: Client, settings: Settings) -> None:
    for authorization in ("", TOKEN, "Bearer ", f"Bearer {TOKEN}x", "Bearer é", f"Basic {TOKEN}"):
        answer = client.get("/metrics", headers={"Authorization": authorization})
        assert (answer.status_code, answer.content) == (401, b"")
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_an_empty_house_has_its_figures_at_zero(client: Client) -> None:
    metrics = figures(client)
    for name in (
        "kvv_oldest_unfetched_seconds",
        "kvv_oldest_undelivered_seconds",
        "kvv_oldest_unsent_seconds",
    ):
        assert metrics[name,] == 0
    assert metrics["kvv_work_rows", "quarantined", "mailgate.inboundmessage"] == 0
    assert metrics["kvv_work_rows", "failed", "tickets.eventtask"] == 0
    assert metrics["kvv_troubles", "mailbox"] == 0


def test_the_oldest_of_each_kind_is_told_in_seconds(client: Client) -> None:
    now = timezone.now()
    make_mailbox("due", last_success=now - 10 * MINUTE, next_poll=now - 9 * MINUTE)
    make_mailbox("not due", last_success=now - 20 * MINUTE, next_poll=now + MINUTE)
    for minutes in (7, 3):
        row = make_inbound()
        InboundMessage.objects.filter(pk=row.pk).update(received=now - minutes * MINUTE)
    delivered = make_inbound()
    InboundMessage.objects.filter(pk=delivered.pk).update(received=now - timedelta(1), state="delivered")
    waiting_mail("een", created=now - 5 * MINUTE)
    waiting_mail("twee", created=now - timedelta(1), state=OutboundMessage.SENT)
    metrics = figures(client)
    assert metrics["kvv_oldest_unfetched_seconds",] == pytest.approx(600, abs=30)
    assert metrics["kvv_mailbox_last_success_seconds", "not due"] == pytest.approx(1200, abs=30)
    assert metrics["kvv_oldest_undelivered_seconds",] == pytest.approx(420, abs=30)
    assert metrics["kvv_oldest_unsent_seconds",] == pytest.approx(300, abs=30)
    assert metrics["kvv_work_rows", "queued", "mailgate.inboundmessage"] == 2
    assert metrics["kvv_work_rows", "queued", "outbox.outboundmessage"] == 1
    assert ("kvv_work_rows", "sent", "outbox.outboundmessage") not in metrics


def test_every_state_of_a_mail_that_still_wants_something_is_told(client: Client) -> None:
    done = {OutboundMessage.SENT, OutboundMessage.CANCELLED}
    for state, _words in OutboundMessage.STATES:
        waiting_mail(state, state=state)
    mails = [name for name in figures(client) if name[::2] == ("kvv_work_rows", "outbox.outboundmessage")]
    told = {state for _name, state, _table in mails}
    assert told == {state for state, _words in OutboundMessage.STATES} - done
    alarm = next(line for line in RUNNING.read_text("utf-8").splitlines() if "kvv_work_rows" in line)
    assert [state for state in told - {*WAITING_OUT} if f"`{state}`" not in alarm] == []


def test_tickets_are_counted_by_the_tallies(client: Client, queue: Queue) -> None:
    make_ticket(queue)
    make_ticket(queue, locked=True)
    before = figures(client)
    fold()
    assert figures(client) == before
    assert before["kvv_tickets", "Spel", "open"] == 2
    assert before["kvv_tickets", "Spel", "available"] == 1


def test_tasks_are_counted_whatever_process_ran_them(client: Client) -> None:
    for n, failed in (("1", False), ("2", True)):
        task_begins(n)
        task_ended(n, name="outbox.send", failed=failed)
    task_ended("never begun", name="outbox.send", failed=False)
    metrics = figures(client)
    assert metrics["kvv_task_runs_total", "outbox.send"] == 2
    assert metrics["kvv_task_failures_total", "outbox.send"] == 1
    assert metrics["kvv_task_seconds_total", "outbox.send"] > 0


def test_signs_of_life_are_told(client: Client) -> None:
    Heartbeat.objects.create(pk=1, at=timezone.now() - MINUTE)
    metrics = figures(client)
    assert metrics["kvv_heartbeat_age_seconds", "worker"] == pytest.approx(60, abs=30)
    assert ("kvv_heartbeat_age_seconds", "beat") not in metrics


def test_it_costs_the_same_with_many_queues_and_mails(client: Client) -> None:
    with CaptureQueriesContext(connection) as few:
        figures(client)
    for n in range(10):
        make_ticket(make_queue())
        make_inbound()
        waiting_mail(str(n))
    with CaptureQueriesContext(connection) as many:
        figures(client)
    assert len(many) == len(few) <= 20
