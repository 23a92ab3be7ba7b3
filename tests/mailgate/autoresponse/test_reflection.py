"""What a stranger can make us send to somebody else, whose address they put into From."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.tasks import autoresponse
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.factories import customer_mail, make_auto_response, make_ticket
from tests.mailgate.autoresponse.test_autoresponse import sent
from tickets.kinds import EventKind, Withheld
from tickets.letters.strangers_words import can_be_followed
from tickets.models import Event, Ticket

pytestmark = pytest.mark.django_db

LURE = "Win 1000 euro: http://evil.example/prijs"


@pytest.mark.parametrize(
    "words",
    [
        LURE,
        "Ga naar evil.example",
        "mail jan@evil.example",
        "op a.evil.com",
        "evil\u3002example",
        "Win 1000 euro: t.me/evil",
        "t.co/evil",
        "x.com?evil",
        "1.nl:80 evil",
        "1.nl#evil",
        "win-evil.zip",
        "win-evil.mov/x",
        "win-evil.pdf/x",
        "a b c d e f g h i j " * 2,
    ],
)
def test_a_strangers_words_do_not_come_back_by_themselves(queue: Queue, words: str) -> None:
    tags = "<KVV_CUSTOMER_REALNAME>|<KVV_CUSTOMER_DATA_USERLASTNAME>|<KVV_TICKET_TITLE>|<KVV_CUSTOMER_FROM>"
    make_auto_response(queue, html=f"<p>Hoi {tags}</p><p><KVV_CUSTOMER_EMAIL></p>")
    raw = (
        f'From: "{words} 0900-123456" <slachtoffer@victim.example>\r\nSubject: {words}\r\n'
        f"Message-ID: <a@post.example>\r\n\r\nHoe laat?\r\n{LURE}\r\n"
    )
    arrival = Arrival(raw=raw.encode(), way=InboundMessage.Way.PIPE, queue=queue)
    deliver(take_in_many([arrival], lease=uuid4()))
    autoresponse()
    left, sender = sent(), "slachtoffer@victim.example"
    number = Ticket.objects.get().number
    assert (left["To"], left["Subject"]) == (sender, f"[Ticket#{number}] Gelezen: je bericht")
    body = left.get_body(("plain",))
    assert body is not None
    lines = body.get_content().split()
    assert lines[:2] == ["Hoi", f"{sender}|-|je"]
    assert "Hoe laat?" in body.get_content()
    assert words.strip() not in left.as_string()
    assert "evil" not in left.as_string()


@pytest.mark.parametrize("piece", ["-aa.", "-\u2491", "a.", "a-", "aa.pdf."])
def test_looking_for_what_can_be_followed_costs_no_more_than_the_words_are_long(piece: str) -> None:
    words = piece * (10_000 // len(piece))
    began = time.process_time()
    can_be_followed(words)
    assert time.process_time() - began < 0.5


def test_a_name_and_a_question_are_named_as_they_are(queue: Queue) -> None:
    make_auto_response(queue, html="<p>Hoi <KVV_CUSTOMER_REALNAME></p>")
    header = '"J.P. van der Berg-Smit" <jan@post.example>'
    subject = "Hike van J.P. van Dam: begint Hike.pdf 12.5, a.s. zondag?"
    make_ticket(queue, article=customer_mail(from_header=header, subject=subject))
    autoresponse()
    assert sent()["To"] == header
    assert sent()["Subject"].endswith(f"Gelezen: {subject}")


def test_all_tickets_together_send_so_many_an_hour_and_tell_what_was_withheld(
    queue: Queue, settings: Any
) -> None:
    settings.AUTO_RESPONSES_PER_HOUR = 2
    make_auto_response(queue)
    for n in range(4):
        make_ticket(queue, article=customer_mail(from_header=f"n{n}@post.example"))
    autoresponse()
    assert OutboundMessage.objects.count() == 2
    reasons = Event.objects.filter(kind=EventKind.AUTO_WITHHELD).values_list(
        "changes__withheld__1__id", flat=True
    )
    assert list(reasons) == [Withheld.ENOUGH_THIS_HOUR] * 2
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        make_ticket(queue, article=customer_mail(from_header="n5@post.example"))
        autoresponse()
    assert OutboundMessage.objects.count() == 3
