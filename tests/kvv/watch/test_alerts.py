"""The admins are told once when it begins and once when it is over, by mail and by a POST."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agent, Preferences
from kvv.tasks import watch_over
from kvv.watch.alerts import watch
from mailgate.models import Mailbox
from outbox.models import OutboundMessage, Recipient, Transport
from tests.factories import make_agent
from tests.kvv.watch.situations import (
    MINUTE,
    failing_mailbox,
    failing_transport,
    make_transport,
    waiting_mail,
)
from work.models import Outage


class Phone(BaseHTTPRequestHandler):
    """What takes the POST."""

    got: list[str] = []
    status = 200

    def do_POST(self) -> None:
        Phone.got.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def phone(settings: Settings) -> Iterator[type[Phone]]:
    Phone.got, Phone.status = [], 200
    server = HTTPServer(("127.0.0.1", 0), Phone)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    settings.ALERT_URL = f"http://127.0.0.1:{server.server_port}/kvv"
    yield Phone
    server.shutdown()
    server.server_close()


@pytest.fixture
def now(superuser: Agent) -> datetime:
    """There is an admin to be told."""
    return timezone.now()


def subjects() -> list[str]:
    mails = OutboundMessage.objects.filter(dedupe_key__startswith="django:").order_by("pk")
    return list(mails.values_list("subject", flat=True))


BEGINS, OVER = "KVV: er is een storing", "KVV: het werkt weer"


@pytest.mark.django_db
def test_a_trouble_is_told_at_the_second_look_once_and_its_end_once(
    now: datetime, phone: type[Phone]
) -> None:
    failing_mailbox(now=now)
    watch(now=now)
    assert (subjects(), phone.got) == ([], [])
    for minute in (1, 2, 3):
        watch(now=now + minute * MINUTE)
    assert subjects() == [BEGINS]
    Mailbox.objects.update(failing_since=None, last_success=now + 4 * MINUTE, next_poll=now + 5 * MINUTE)
    watch(now=now + 4 * MINUTE)
    watch(now=now + 5 * MINUTE)
    assert subjects() == [BEGINS, OVER]
    began, over = phone.got
    assert "komt nu niet binnen" in began
    assert "komt weer binnen" in over
    assert Recipient.objects.get(message__subject=BEGINS).address == "superuser@kvv.example"


@pytest.mark.django_db
def test_what_mends_itself_before_the_second_look_is_told_to_nobody(
    now: datetime, phone: type[Phone]
) -> None:
    failing_mailbox(now=now)
    watch(now=now)
    Mailbox.objects.update(failing_since=None, last_success=now, next_poll=now + MINUTE)
    watch(now=now + MINUTE)
    assert (subjects(), phone.got, Outage.objects.count()) == ([], [], 0)


@pytest.mark.django_db
def test_two_looks_within_seconds_are_one_look(now: datetime) -> None:
    failing_mailbox(now=now)
    watch(now=now)
    watch(now=now + timedelta(seconds=1))
    assert subjects() == []


@pytest.mark.django_db
def test_the_same_trouble_on_another_day_is_told_again(now: datetime) -> None:
    box = failing_mailbox(now=now)
    for _time in range(2):
        watch(now=now)
        watch(now=now + MINUTE)
        Mailbox.objects.update(failing_since=None, last_success=now, next_poll=now + 9 * MINUTE)
        watch(now=now + 2 * MINUTE)
        now += timedelta(days=1)
        since = now - 9 * MINUTE
        Mailbox.objects.filter(pk=box.pk).update(last_success=since, failing_since=since)
    assert subjects() == [BEGINS, OVER] * 2


@pytest.mark.django_db
def test_each_active_admin_with_an_address_is_told_in_their_language(now: datetime) -> None:
    english = make_agent("english", is_superuser=True)
    Preferences.objects.create(agent=english, language="en")
    make_agent("gone", is_superuser=True, is_active=False)
    make_agent("owner")
    Agent.objects.filter(pk=make_agent("mute", is_superuser=True).pk).update(email="")
    failing_mailbox(now=now)
    watch(now=now)
    watch(now=now + MINUTE)
    assert subjects() == [BEGINS, "KVV: something does not work"]


@pytest.mark.django_db
def test_a_mail_about_a_failing_transport_leaves_by_another(now: datetime) -> None:
    failing_transport(now=now)
    other = make_transport("andere")
    waiting_mail()
    watch(now=now)
    watch(now=now + MINUTE)
    assert OutboundMessage.objects.get(subject=BEGINS).transport == other


@pytest.mark.django_db
def test_without_another_transport_only_the_phone_rings(now: datetime, phone: type[Phone]) -> None:
    failing_transport(now=now)
    waiting_mail()
    watch(now=now)
    watch(now=now + MINUTE)
    assert subjects() == []
    assert "gaat nu niet weg" in phone.got[0]
    Transport.objects.update(failing_since=None)
    watch(now=now + 2 * MINUTE)
    assert subjects() == [OVER]


@pytest.mark.django_db
@pytest.mark.parametrize("status", [500, 302])
def test_a_phone_that_does_not_work_stops_nothing(now: datetime, phone: type[Phone], status: int) -> None:
    phone.status = status
    failing_mailbox(now=now)
    for minute in range(4):
        watch(now=now + minute * MINUTE)
    assert subjects() == [BEGINS]
    assert len(phone.got) == 1


@pytest.mark.django_db
def test_a_phone_that_is_not_there_stops_nothing(now: datetime, settings: Settings) -> None:
    settings.ALERT_URL = "http://127.0.0.1:1/"
    failing_mailbox(now=now)
    watch(now=now)
    watch(now=now + MINUTE)
    assert subjects() == [BEGINS]


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_workers_that_look_at_the_same_moment_tell_it_once(now: datetime, phone: type[Phone]) -> None:
    failing_mailbox(now=now)
    watch_over()
    Outage.objects.update(seen=now - MINUTE)
    together = threading.Barrier(4)

    def look_too(_worker: int) -> None:
        together.wait(timeout=10)
        try:
            watch_over()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(look_too, range(4)))
    assert subjects() == [BEGINS]
    assert len(phone.got) == 1
