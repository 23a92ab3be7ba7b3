"""What `make faults` counts of what agents are told: it sees what is lost, doubled or unasked for."""

from collections import Counter

import pytest

from accounts.models import Agent
from benchmarks.faults.quiet import let_summaries_leave
from benchmarks.faults.told import told
from notify.models import Notification
from notify.tasks import decide, send
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.factories import NOW, actor, customer_mail, make_ticket
from tests.notify.telling import keeps_an_eye_on
from tests.notify.test_decide import note
from tests.tickets.actions.merged import merge
from tickets.actions.close import close_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def follow_up(ticket: Ticket) -> None:
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)


@pytest.fixture
def copies(owner: Agent, colleague: Agent, queue: Queue) -> Counter[str]:
    """What reached the catcher after tickets came in, changed hands, were merged, noted in and closed."""
    for agent in (owner, colleague):
        keeps_an_eye_on(agent, queue)
    first, second, third, *_others = [make_ticket(queue) for _n in range(5)]
    lock_ticket(actor=actor(owner), ticket=first, now=NOW)
    follow_up(first)
    decide()
    merge(colleague, second, third)
    add_note(actor=actor(colleague), ticket=first, note=note(), now=NOW)
    follow_up(third)
    late = make_ticket(queue)
    close_ticket(
        actor=actor(owner), ticket=late, note=note(), state=state_by_key("closed_successful"), now=NOW
    )
    decide()
    send()
    let_summaries_leave()
    send()
    OutboundMessage.objects.update(state=OutboundMessage.SENT)
    return Counter(OutboundMessage.objects.values_list("message_id", flat=True))


def wrong(copies: Counter[str]) -> set[str]:
    return {name for name, figure in told(copies=copies).items() if name.startswith("wrong_") and figure}


def test_where_all_were_told_nothing_is_wrong_and_what_was_dropped_by_rule_is_named(
    copies: Counter[str],
) -> None:
    counted = told(copies=copies)
    assert wrong(copies) == set()
    assert counted["reasons"] == {"new": 10, "follow_up": 3, "note": 1}
    assert counted["summaries"] == 1
    assert counted["dropped"] == {"closed or merged before it was decided": 2}


def test_what_was_lost_doubled_or_told_without_reason_is_found(copies: Counter[str], reader: Agent) -> None:
    copies[next(iter(copies))] += 1
    assert wrong(copies) == {"wrong_doubled"}
    missing = copies.popitem()
    assert wrong(copies) == {"wrong_doubled", "wrong_not_left"}
    copies |= {"other@kvv.example": 1, missing[0]: 1}
    assert wrong(copies) == {"wrong_doubled", "wrong_unknown_mails"}
    del copies["other@kvv.example"]
    copies.subtract([next(iter(copies))])
    assert wrong(copies) == set()
    row = Notification.objects.filter(reason="new").latest("pk")
    Notification.objects.filter(pk=row.pk).update(agent=reader)
    assert wrong(copies) == {"wrong_lost", "wrong_unknown"}
