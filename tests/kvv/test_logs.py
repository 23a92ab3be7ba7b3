"""One id through a whole round: what a request, a task and a mail write into the log."""

import io
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from celery.signals import task_prerun
from django.db import transaction
from django.test import Client

from accounts.models import Agent
from kvv.logs import RefusalFilter
from kvv.task_signals import begin, end
from mailgate import tasks
from mailgate.intake import take_in
from mailgate.models import InboundMessage
from outbox.models import OutboundMessage
from outbox.send import send_due
from queues.models import Queue
from tests.kvv.test_settings import BASE
from tests.outbox.mailserver import queued
from tests.smtp_server import Server
from tickets.models import Ticket
from work.models import Heartbeat, TaskTime
from work.ring import ring, ring_now
from work.trace import TraceFilter, current_trace, traced


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written into the log, a line each, with the id in front."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(TraceFilter())
    handler.addFilter(RefusalFilter())
    handler.setFormatter(logging.Formatter("%(trace)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


@pytest.mark.django_db
def test_a_request_keeps_the_id_of_the_proxy_and_says_it(client: Client, log: io.StringIO) -> None:
    answer = client.get("/is-er-niet/", headers={"X-Request-ID": "proxy-id_0.1"})
    assert answer["X-Request-ID"] == "proxy-id_0.1"
    assert "proxy-id_0.1 Not Found: /is-er-niet/" in log.getvalue()


@pytest.mark.django_db
def test_a_refusal_is_one_line_and_a_fault_of_ours_has_its_stack(
    client: Client, owner: Agent, log: io.StringIO
) -> None:
    client.force_login(owner)
    client.get("/admin/login/")
    assert "Forbidden (Permission denied): /admin/login/" in log.getvalue()
    assert "PermissionDenied" not in log.getvalue()
    broken = ValueError("broken")
    logging.getLogger("django.request").error("Internal Server Error", exc_info=broken)
    assert "ValueError: broken" in log.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "brought", ["", "short", "x" * 65, "with space in it", "line\nbreak-xx", "ééééééééé"]
)
def test_an_id_that_is_not_sane_is_replaced(client: Client, brought: str) -> None:
    first = client.get("/livez", headers={"X-Request-ID": brought})["X-Request-ID"]
    second = client.get("/livez", headers={"X-Request-ID": brought})["X-Request-ID"]
    assert len({first, second, brought}) == 3
    assert current_trace() == ""


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_a_ring_carries_the_id_of_the_one_who_rang_to_the_task() -> None:
    with current_app.connection_for_write() as line, line.SimpleQueue("kvv") as queue:
        queue.clear()
        with transaction.atomic(), traced("the-ringer"):
            ring("outbox.send")
        messages = iter(lambda: queue.get(block=True, timeout=10), None)
        ours = next(message for message in messages if message.headers.get("kvv_trace") == "the-ringer")
        ours.ack()
    assert ours.headers["task"] == "outbox.send"


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_a_worker_reads_the_id_that_came_with_the_ring() -> None:
    heard: list[str] = []
    done = threading.Event()

    def listen(sender: Any, **_unused: object) -> None:
        if sender.name == "tickets.fold_tallies":  # others may ring while this worker listens
            heard.append(current_trace())
            done.set()

    with current_app.connection_for_write() as line, line.SimpleQueue("kvv") as queue:
        queue.clear()
    task_prerun.connect(listen)
    try:
        with start_worker(current_app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
            with traced("the-ringer"):
                ring_now("tickets.fold_tallies")
            assert done.wait(timeout=30)
    finally:
        task_prerun.disconnect(listen)
    assert heard == ["the-ringer"]


class Request(dict[str, Any]):
    """What Celery keeps of a message's headers."""


class Task:
    name = "outbox.send"

    def __init__(self, **headers: Any) -> None:
        self.request = Request(headers)


@pytest.mark.django_db
def test_a_task_goes_on_with_the_id_of_its_ring_and_is_counted() -> None:
    begin(task_id="1", task=Task(kvv_trace="the-ringer"))
    assert current_trace() == "the-ringer"
    end(task_id="1", task=Task(), state="SUCCESS")
    assert current_trace() == ""
    begin(task_id="2", task=Task())
    own = current_trace()
    end(task_id="2", task=Task(), state="FAILURE")
    assert len(own) == 16
    counted = TaskTime.objects.get()
    assert (counted.name, counted.runs, counted.failures) == ("outbox.send", 2, 1)
    assert Heartbeat.objects.filter(pk=1).exists()


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_one_id_tells_the_story_of_one_mail_from_its_arrival_to_the_answer(
    queue: Queue, log: io.StringIO, server: Server
) -> None:
    for name in ("een", "twee"):
        raw = f"From: k@post.example\r\nMessage-ID: <{name}@post.example>\r\nSubject: {name}\r\n\r\nHallo\r\n"
        take_in(raw=raw.encode(), way=InboundMessage.Way.PIPE)
    tasks.deliver_waiting()
    trace = InboundMessage.objects.get(message_id="een@post.example").trace
    with traced(trace):  # as the reactions to a mail do
        made = queued(key="dank")
    send_due()
    assert OutboundMessage.objects.get(pk=made.pk).state == OutboundMessage.SENT
    story = [line for line in log.getvalue().splitlines() if line.startswith(trace)]
    number = Ticket.objects.get(title="een").number
    for expected in (
        "kept mail",
        "<een@post.example>",
        number,
        "<dank@kvv.example> waits to be sent",
        "<dank@kvv.example> is sent",
    ):
        assert any(expected in line for line in story), expected
    assert not any("twee" in line for line in story)


def test_the_log_is_lines_or_json_with_the_id() -> None:
    program = (
        "import django, logging; django.setup(); from work.trace import traced\n"
        "with traced('an-id'): logging.getLogger('kvv.x').warning('hallo %s', 'jij')"
    )
    logged = {}
    for form in ("line", "json"):
        environment = {"KVV_LOG_FORMAT": form, "DJANGO_SETTINGS_MODULE": "kvv.settings"}
        command = [sys.executable, "-c", program]
        done = subprocess.run(
            command, cwd=BASE, env=os.environ | environment, capture_output=True, check=True
        )
        logged[form] = done.stderr.decode()
    assert logged["line"].endswith("WARNING kvv.x [an-id]: hallo jij\n")
    parsed = json.loads(logged["json"])
    assert parsed.pop("at")
    assert parsed == {"level": "WARNING", "logger": "kvv.x", "trace": "an-id", "message": "hallo jij"}
