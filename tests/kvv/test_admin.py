"""The admin: every page opens, and what got stuck can be tried again."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Agent
from mailgate.models import InboundMessage, Mailbox
from outbox.models import OutboundMessage
from queues.models import Queue, Signature
from tests.factories import make_inbound
from tests.outbox.mailserver import queued
from tests.signed_in import gave_password
from tickets.models import State, StateType, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]


@pytest.fixture
def desk(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    gave_password(client)
    return client


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label)
def test_lists_searches_and_empty_forms_open(desk: Client, model: type, ticket: Ticket) -> None:
    meta = model._meta  # type: ignore[attr-defined]  # a model
    base = f"admin:{meta.app_label}_{meta.model_name}"
    assert desk.get(reverse(f"{base}_changelist"), {"q": "x"}).status_code == 200
    assert desk.get(reverse(f"{base}_add")).status_code in (200, 403)


def test_a_mail_in_quarantine_is_delivered_again(desk: Client, queue: Queue) -> None:
    row = make_inbound(b"From: a@post.example\r\nSubject: Toch\r\n\r\nHallo\r\n")
    InboundMessage.objects.update(state=InboundMessage.QUARANTINED, attempts=4, last_error="Unreadable.")
    address = reverse("admin:mailgate_inboundmessage_changelist")
    assert "Unreadable." in desk.get(address).content.decode()
    answer = desk.post(address, {"action": "again", "_selected_action": [row.pk]}, follow=True)
    assert answer.status_code == 200
    row.refresh_from_db()
    assert (row.state, row.attempts) == (InboundMessage.QUEUED, 0)


def test_who_wrote_a_mail_from_a_mailbox_is_said_at_no_cost_a_row(
    desk: Client, ticket: Ticket, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """IMAP and POP3 name no sender: the mail itself does."""
    address, article = reverse("admin:mailgate_inboundmessage_changelist"), ticket.articles.get()
    rows = [make_inbound() for _row in range(3)]
    InboundMessage.objects.update(envelope_from="", article=article)
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).content.decode().count(f">{article.from_address}<") == 3
    InboundMessage.objects.filter(pk=rows[0].pk).delete()
    with django_assert_num_queries(len(queries)):
        desk.get(address)


def test_a_mail_in_quarantine_can_be_left_in_peace_and_keeps_its_bytes(desk: Client) -> None:
    quarantined, waiting = make_inbound(), make_inbound()
    InboundMessage.objects.filter(pk=quarantined.pk).update(state=InboundMessage.QUARANTINED)
    address = reverse("admin:mailgate_inboundmessage_changelist")
    desk.post(address, {"action": "aside", "_selected_action": [quarantined.pk, waiting.pk]})
    states = InboundMessage.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [InboundMessage.IGNORED, InboundMessage.QUEUED]
    assert desk.get(reverse("admin:mailgate_inboundmessage_raw", args=[quarantined.pk])).status_code == 200


def test_a_mail_that_waits_after_trouble_is_tried_at_once(desk: Client) -> None:
    message = queued()
    OutboundMessage.objects.update(retry_at=timezone.now() + timedelta(hours=3), server_was_away=True)
    address = reverse("admin:outbox_outboundmessage_changelist")
    desk.post(address, {"action": "try_again", "_selected_action": [message.pk]})
    message.refresh_from_db()
    assert (message.state, message.retry_at) == (OutboundMessage.QUEUED, None)


def test_a_signature_gets_its_links_and_loses_its_scripts(desk: Client) -> None:
    html = "<p>Zie www.demo.org</p><script>alert(1)</script>"
    desk.post(reverse("admin:queues_signature_add"), {"name": "Kort", "html": html})
    kept = Signature.objects.get(name="Kort").html
    assert "href" in kept
    assert "script" not in kept


def test_a_state_that_closes_by_itself_names_a_closed_one(desk: Client) -> None:
    filled = {"key": "auto", "name": "Wacht af", "type": StateType.PENDING_AUTO, "position": 9}
    address = reverse("admin:tickets_state_add")
    for key in ("", "open", "closed_successful"):
        into = State.objects.filter(key=key).first()
        desk.post(address, filled | {"closes_into": into.pk if into else "", "is_active": "on"})
        assert State.objects.filter(key="auto").exists() == (key == "closed_successful")
    made = State.objects.get(key="auto")
    answer = desk.post(
        reverse("admin:tickets_state_change", args=[made.pk]), {"name": "Wacht af", "position": 9}
    )
    assert "Kies als wat een ticket dan wordt gesloten." in answer.content.decode()


def test_nobody_can_delete_a_queue_an_agent_or_a_mail(desk: Client, queue: Queue, owner: Agent) -> None:
    row = make_inbound()
    for name, pk in (
        ("queues_queue", queue.pk),
        ("accounts_agent", owner.pk),
        ("mailgate_inboundmessage", row.pk),
    ):
        assert desk.post(reverse(f"admin:{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    assert OutboundMessage.objects.count() == Mailbox.objects.count() == 0


def test_there_is_one_kind_of_groups(desk: Client) -> None:
    shown = desk.get("/admin/").content.decode()
    assert shown.count(">Groepen<") == 1
    assert "/admin/auth/" not in shown
