"""The test mail's round, through a real SMTP server and a real Dovecot, and what is made of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Customer
from mailgate import tasks
from mailgate.delivery.canary import send_canaries
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.models import Canary, InboundMessage, Mailbox
from outbox.message_ids import find_canary_token, new_canary_token
from outbox.models import OutboundMessage, Transport
from outbox.send import send_due
from queues.models import Queue
from tests.dovecot import PASSWORD, USER, Dovecot, running_dovecot
from tests.factories import make_inbound
from tests.smtp_server import serving
from tickets.models import Ticket

MORNING = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)  # half past five in Amsterdam
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_five(settings: Settings) -> None:
    settings.CANARY_HOUR = 5


def make_mailbox(**values: object) -> Mailbox:
    """One that is proved every day."""
    given = {"name": "demo", "host": "127.0.0.1", "username": USER, "password": PASSWORD}
    return Mailbox.objects.create(**{**given, "canary_address": "demo@kvv.example", **values})


def make_transport(name: str = "post", **values: object) -> Transport:
    return Transport.objects.create(**{"name": name, "host": "127.0.0.1", "security": "plain", **values})


class Postman:
    """Takes mail by SMTP and puts it into the mailbox."""

    def __init__(self, dovecot: Dovecot) -> None:
        self.dovecot = dovecot

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert envelope.rcpt_tos == ["demo@kvv.example"]
        with self.dovecot.client() as client:
            client.append("INBOX", envelope.original_content)
        return "250 OK"


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """Its own: the one that the mail gate's tests share may hold mails of others."""
    with running_dovecot() as server:
        yield server


@pytest.mark.mailserver
@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_a_test_mail_goes_round_and_becomes_no_ticket(dovecot: Dovecot, queue: Queue) -> None:
    box = make_mailbox(port=dovecot.port, security=Mailbox.Security.PLAIN)
    with serving(Postman(dovecot)) as port:
        way = make_transport(port=port)
        send_canaries(now=timezone.now().replace(hour=12))
        send_due()
    assert fetch_mailbox(box.pk) == 1
    tasks.deliver_waiting()
    row = InboundMessage.objects.get()
    assert (row.state, row.action, row.article) == (InboundMessage.IGNORED, "canary", None)
    assert Canary.objects.get().arrived is not None
    for proved in (box, way):
        proved.refresh_from_db()
        assert proved.canary_arrived is not None
    assert Ticket.objects.count() == Customer.objects.count() == 0


@pytest.mark.django_db
def test_each_transport_sends_one_a_day_to_each_mailbox_with_an_address() -> None:
    make_mailbox()
    make_mailbox(name="zonder", canary_address="")
    make_mailbox(name="uit", is_active=False)
    ways = [make_transport("een"), make_transport("twee")]
    make_transport("uit", is_active=False)
    assert send_canaries(now=MORNING) == 2
    assert send_canaries(now=MORNING + timedelta(hours=3)) == 0
    assert list(OutboundMessage.objects.order_by("pk").values_list("transport", flat=True)) == [
        way.pk for way in ways
    ]
    assert send_canaries(now=MORNING + DAY) == 2


@pytest.mark.django_db
def test_none_is_sent_before_its_hour_or_when_that_is_off(settings: Settings) -> None:
    make_mailbox()
    make_transport()
    assert send_canaries(now=MORNING - timedelta(hours=1)) == 0
    settings.CANARY_HOUR = None
    assert send_canaries(now=MORNING) == 0
    settings.CANARY_HOUR = 0
    assert send_canaries(now=MORNING) == 1


@pytest.mark.django_db
def test_what_was_sent_a_month_ago_is_forgotten() -> None:
    make_mailbox()
    make_transport()
    send_canaries(now=MORNING - 31 * DAY)
    send_canaries(now=MORNING)
    assert Canary.objects.get().sent == MORNING


def arrives(subject: str, **values: object) -> InboundMessage:
    """A mail with this subject is delivered."""
    row = make_inbound(f"From: k@post.example\r\nSubject: {subject}\r\n\r\nHallo\r\n".encode())
    InboundMessage.objects.filter(pk=row.pk).update(**values)
    tasks.deliver_waiting()
    row.refresh_from_db()
    return row


@pytest.mark.django_db
def test_a_token_that_we_did_not_sign_is_a_mail_like_any_other(queue: Queue) -> None:
    forged = new_canary_token()[:-1] + "x"
    row = arrives(f"KVV-proefmail {forged}")
    assert row.state == InboundMessage.DELIVERED
    assert find_canary_token(f"[extern] KVV-proefmail {new_canary_token()}") is not None
    assert find_canary_token(f"KVV-proefmail {new_canary_token()} lijkt stuk") is None


@pytest.mark.django_db
def test_somebody_who_asks_about_a_test_mail_gets_a_ticket(queue: Queue) -> None:
    question = (
        f"From: k@post.example\r\nIn-Reply-To: <x@y.example>\r\nSubject: Re: {new_canary_token()}\r\n\r\n?"
    )
    row = make_inbound(question.encode())
    tasks.deliver_waiting()
    row.refresh_from_db()
    assert row.state == InboundMessage.DELIVERED


@pytest.mark.django_db
def test_one_that_comes_by_another_mailbox_proves_nothing_and_is_no_ticket(queue: Queue) -> None:
    box, other = make_mailbox(), make_mailbox(name="ander", canary_address="")
    make_transport()
    send_canaries(now=MORNING)
    canary = Canary.objects.get()
    row = arrives(canary.token, mailbox=other)
    canary.refresh_from_db()
    assert (row.state, canary.arrived) == (InboundMessage.IGNORED, None)
    arrives(canary.token, mailbox=box)
    canary.refresh_from_db()
    assert canary.arrived is not None


@pytest.mark.django_db
def test_the_rest_of_its_batch_is_delivered(queue: Queue) -> None:
    make_inbound(f"From: k@post.example\r\nSubject: {new_canary_token()}\r\n\r\nx\r\n".encode())
    make_inbound()
    tasks.deliver_waiting()
    states = InboundMessage.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [InboundMessage.IGNORED, InboundMessage.DELIVERED]
