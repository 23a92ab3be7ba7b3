"""What an admin has mails to agents say, in place of KVV's own words."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Agent
from notify.models import NotificationText
from notify.reasons import Reason
from notify.tasks import decide, send
from notify.words import SHORT, own_sentence
from queues.models import Queue
from queues.placeholders import tags_in
from tests.factories import NOW, actor, customer_mail, make_ticket
from tests.notify.telling import keeps_an_eye_on, mails_to, subjects_to, text_of
from tests.notify.test_decide import note, own
from tickets.actions.note import add_note
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

LINK = "Kijk op www.elders.example"


def say(reason: str, *, language: str = "nl", short: str = "", sentence: str = "") -> None:
    NotificationText.objects.create(reason=reason, language=language, short=short, sentence=sentence)


def test_a_mail_has_the_words_of_an_admin_filled_in_in_the_language_of_who_gets_it(
    owner: Agent, colleague: Agent, queue: Queue
) -> None:
    keeps_an_eye_on(owner, queue)
    keeps_an_eye_on(colleague, queue, language="en")
    say(
        Reason.NEW,
        short="<KVV_TICKET_NUMBER> in <KVV_QUEUE>",
        sentence="Hoi <KVV_NOTIFICATION_RECIPIENT_USERFIRSTNAME>, kijk naar <KVV_TICKET_TITLE>!",
    )
    ticket = make_ticket(queue, article=customer_mail(subject="Mag <b>ik</b> mee?"))
    decide()
    send()
    subject = f"[Ticket#{ticket.number}] {ticket.number} in Spel: Mag <b>ik</b> mee?"
    assert subjects_to(owner) == [subject]
    (mail,) = mails_to(owner)
    assert text_of(mail).startswith(f"Hoi {owner.first_name or owner}, kijk naar Mag <b>ik</b> mee?!\n")
    html = mail.get_body(("html",))
    assert html is not None
    assert "kijk naar Mag &lt;b&gt;ik&lt;/b&gt; mee?!" in html.get_content()
    assert "New ticket in your queue" in subjects_to(colleague)[0]
    assert text_of(mails_to(colleague)[0]).startswith("There is a new ticket in Spel.\n")


def test_an_empty_field_leaves_what_kvv_says_itself(owner: Agent, colleague: Agent, ticket: Ticket) -> None:
    say(Reason.NOTE, sentence="Lees wat <KVV_CURRENT_USERFULLNAME> schrijft.")
    add_note(actor=actor(colleague), ticket=own(ticket, owner), note=note(), now=NOW)
    decide()
    send()
    assert "Nieuwe notitie" in subjects_to(owner)[-1]
    assert text_of(mails_to(owner)[-1]).startswith(f"Lees wat {colleague} schrijft.\n")


def test_of_a_queue_without_text_and_of_a_title_that_leads_somewhere_no_word_of_it_leaves(
    owner: Agent, queue: Queue
) -> None:
    keeps_an_eye_on(owner, queue)
    say(Reason.NEW, short="Let op <KVV_TICKET_TITLE>", sentence="Over <KVV_TICKET_TITLE>.")
    make_ticket(queue, article=customer_mail(subject=LINK))
    decide()
    send()
    assert subjects_to(owner)[0].endswith("] Let op -")
    assert text_of(mails_to(owner)[0]).startswith("Over -.\n")
    queue.mails_without_text = True
    queue.save()
    make_ticket(queue, article=customer_mail(subject="Geheim"))
    NotificationText.objects.update(short="Let op <KVV_TICKET_TITLE>")
    decide()
    send()
    assert subjects_to(owner)[1].endswith("] Nieuw ticket in je wachtrij")
    assert "Geheim" not in mails_to(owner)[1].as_string()
    NotificationText.objects.update(short="Let op")
    make_ticket(queue)
    decide()
    send()
    assert subjects_to(owner)[2].endswith("] Let op")


def test_a_summary_says_it_too_and_the_texts_are_one_statement_for_all_mails(
    owner: Agent, queue: Queue
) -> None:
    keeps_an_eye_on(owner, queue)
    say(Reason.NEW, short="Vers voor <KVV_QUEUE>")
    for _n in range(8):
        make_ticket(queue)
    decide()
    with CaptureQueriesContext(connection) as asked:
        send()
    assert sum("notificationtext" in query["sql"] for query in asked) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        send()
    assert text_of(mails_to(owner)[-1]).count("\nVers voor Spel\n") == 3


@pytest.mark.parametrize("language", ["nl", "en"])
def test_all_that_can_be_told_has_words_of_kvv_with_placeholders_that_are_filled_in(language: str) -> None:
    with translation.override(language):
        for reason in Reason:
            assert str(SHORT[reason])
            assert tags_in(own_sentence(reason)) <= {"CURRENT_USERFULLNAME", "QUEUE"}
            assert "%" not in own_sentence(reason)
