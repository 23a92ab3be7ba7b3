"""Mailboxes and mail servers, examined: nothing is fetched, nothing is sent."""

from typing import Any

import pytest
from django.utils import timezone, translation

from kvv.doctor import mail
from mailgate.models import Mailbox
from outbox.models import Transport
from tests.dovecot import PASSWORD, USER, Dovecot
from tests.factories import make_queue
from tests.kvv.doctor.reading import levels
from tests.kvv.watch.situations import failing_mailbox, make_mailbox, make_transport
from tests.smtp_server import serving


class Silent:
    """A handler that must not be asked to take mail."""

    async def handle_DATA(self, *_args: Any) -> str:  # noqa: N802
        raise AssertionError("the doctor sent something")


@pytest.mark.django_db
def test_a_transport_is_greeted_and_gets_nothing() -> None:
    way = make_transport(security="plain")
    with serving(Silent()) as port:
        Transport.objects.update(port=port)
        way.refresh_from_db()
        assert levels(mail.transport(way)) == [("transport post", "ok")]
        way.security = Transport.Security.STARTTLS
        (finding,) = mail.transport(way)
        assert (finding.level, "STARTTLS" in finding.text) == ("wrong", True)
    way.security, way.failing_since = Transport.Security.PLAIN, timezone.now()
    (finding,) = mail.transport(way)
    assert finding.level == "wrong"
    assert "It has failed since" in finding.text


@pytest.mark.mailserver
@pytest.mark.django_db
def test_a_mailbox_is_opened_and_counted_and_left_as_it_is(dovecot: Dovecot) -> None:
    with dovecot.client() as client:
        client.append("INBOX", b"Subject: x\r\n\r\nx\r\n")
    box = make_mailbox(
        "demo", username=USER, password=PASSWORD, port=dovecot.port, security=Mailbox.Security.PLAIN
    )
    (finding,) = mail.mailbox(box)
    assert (finding.level, "1 messages" in finding.text) == ("ok", True)
    with dovecot.client() as client:
        client.select_folder("INBOX")
        assert client.search(["UNSEEN"]) == [1]
    box.password = "wrong"
    with translation.override("en"):
        (finding,) = mail.mailbox(box)
    assert (finding.level, "password" in finding.text) == ("wrong", True)


@pytest.mark.django_db
def test_without_anything_to_send_with_or_to_fetch_it_is_said() -> None:
    assert levels(mail.ways()) == [("transports", "wrong"), ("mailboxes", "warning")]
    make_transport()
    make_mailbox()
    assert levels(mail.ways()) == []


@pytest.mark.django_db
def test_what_is_on_the_pages_is_told_in_english() -> None:
    failing_mailbox(now=timezone.now())
    with translation.override("en"):
        (finding,) = mail.waiting()
    assert finding.text.startswith("Mail to spel@kvv.example does not come in")
    assert finding.level == "wrong"


@pytest.mark.django_db
def test_a_mailbox_that_leads_to_a_queue_out_of_use_is_named() -> None:
    box = make_mailbox("bus", port=1, queue=make_queue("Weg", is_active=False))
    *_others, last = mail.mailbox(box)
    assert (last.level, "Weg" in last.text) == ("warning", True)
