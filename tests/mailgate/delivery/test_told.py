"""What has to do with the mails that tell agents something: reports, answers, and those mails themselves."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent
from blobs.store import read_bytes
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from notify.models import Notification, NotificationMail
from notify.tasks import decide, send
from outbox.models import OutboundMessage, Recipient
from outbox.verp import bounce_address
from queues.models import Queue
from tests.factories import NOW, make_auto_response, make_ticket
from tests.notify.telling import keeps_an_eye_on
from tickets.kinds import SEARCH
from tickets.models import Article, EventTask, StateType, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

REPORT = (
    "Return-Path: <>\r\nFrom: MAILER-DAEMON@post.example\r\nSubject: Undelivered Mail\r\n"
    "Message-ID: <r@post.example>\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain\r\n\r\nHelaas.\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; post.example\r\n\r\n"
    "Final-Recipient: rfc822; owner@kvv.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
    "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}>\r\nSubject: Nieuw\r\n\r\n--b--\r\n"
)
ANSWER = (
    "From: {writer}\r\nTo: kvv@kvv.example\r\nSubject: Re: [Ticket#{number}] Nieuw\r\n"
    "Message-ID: <a@post.example>\r\nIn-Reply-To: <{id}>\r\n{more}\r\nDat weet ik.\r\n"
)


@pytest.fixture
def told(owner: Agent, queue: Queue) -> NotificationMail:
    """The mail that told the owner of a new ticket; whatever is to be answered by itself, is."""
    for kind in ("new_ticket", "follow_up", "reject"):
        make_auto_response(queue, kind=kind)
    keeps_an_eye_on(owner, queue)
    make_ticket(queue)
    decide()
    send()
    EventTask.objects.all().delete()
    return NotificationMail.objects.select_related("ticket", "outbound").get()


def arrive(raw: str | bytes, **values: Any) -> InboundMessage:
    data = raw if isinstance(raw, bytes) else raw.encode()
    given = {"way": InboundMessage.Way.PIPE, "envelope_from": ""} | values
    (row,) = take_in_many([Arrival(raw=data, **given)], lease=uuid4())
    deliver([row])
    row.refresh_from_db()
    return row


def closed(ticket: Ticket) -> Ticket:
    """Closed without a word, so that it is seen whether anything opens it."""
    state = state_by_key("closed_successful")
    values = {"state": state, "state_type": state.type, "closed_at": NOW}
    Ticket.objects.filter(pk=ticket.pk).update(**values)
    return ticket


def answer(told: NotificationMail, *, writer: str = "owner@kvv.example", more: str = "") -> str:
    number = told.ticket.number if told.ticket else ""
    return ANSWER.format(writer=writer, number=number, id=told.outbound.message_id, more=more)


def test_a_bounce_of_a_notification_never_becomes_an_article_and_marks_it(told: NotificationMail) -> None:
    report = REPORT.format(id=told.outbound.message_id)
    for raw in (report, report.replace("Action: failed", "Action: delayed")):
        row = arrive(raw)
        assert (row.state, row.action, row.article) == (InboundMessage.IGNORED, "notification", None)
    assert (Article.objects.count(), Ticket.objects.count()) == (1, 1)
    recipient = Recipient.objects.get()
    assert (recipient.result, "550 no such user" in recipient.reply) == (Recipient.Result.BOUNCED, True)
    told.refresh_from_db()
    assert told.returned_at is not None


def test_a_report_that_anybody_could_have_written_marks_nothing_and_becomes_nothing(
    told: NotificationMail, settings: Any
) -> None:
    """It has to name the mail by its token where there was one."""
    settings.VERP = True
    told.outbound.sender = bounce_address("kvv@kvv.example", message_id=told.outbound.message_id)
    told.outbound.save()
    report = REPORT.format(id=told.outbound.message_id)
    assert arrive(report).action == "notification"
    assert not NotificationMail.objects.exclude(returned_at=None).exists()
    arrive(report.replace("<r@", "<s@"), envelope_to=[told.outbound.sender])
    assert NotificationMail.objects.exclude(returned_at=None).exists()
    assert Article.objects.count() == 1


@pytest.mark.parametrize("writer", ["Owner <owner@kvv.example>", "iemand@elders.example"])
def test_what_an_agent_answers_to_a_notification_joins_unseen_opens_nothing_and_asks_nobody(
    told: NotificationMail, writer: str
) -> None:
    assert told.ticket is not None
    ticket = closed(told.ticket)
    before = OutboundMessage.objects.count()
    row = arrive(answer(told, writer=writer))
    assert (row.state, row.action) == (InboundMessage.DELIVERED, "follow-up")
    article = Article.objects.latest("pk")
    assert (article.ticket, article.is_visible, article.text.strip()) == (ticket, False, "Dat weet ik.")
    assert bool(article.warning) == ("elders" in writer)
    ticket.refresh_from_db()
    assert ticket.state_type == StateType.CLOSED
    assert ticket.events.latest("pk").kind == "follow_up"
    assert not EventTask.objects.exclude(consumer=SEARCH).exists()
    assert (OutboundMessage.objects.count(), Notification.objects.count()) == (before, 1)
    assert arrive(answer(told, writer=writer)).action == "duplicate"
    assert ticket.articles.count() == 2


def test_what_the_customer_answers_whom_an_agent_sent_the_notification_on_to_is_a_mail_of_theirs_as_any(
    told: NotificationMail,
) -> None:
    assert told.ticket is not None
    ticket = closed(told.ticket)
    arrive(answer(told, writer="Karin <karin@post.example>"))
    article = Article.objects.latest("pk")
    assert (article.ticket, article.is_visible, article.warning) == (ticket, True, "")
    ticket.refresh_from_db()
    assert ticket.state_type == StateType.OPEN
    assert EventTask.objects.filter(consumer="notify").exists()


def test_it_joins_also_where_a_queue_wants_new_tickets_or_refuses(told: NotificationMail) -> None:
    assert told.ticket is not None
    closed(told.ticket)
    for policy in (Queue.FollowUp.NEW_TICKET, Queue.FollowUp.REJECT):
        Queue.objects.update(follow_up=policy)
        arrive(answer(told).replace("<a@", f"<{policy}@"))
        article = Article.objects.latest("pk")
        assert (article.ticket, article.is_visible) == (told.ticket, False)
    assert Ticket.objects.count() == 1
    assert not EventTask.objects.exclude(consumer=SEARCH).exists()


def test_what_a_machine_answers_is_kept_as_ignored_and_so_is_the_mail_itself_that_comes_back_to_us(
    told: NotificationMail,
) -> None:
    absent = arrive(answer(told, more="Auto-Submitted: auto-replied\r\n"))
    itself = arrive(read_bytes(told.outbound.mime_id))
    for row in (absent, itself):
        assert (row.state, row.action) == (InboundMessage.IGNORED, "notification")
    NotificationMail.objects.update(ticket=None)
    summary = arrive(answer(told).replace("<a@", "<b@"))
    assert (summary.state, summary.action) == (InboundMessage.IGNORED, "notification")
    assert Article.objects.count() == 1


def test_mail_that_names_nothing_of_ours_costs_no_statement_more(queue: Queue) -> None:
    with CaptureQueriesContext(connection) as asked:
        arrive(
            "From: k@post.example\r\nMessage-ID: <x@post.example>\r\nIn-Reply-To: <y@z.example>\r\n\r\nHoi"
        )
    assert not any("notify_notif" in query["sql"] for query in asked.captured_queries)
