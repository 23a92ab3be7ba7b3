"""Once each, and none lost, whoever runs at the same moment or dies on the way; by a real mail server."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from accounts.models import Agent
from notify.models import Notification, NotificationMail
from notify.tasks import decide, look_after_mails, send
from outbox.models import OutboundMessage, Recipient
from outbox.send import send_due
from queues.models import Queue
from tests.factories import make_ticket
from tests.notify.telling import keeps_an_eye_on, mails_to, subjects_to
from tests.races.meeting import at_once
from tests.smtp_server import Server
from tests.tickets.test_reactions import make_due
from tickets.models import EventTask

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def make_due_again() -> None:
    """What waits a second for another worker, or was left behind by one, has waited."""
    past = timezone.now() - timedelta(seconds=1)
    waiting = Notification.objects.filter(state__in=Notification.OPEN, waits=False)
    waiting.update(not_before=past)
    Notification.objects.filter(state=Notification.CLAIMED).update(leased_until=past)
    EventTask.objects.filter(state=EventTask.CLAIMED).update(leased_until=past)


def test_workers_at_the_same_moment_tell_each_event_once_and_no_more_than_five_at_once(
    owner: Agent, colleague: Agent, queue: Queue
) -> None:
    for agent in (owner, colleague):
        keeps_an_eye_on(agent, queue)
    for _n in range(8):
        make_ticket(queue)
    at_once(decide, decide, decide)
    make_due()
    decide()
    assert Notification.objects.count() == 16
    at_once(send, send, send)
    make_due_again()
    at_once(send, send)
    make_due_again()
    send()
    for agent in (owner, colleague):
        assert len(set(subjects_to(agent))) == len(mails_to(agent)) == 5
        assert Notification.objects.filter(agent=agent, waits=True).count() == 3
    Notification.objects.update(not_before=timezone.now())
    at_once(send, send, send)
    make_due_again()
    Notification.objects.filter(waits=True).update(not_before=timezone.now())
    send()
    assert set(Notification.objects.values_list("state", flat=True)) == {Notification.SENT}
    for agent in (owner, colleague):
        assert subjects_to(agent)[5:] == ["3 berichten over tickets"]


def test_a_worker_that_dies_leaves_nothing_half_done_and_another_does_it_once(
    owner: Agent, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it decides; and while it sends, after the mail was put into the outbox."""
    keeps_an_eye_on(owner, queue)

    def die(*_values: object, **_named: object) -> None:
        raise SystemExit

    make_ticket(queue)
    monkeypatch.setattr("notify.decide.ring", die)
    with pytest.raises(SystemExit):
        decide()
    assert not Notification.objects.exists()
    monkeypatch.undo()
    make_due_again()
    decide()
    monkeypatch.setattr(NotificationMail.objects, "bulk_create", die)
    with pytest.raises(SystemExit):
        send()
    assert not OutboundMessage.objects.exists()
    monkeypatch.undo()
    make_due_again()
    send()
    assert len(mails_to(owner)) == 1
    assert not EventTask.objects.filter(consumer="notify").exists()


def test_a_mail_leaves_without_a_sender_and_one_that_is_refused_at_once_is_no_matter_of_its_ticket(
    owner: Agent, queue: Queue, server: Server
) -> None:
    keeps_an_eye_on(owner, queue)
    ticket = make_ticket(queue)
    decide()
    send()
    send_due()
    (taken,) = server.taken
    mail = message_from_bytes(taken.original_content or b"", policy=policy.default)
    assert (taken.mail_from, taken.rcpt_tos) == ("<>", [owner.email])
    assert mail["Auto-Submitted"] == "auto-generated"
    assert ticket.number in str(mail["Subject"])
    server.answers[owner.email] = "550 no such user"
    make_ticket(queue)
    decide()
    send()
    send_due()
    look_after_mails()
    assert Recipient.objects.latest("pk").result == Recipient.Result.REFUSED
    assert NotificationMail.objects.exclude(returned_at=None).count() == 1
    ticket.refresh_from_db()
    assert (ticket.undelivered_article, ticket.articles.count()) == (None, 1)
