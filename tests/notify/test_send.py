"""The mails that tell: what is in them, how many leave at once, and what does not leave any more."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agent
from notify.letters import write_notification
from notify.models import Notification, NotificationMail
from notify.tasks import decide, look_after_mails, send
from outbox.message_ids import is_ours
from outbox.models import OutboundMessage
from outbox.queueing import Outgoing
from outbox.verp import message_ids_in
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, customer_mail, make_ticket
from tests.notify.telling import keeps_an_eye_on, mails_to, states, subjects_to, text_of
from tests.notify.test_decide import note, own
from tickets.actions.note import add_note
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def start() -> datetime:
    """The database's clock is never in front of it."""
    return timezone.now() + MINUTE


@pytest.fixture(autouse=True)
def keen(owner: Agent, queue: Queue) -> None:
    keeps_an_eye_on(owner, queue)


def happens(queue: Queue, *, times: int = 1) -> list[Ticket]:
    """So many tickets come in, and all that is due is told."""
    tickets = [make_ticket(queue) for _n in range(times)]
    decide()
    send()
    return tickets


def test_a_mail_says_what_happened_where_and_by_whom_with_the_first_lines_and_one_link(
    owner: Agent, queue: Queue, settings: Settings
) -> None:
    settings.BASE_URL = "https://kvv.example"
    text = "Mag ik mee?\nKijk op www.elders.example\n" + "\n".join(f"regel {n}" for n in range(20))
    ticket = make_ticket(queue, article=customer_mail(subject="Zomerkamp", text=text))
    decide()
    send()
    (mail,) = mails_to(owner)
    said, html = text_of(mail), mail.get_body(("html",))
    assert html is not None
    assert mail["Subject"] == f"[Ticket#{ticket.number}] Nieuw ticket in je wachtrij: Zomerkamp"
    assert (mail["From"], mail["To"]) == (settings.DEFAULT_FROM_EMAIL, owner.email)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert is_ours(str(mail["Message-ID"]).strip("<>"))
    assert said.startswith(f"Er is een nieuw ticket in Spel.\n\nTicket#{ticket.number}: Zomerkamp\n")
    assert "Wachtrij: Spel\nVan: Karin Klant\n\n> Mag ik mee?\n> […]\n> regel 0\n" in said
    assert "regel 9" in said
    assert "regel 10" not in said
    assert f"\nhttps://kvv.example/tickets/{ticket.number}/\n" in said
    assert said.count("http") == html.get_content().count("http") == 1
    assert "Mag ik mee?<br>[…]<br>regel 0" in html.get_content()
    assert "Je krijgt deze e-mail omdat de wachtrij een van jouw wachtrijen is." in said
    assert OutboundMessage.objects.get().sender == ""


def test_a_changed_address_is_used_for_notifications_at_once_and_the_old_one_for_nothing(
    owner: Agent, queue: Queue
) -> None:
    """Also of what was to be told before it was changed."""
    before = Agent.objects.get(pk=owner.pk)
    make_ticket(queue)
    decide()
    owner.email = "nieuw@kvv.example"
    owner.save()
    send()
    assert (len(mails_to(owner)), mails_to(before)) == (1, [])


def test_it_is_in_the_language_of_who_gets_it_and_says_whose_it_was_where_that_can_be_told(
    owner: Agent, queue: Queue, settings: Settings
) -> None:
    settings.VERP, settings.DEFAULT_FROM_EMAIL = True, "KVV <kvv@kvv.example>"
    owner.preferences.language = "en"
    owner.preferences.save()
    happens(queue)
    assert "New ticket in your queue" in subjects_to(owner)[0]
    row = OutboundMessage.objects.get()
    assert row.message_id in message_ids_in(row.sender)


def test_a_queue_without_text_has_the_number_and_a_link_mailed_and_nothing_else(
    owner: Agent, queue: Queue
) -> None:
    queue.mails_without_text = True
    queue.save()
    ticket = make_ticket(queue, article=customer_mail(subject="Geheim", text="Geheim"))
    decide()
    send()
    (mail,) = mails_to(owner)
    assert mail["Subject"] == f"[Ticket#{ticket.number}] Nieuw ticket in je wachtrij"
    for word in ("Geheim", "Karin", "Spel"):
        assert word not in mail.as_string()
    happens(queue, times=4)
    with time_machine.travel(timezone.now() + HOUR, tick=False):
        happens(queue, times=7)
        (first, *_others) = make_ticket(queue), make_ticket(queue, article=customer_mail(subject="Geheim"))
        decide()
        send()
    with time_machine.travel(timezone.now() + HOUR + 11 * MINUTE, tick=False):
        send()
    summary = mails_to(owner)[-1]
    assert f"Ticket#{first.number}\n" in text_of(summary)
    assert "Geheim" not in summary.as_string()


def test_what_agents_write_to_each_other_does_not_leave_in_a_mail(
    owner: Agent, colleague: Agent, ticket: Ticket
) -> None:
    add_note(actor=actor(colleague), ticket=own(ticket, owner), note=note(html="<p>Kanarie</p>"), now=NOW)
    decide()
    send()
    mail = mails_to(owner)[-1]
    assert "Colleague heeft een notitie geschreven in dit ticket." in text_of(mail)
    assert "Kanarie" not in mail.as_string()


def test_five_leave_at_once_and_the_rest_becomes_one_summary_when_ten_minutes_are_over(
    owner: Agent, queue: Queue, start: datetime
) -> None:
    with time_machine.travel(start, tick=False) as clock:
        happens(queue, times=3)
        clock.move_to(start + 4 * MINUTE)
        later = happens(queue, times=6)
        happens(queue)
        assert len(mails_to(owner)) == 5
        clock.move_to(start + 10 * MINUTE - timedelta(seconds=1))
        last = happens(queue)
        assert len(mails_to(owner)) == 5
        clock.move_to(start + 10 * MINUTE)
        send()
        assert send() == 0
    *_five, summary = mails_to(owner)
    assert summary["Subject"] == "6 berichten over tickets"
    for ticket in (*later[2:], *last):
        assert f"Ticket#{ticket.number}: " in text_of(summary)
    assert set(states()) == {Notification.SENT}
    assert NotificationMail.objects.filter(ticket=None).count() == 1
    with time_machine.travel(start + 11 * MINUTE, tick=False):
        happens(queue, times=5)
    assert len(mails_to(owner)) == 6 + 3  # two of the first five count for a while


def test_a_single_one_that_had_to_wait_is_a_mail_of_its_own(
    owner: Agent, queue: Queue, start: datetime
) -> None:
    with time_machine.travel(start, tick=False) as clock:
        happens(queue, times=6)
        clock.move_to(start + 10 * MINUTE)
        send()
    assert "Nieuw ticket" in subjects_to(owner)[5]


def test_a_summary_names_fifty_tickets_and_says_how_many_more_there_are(
    owner: Agent, queue: Queue, start: datetime
) -> None:
    with time_machine.travel(start, tick=False) as clock:
        happens(queue, times=57)
        clock.move_to(start + 10 * MINUTE)
        send()
    said = text_of(mails_to(owner)[-1])
    assert said.count("/tickets/") == 50
    assert "En nog 2 tickets." in said


def test_a_right_that_is_lost_cancels_what_is_still_to_be_told_also_in_a_summary(
    owner: Agent, queue: Queue, other_queue: Queue, start: datetime
) -> None:
    with time_machine.travel(start, tick=False) as clock:
        tickets = happens(queue, times=8)
        Ticket.objects.filter(pk=tickets[-1].pk).update(queue=other_queue)
        clock.move_to(start + 10 * MINUTE)
        send()
        assert states() == [Notification.SENT] * 7 + [Notification.CANCELLED]
        assert tickets[-1].number not in mails_to(owner)[-1].as_string()
        make_ticket(queue)
        decide()
        QueuePermission.objects.all().delete()
        send()
        assert states()[-1] == Notification.CANCELLED


def test_who_lost_the_right_after_a_mail_was_queued_gets_it_without_what_they_may_not_know(
    owner: Agent, queue: Queue, other_queue: Queue, start: datetime
) -> None:
    """Also who has another address by now: the old one gets nothing any more."""
    with time_machine.travel(start, tick=False) as clock:
        tickets = happens(queue, times=8)
        clock.move_to(start + 10 * MINUTE)
        send()
        OutboundMessage.objects.exclude(subject__startswith="3 ").update(state=OutboundMessage.SENT)
        look_after_mails()
        assert OutboundMessage.objects.filter(state=OutboundMessage.CANCELLED).count() == 0
        Ticket.objects.filter(pk=tickets[-1].pk).update(queue=other_queue)
        look_after_mails()
        send()
        cancelled = OutboundMessage.objects.get(state=OutboundMessage.CANCELLED)
        assert cancelled.subject.startswith("3 ")
        again = [mail.as_string() for mail in mails_to(owner)[6:]]
        assert len(again) == 2
        assert all(tickets[-1].number not in mail for mail in again)
        Agent.objects.filter(pk=owner.pk).update(email="nieuw@post.example")
        look_after_mails()
        send()
        assert len(mails_to(Agent.objects.get(pk=owner.pk))) == 2


def test_what_is_not_sent_within_six_hours_is_dropped_wherever_it_waits(owner: Agent, queue: Queue) -> None:
    make_ticket(queue)
    decide()
    Notification.objects.update(created=timezone.now() - 7 * HOUR)
    send()
    assert (states(), mails_to(owner)) == ([Notification.LATE], [])
    happens(queue)
    with time_machine.travel(timezone.now() + 5 * HOUR, tick=False):
        look_after_mails()
    assert states()[1] == Notification.SENT
    with time_machine.travel(timezone.now() + 7 * HOUR, tick=False):
        look_after_mails()
    assert states()[1] == Notification.LATE
    assert OutboundMessage.objects.get().state == OutboundMessage.CANCELLED


def test_what_cannot_be_written_is_tried_again_and_takes_no_other_agent_with_it(
    owner: Agent, colleague: Agent, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeps_an_eye_on(colleague, queue)
    make_ticket(queue)
    decide()

    def write(row: Notification, **values: Any) -> Outgoing:
        if row.agent_id == owner.pk:
            raise ValueError("broken")
        return write_notification(row, **values)

    monkeypatch.setattr("notify.send.write_notification", write)
    send()
    assert len(mails_to(colleague)) == 1
    row = Notification.objects.get(agent=owner)
    assert (row.state, row.attempts, row.last_error) == (row.QUEUED, 1, "ValueError: broken")
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + MINUTE, tick=False):
        send()
    assert len(mails_to(owner)) == 1


def test_what_can_not_be_written_keeps_no_other_mail_from_its_agent(
    owner: Agent, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fragile(row: Notification, **about: Any) -> Outgoing:
        if row.event.ticket.title == "Stuk":
            raise ValueError("no such letter")
        return write_notification(row, **about)

    monkeypatch.setattr("notify.send.write_notification", fragile)
    make_ticket(queue, title="Stuk")
    make_ticket(queue, title="Heel")
    decide()
    send()
    assert [subject.rpartition(": ")[2] for subject in subjects_to(owner)] == ["Heel"]
    broken = Notification.objects.get(event__ticket__title="Stuk")
    assert (broken.state, broken.last_error) == (Notification.QUEUED, "ValueError: no such letter")
