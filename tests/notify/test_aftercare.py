"""What comes back: after three in a row an agent's mails stop, they see it, and an admin is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Agent
from accounts.preferences import is_mail_stopped, resume_mail
from kvv.watch.look import look
from notify.aftercare import note_returned
from notify.models import Notification, NotificationMail
from notify.tasks import decide, forget_told, look_after_mails, send
from outbox.models import OutboundMessage, Recipient
from queues.models import Queue
from tests.factories import make_ticket
from tests.notify.telling import keeps_an_eye_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _none_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notify.send.AT_ONCE", 50)


def happens(queue: Queue, *, refused: bool) -> None:
    """The owner is told of something, and the mail server takes it, or would not."""
    make_ticket(queue)
    decide()
    send()
    state = OutboundMessage.REFUSED if refused else OutboundMessage.SENT
    OutboundMessage.objects.filter(state=OutboundMessage.QUEUED).update(state=state)
    look_after_mails()


def stopped(agent: Agent) -> bool:
    return is_mail_stopped(Agent.objects.get(pk=agent.pk))


def test_after_three_that_came_back_the_agents_mails_stop_until_the_address_is_another_and_an_admin_is_told(
    owner: Agent, queue: Queue
) -> None:
    """Refused at once, or come back; one that arrived begins the row anew."""
    keeps_an_eye_on(owner, queue)
    for refused in (True, True, False, True, True):
        happens(queue, refused=refused)
        assert not stopped(owner)
    happens(queue, refused=False)
    (mail,) = NotificationMail.objects.order_by("-pk")[:1]
    note_returned(mail, failures={owner.email: "550 no such user"}, now=timezone.now())
    assert Recipient.objects.get(message=mail.outbound).result == Recipient.Result.BOUNCED
    look_after_mails()
    assert stopped(owner)
    happens(queue, refused=False)
    assert NotificationMail.objects.count() == 6
    (trouble,) = look(now=timezone.now())
    assert (trouble.kind.name, trouble.name) == ("not-told", "Owner")
    assert trouble.kind.over
    Agent.objects.filter(pk=owner.pk).update(email="nieuw@post.example")
    assert look(now=timezone.now()) == []
    happens(queue, refused=False)
    assert NotificationMail.objects.latest("pk").address == "nieuw@post.example"


def test_who_has_them_sent_again_starts_a_new_row(owner: Agent, queue: Queue) -> None:
    keeps_an_eye_on(owner, queue)
    for _n in range(3):
        happens(queue, refused=True)
    assert stopped(owner)
    resume_mail(agent=Agent.objects.get(pk=owner.pk), now=timezone.now())
    look_after_mails()
    assert not stopped(owner)
    happens(queue, refused=True)
    assert not stopped(owner)
    assert look(now=timezone.now()) == []


def test_what_is_told_already_is_forgotten_and_what_waits_is_not(owner: Agent, queue: Queue) -> None:
    keeps_an_eye_on(owner, queue)
    happens(queue, refused=False)
    make_ticket(queue)
    decide()
    Notification.objects.update(created=timezone.now() - timedelta(days=3))
    NotificationMail.objects.update(at=timezone.now() - timedelta(days=91))
    forget_told()
    assert [row.state for row in Notification.objects.all()] == [Notification.QUEUED]
    assert not NotificationMail.objects.exists()
