"""After a restore nothing leaves twice; a restart, an emptied broker and a failover hold nothing back."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from imapclient import IMAPClient

from accounts.models import Agent
from kvv.doctor import servers
from kvv.watch.look import look as look_for_trouble
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.models import InboundMessage, Mailbox
from mailgate.restored import look_at_start, note_restore, open_restore
from mailgate.tasks import autoresponse, deliver_waiting
from outbox.models import OutboundMessage
from outbox.send import send_due
from queues.models import Queue
from tests.dovecot import Dovecot
from tests.factories import actor, answer, make_auto_response, make_inbound, make_ticket
from tests.kvv.doctor.reading import levels
from tests.mailgate.mailbox.mailboxes import kept, make_mailbox, make_pop3, put
from tests.mailgate.mailbox.test_confirming import put_dated
from tests.mailgate.restoring import WAIT_SECONDS, Counting, dump, restored, worker
from tests.outbox.mailserver import queued, state_of
from tests.smtp_server import Server
from tickets.actions.reply import reply_to_ticket
from tickets.kinds import SEARCH
from tickets.models import EventTask, Ticket
from work.identity import LEAP, ROW, look
from work.models import DatabaseIdentity, Restore

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def server_class() -> type[Server]:
    return Counting


def troubles() -> list[str]:
    return [trouble.kind.name for trouble in look_for_trouble(now=timezone.now())]


def command(*words: str) -> str:
    said = StringIO()
    call_command("restored", *words, stdout=said)
    return said.getvalue()


def move(**columns: int) -> None:
    """As if the row had been dumped elsewhere."""
    look_at_start()
    here = DatabaseIdentity.objects.get(pk=ROW)
    values = {name: (getattr(here, name) or 0) + more for name, more in columns.items()}
    DatabaseIdentity.objects.update(**values)


def send_all() -> None:
    """What a worker does, one round."""
    deliver_waiting()
    autoresponse()
    send_due()


def waiting_house(queue: Queue) -> None:
    """An answer and an automatic answer wait."""
    look_at_start()
    make_auto_response(queue, subject="Automatisch antwoord")
    make_ticket(queue)
    queued(key="antwoord")


@pytest.mark.parametrize("choice", ["--release", "--drop"])
def test_what_left_after_a_dump_leaves_again_only_when_somebody_says_so(
    server: Counting, queue: Queue, tmp_path: Path, choice: str
) -> None:
    waiting_house(queue)
    dump(tmp_path / "dump")
    send_all()
    before = server.subjects()
    assert sorted(before) == ["Antwoord", "Automatisch antwoord"]
    lost = make_ticket(queue)
    with restored(tmp_path / "dump"):
        queued(key="nieuw", mime=b"Subject: Nieuw\r\n\r\nHallo\r\n")
        send_all()  # a worker that has not looked yet takes nothing up
        assert server.subjects() == before
        if choice == "--drop":
            _let_a_worker_send(server, subject="later", schedule=tmp_path / "beat")
        else:
            look_at_start()
            queued(key="later", mime=b"Subject: later\r\n\r\nHallo\r\n")
            send_all()
        assert server.subjects() == [*before, "later"]
        assert "restored" in troubles()
        assert levels(servers.restored()) == [("restore", "wrong")]
        new = make_ticket(queue)
        assert new.number != lost.number
        assert new.pk > lost.pk
        EventTask.objects.filter(event__ticket=new).delete()
        assert "4 mails and reactions" in command(choice)
        send_all()
        again = [*before, "Nieuw"] if choice == "--release" else []
        assert sorted(server.subjects()) == sorted([*before, "later", *again])
        assert "restored" not in troubles()
        assert levels(servers.restored()) == [("restore", "ok")]
        with pytest.raises(CommandError):
            command(choice)


def _let_a_worker_send(server: Counting, *, subject: str, schedule: Path) -> None:
    """Start one, and when it has looked, have a mail leave."""
    server.awaited = subject
    with worker(schedule) as said:
        assert any("a restore was noted" in line for line in said)
        queued(key=subject, mime=f"Subject: {subject}\r\n\r\nHallo\r\n".encode())
        assert server.has_come.wait(WAIT_SECONDS)


def test_a_restart_and_an_emptied_broker_hold_nothing_back(server: Counting, queue: Queue) -> None:
    waiting_house(queue)
    look_at_start()
    with current_app.connection_for_write() as line:
        channel: Any = line.default_channel
        channel.client.flushdb()
    look_at_start()
    send_all()
    assert sorted(server.subjects()) == ["Antwoord", "Automatisch antwoord"]
    assert not Restore.objects.exists()
    assert levels(servers.restored()) == [("restore", "ok")]


@pytest.mark.parametrize("column", ["table_oid", "database_oid", "cluster"])
def test_in_another_place_what_was_due_is_held_once(server: Counting, queue: Queue, column: str) -> None:
    waiting_house(queue)
    late = make_inbound()
    move(**{column: 1})
    for _start in range(2):
        look_at_start()
    late.refresh_from_db()
    assert late.is_old
    queued(key="nieuw", mime=b"Subject: Nieuw\r\n\r\nHallo\r\n")
    send_all()
    assert server.subjects() == ["Nieuw"]
    assert open_restore().held == 3  # type: ignore[union-attr]  # there is one
    assert not EventTask.objects.exclude(consumer=SEARCH).exclude(state=EventTask.HELD).exists()


@pytest.mark.parametrize("column", ["table_oid", "database_oid"])
def test_before_anybody_has_looked_nothing_is_taken_up(server: Counting, column: str) -> None:
    message, mail = queued(), make_inbound()
    move(**{column: 1})
    send_all()
    mail.refresh_from_db()
    assert (state_of(message), mail.state) == (OutboundMessage.QUEUED, InboundMessage.QUEUED)


def test_after_a_failover_the_days_numbers_leap_and_nothing_is_held(server: Counting, queue: Queue) -> None:
    waiting_house(queue)
    move(timeline=1)
    look_at_start()
    today = make_ticket(queue, now=timezone.now())
    assert int(today.number.removeprefix(f"{timezone.localtime():%Y%m%d}10")[:-1]) > LEAP
    send_all()
    assert "Antwoord" in server.subjects()
    assert levels(servers.restored()) == [("restore", "warning")]
    assert "restored" not in troubles()


def test_somebody_can_say_that_a_disk_image_was_put_back(
    server: Counting, client: Client, superuser: Agent, queue: Queue
) -> None:
    ticket = make_ticket(queue)
    reply_to_ticket(actor=actor(superuser), ticket=ticket, answer=answer(ticket), now=timezone.now())
    held = OutboundMessage.objects.get()
    assert "3 mails and reactions" in command()
    later = queued(key="later")
    assert "3 mails and reactions" in command()  # what was written since is meant to leave
    send_all()
    assert (state_of(held), state_of(later)) == (OutboundMessage.HELD, OutboundMessage.SENT)
    client.force_login(superuser)
    page = client.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
    assert "3 e-mails en reacties die toen wachtten worden tegengehouden" in page
    assert "Dit antwoord wordt tegengehouden" in page


def test_where_the_cluster_can_not_be_seen_the_rest_is_compared() -> None:
    look_at_start()
    role = "wie_weinig_mag"
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"CREATE ROLE {role}; GRANT ALL ON work_databaseidentity TO {role}")
        cursor.execute(f"SET LOCAL ROLE {role}")
        everybody, _kept = look()
        cursor.execute("RESET ROLE")
        cursor.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
        cursor.execute(f"SET LOCAL ROLE {role}")
        here, before = look()
        cursor.execute("ROLLBACK")
    assert everybody.cluster is not None
    assert here == before


@pytest.fixture
def box(dovecot: Dovecot) -> Iterator[IMAPClient]:
    """Another program, signed in to the empty inbox; what was sent is forgotten with all else."""
    dovecot.empty()
    with dovecot.client() as client:
        client.select_folder("INBOX")
        yield client


both_protocols = pytest.mark.parametrize("make", [make_mailbox, make_pop3], ids=["imap", "pop3"])


@pytest.mark.mailserver
@both_protocols
def test_mail_that_is_fetched_again_gets_no_automatic_answer(
    dovecot: Dovecot, box: IMAPClient, server: Counting, queue: Queue, make: Callable[..., Mailbox]
) -> None:
    make_auto_response(queue, subject="Automatisch antwoord")
    put_dated(box, "before", days_ago=1)
    mailbox = make(dovecot, queue=queue)
    note_restore(reason=Restore.Reason.SAID, now=timezone.now() - timedelta(hours=1))
    put_dated(box, "since", days_ago=0)
    fetch_mailbox(mailbox.pk)
    assert (kept(is_old=True), kept(is_old=False)) == (["before"], ["since"])
    send_all()
    assert Ticket.objects.count() == 2
    assert len(server.taken) == 1


@pytest.mark.mailserver
def test_a_mailbox_that_has_gone_back_tells_of_a_restore_and_loses_no_mail(
    dovecot: Dovecot, box: IMAPClient
) -> None:
    put(box, "one", "two")
    mailbox = make_mailbox(dovecot, after=Mailbox.After.LEAVE)
    fetch_mailbox(mailbox.pk)
    fetch_mailbox(mailbox.pk)
    assert open_restore() is None
    message = queued()
    Mailbox.objects.update(highest_uid=F("highest_uid") + 500)  # as it was before its server was put back
    put(box, "three")
    for _poll in range(2):
        fetch_mailbox(mailbox.pk)
    assert state_of(message) == OutboundMessage.HELD
    assert kept(state=InboundMessage.QUEUED) == ["one", "two", "three"]
    assert kept(state=InboundMessage.DUPLICATE) == ["one", "two"]
    assert Restore.objects.get().reason == Restore.Reason.MAILBOX
