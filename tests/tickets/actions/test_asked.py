"""Asking a colleague: a row each until it is done, told, never beyond their rights, and kept by a merge."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, answer, grant, make_agent, make_ticket
from tests.tickets.actions.merged import merge, undo
from tests.tickets.actions.written import words
from tickets.actions.asked import tell_in_vain, tick_off
from tickets.actions.move import move_ticket
from tickets.actions.note import add_note
from tickets.actions.owner import change_owner
from tickets.actions.reply import reply_to_ticket
from tickets.errors import BadInput
from tickets.history import sentences
from tickets.models import Asked, Event, Ticket
from tickets.queries.asked import asked_about, asked_in_vain, questions_to
from tickets.queries.counted import my_counters

pytestmark = pytest.mark.django_db


def ask(by: Agent, ticket: Ticket, *whom: Agent, **changes: Any) -> None:
    add_note(actor=actor(by), ticket=ticket, **words(asked=whom, **changes))


def waiting(ticket: Ticket) -> list[Agent]:
    return [question.agent for question in asked_about(ticket)]


def figure(agent: Agent) -> int:
    return my_counters(actor(agent)).asked


def test_who_is_asked_is_told_of_counted_and_done_with_their_own_note(
    ticket: Ticket, owner: Agent, colleague: Agent, reader: Agent
) -> None:
    ask(owner, ticket, colleague, reader, html="<p>Weet jij  wie de\npenningmeester is?</p>")
    assert sentences(Event.objects.latest("pk")) == ["Gevraagd aan: Colleague", "Gevraagd aan: Reader"]
    (question,) = questions_to(actor(reader), most=5)
    assert (question.by, question.ticket) == (owner, ticket)
    assert question.words == "Weet jij wie de penningmeester is?"
    ask(owner, ticket, reader)  # once more: the newer question is instead of the one before
    assert (waiting(ticket), figure(reader)) == ([colleague, reader], 1)
    ask(colleague, ticket, owner)  # who asks back has done their part
    assert waiting(ticket) == [reader, owner]
    ask(owner, ticket)
    assert waiting(ticket) == [reader]


def test_an_answer_is_enough_and_so_is_a_tick_which_is_told_once(
    ticket: Ticket, owner: Agent, colleague: Agent, reader: Agent
) -> None:
    ask(owner, ticket, colleague, reader)
    reply_to_ticket(actor=actor(colleague), ticket=ticket, answer=answer(ticket), now=NOW)
    assert waiting(ticket) == [reader]
    for _twice in range(2):
        tick_off(actor=actor(reader), ticket=ticket, now=NOW)
    assert waiting(ticket) == []
    assert Event.objects.filter(kind="ticked_off", agent=reader).count() == 1
    assert set(Asked.objects.values_list("done_at", flat=True)) == {NOW}


def test_a_new_owner_and_another_queue_ask_too_by_the_rights_there(
    ticket: Ticket, other_queue: Queue, owner: Agent, colleague: Agent, stranger: Agent
) -> None:
    change_owner(actor=actor(owner), ticket=ticket, new_owner=owner, **words(html="", asked=(colleague,)))
    assert waiting(ticket) == [colleague]
    grant(owner, other_queue, QueuePermission.Right.MOVE_INTO)
    ticket.refresh_from_db()
    moved: dict[str, Any] = {"ticket": ticket, "queue": other_queue, "actor": actor(owner)}
    with pytest.raises(BadInput, match="Colleague ziet geen tickets in die wachtrij"):
        move_ticket(**moved, **words(asked=(colleague,)))
    move_ticket(**moved, **words(asked=(stranger,)))
    assert waiting(ticket) == [colleague, stranger]


@pytest.mark.parametrize("most", ["AT_ONCE_MOST", "WAITING_MOST"])
def test_there_is_an_end_to_asking(
    ticket: Ticket, owner: Agent, colleague: Agent, monkeypatch: pytest.MonkeyPatch, most: str
) -> None:
    monkeypatch.setattr(f"tickets.changing.asking.{most}", 0)
    with pytest.raises(BadInput):
        ask(owner, ticket, colleague)


def test_nobody_asks_themselves_a_stranger_or_who_is_gone(
    ticket: Ticket, owner: Agent, stranger: Agent
) -> None:
    gone = make_agent(is_active=False)
    for whom in (owner, stranger, gone):
        with pytest.raises(BadInput):
            ask(owner, ticket, whom)
    assert not Asked.objects.exists()


def lose_right(colleague: Agent) -> None:
    colleague.groups.clear()


def leave(colleague: Agent) -> None:
    Agent.objects.filter(pk=colleague.pk).update(is_active=False)


@pytest.mark.parametrize("lose", [lose_right, leave])
def test_a_lost_right_takes_the_question_out_of_sight_and_the_asker_is_told_once(
    ticket: Ticket, owner: Agent, colleague: Agent, lose: Callable[[Agent], None]
) -> None:
    ask(owner, ticket, colleague)
    assert tell_in_vain(now=NOW) == 0
    lose(colleague)
    assert figure(Agent.objects.get(pk=colleague.pk)) == 0
    assert [tell_in_vain(now=NOW) for _twice in range(2)] == [1, 0]
    told = ticket.events.latest("pk")
    assert (told.kind, told.agent) == ("out_of_sight", None)
    assert sentences(told) == ["Het was gevraagd aan Colleague, die dit ticket niet meer kan zien."]
    assert [question.sees_it for question in asked_about(ticket)] == [False]
    assert [question.agent for question in asked_in_vain(actor(owner))] == [colleague]
    assert asked_in_vain(actor(colleague)) == []


def test_a_merge_takes_questions_along_and_undoing_it_gives_back_what_is_not_done(
    ticket: Ticket, queue: Queue, owner: Agent, colleague: Agent, reader: Agent
) -> None:
    main, third = make_ticket(queue), make_agent("third")
    grant(third, queue, QueuePermission.Right.READ)
    ask(owner, ticket, colleague, reader, third)
    ask(owner, main, colleague)
    merge(owner, ticket, main)
    assert (waiting(ticket), waiting(main)) == ([], [reader, third, colleague])
    assert figure(colleague) == 1
    tick_off(actor=actor(third), ticket=main, now=NOW)
    undo(owner)
    assert (waiting(ticket), waiting(main)) == ([colleague, reader], [colleague])
