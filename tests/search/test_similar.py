"""Which answered questions are found beside a question, and whose answers they bring."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent, Customer
from benchmarks.similar import everyday_pairs
from queues.access import rights_of
from queues.models import Queue
from search import earlier as earlier_module
from search import similar
from search.earlier import (
    answer_of,
    is_not_useful,
    last_questions,
    similar_answers,
    tickets_taken_from,
)
from search.filling import begin, fill_for_a_while
from search.models import AnsweredQuestion, NotUseful
from search.questions import asked_words, lexemes_of
from search.similar import alike, similar_to
from tests.factories import NOW, actor, answer, customer_mail, make_ticket
from tests.search.finding import keep_words
from tests.search.test_index import form
from tickets.actions.follow_up import add_follow_up
from tickets.actions.merge import merge_tickets
from tickets.actions.reply import reply_to_ticket
from tickets.actor import Actor
from tickets.errors import BadInput, NotAllowed
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

INSURED = "Is een gastlid verzekerd tijdens het zomerkamp van de welpen?"
ASKED = "Zijn gastleden op zomerkamp ook verzekerd?"
STATEMENTS_MOST = 9


@pytest.fixture(autouse=True)
def statistics(monkeypatch: pytest.MonkeyPatch) -> Callable[[], similar._Statistics]:
    """PostgreSQL knows nothing yet, but what it is asked for by this."""
    read = similar._read_statistics
    monkeypatch.setattr(similar, "_known", None)
    monkeypatch.setattr(similar, "_read_statistics", lambda: similar._Statistics(0, {}, 0))
    return read


def asked(queue: Queue, text: str = INSURED, **values: object) -> Ticket:
    return make_ticket(queue, article=customer_mail(subject="", text=text), **values)


def answered(queue: Queue, agent: Agent, text: str = INSURED, **values: object) -> Ticket:
    """A closed ticket whose question was answered, and is findable."""
    ticket = asked(queue, text)
    reply_to_ticket(actor=actor(agent), ticket=ticket, answer=answer(ticket, **values), now=NOW)
    keep_words(ticket)
    return ticket


def close(ticket: Ticket) -> None:
    closed = state_by_key("closed_successful")
    Ticket.objects.filter(pk=ticket.pk).update(state=closed, state_type=closed.type, closed_at=NOW)


def found(ticket: Ticket, agent: Agent) -> list[int]:
    return similar_to(ticket, rights=rights_of(agent)).ids


def test_a_question_finds_the_one_like_it_that_was_answered(queue: Queue, owner: Agent) -> None:
    first = answered(queue, owner)
    answered(queue, owner, "Wanneer komt de factuur voor de contributie?")
    ticket = asked(queue, ASKED)
    assert found(ticket, owner) == [first.pk]
    assert found(first, owner) == []
    assert found(asked(queue, "Dag"), owner) == found(asked(queue, ""), owner) == []
    assert found(asked(queue, "Volslagen onbekendheid"), owner) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Beste mensen,\n\nIs het kamp vol?\n\nMet vriendelijke groet,\nJan de Boer\nGroep 12",
            "is het kamp vol",
        ),
        ("Is het kamp vol?\n\nOp 1 mei 2026 schreef Karin:\n> Ja, vol", "is het kamp vol"),
        ("> Oud\nIs het kamp vol?", "is het kamp vol"),
        ("Mail a@post.example of bel 0612345678, zie https://kvv.example/kamp 12", "mail of bel zie 12"),
        ("Hoi!", "hoi"),
    ],
)
def test_what_stands_around_a_question_is_no_word_of_it(text: str, words: str) -> None:
    assert asked_words("Re: [Ticket#2026112410000313]", text) == words.split()


def test_the_forms_of_a_word_are_one() -> None:
    forms = lexemes_of([["fiets"], ["fietsen"], ["verzekerd", "verzekerde"], ["de", "een"], []])
    assert forms == [["fiet"], ["fiet"], ["verzekerd"], [], []]


def test_only_what_was_asked_and_answered_has_a_row(queue: Queue, owner: Agent) -> None:
    ticket = asked(queue)
    keep_words(ticket)
    assert not AnsweredQuestion.objects.exists()
    reply_to_ticket(
        actor=actor(owner), ticket=ticket, answer=answer(ticket, state=state_by_key("open")), now=NOW
    )
    keep_words(ticket)
    assert AnsweredQuestion.objects.get().pk == ticket.pk
    other = asked(queue, ASKED)
    assert found(other, owner) == []  # it is not closed
    close(ticket)
    assert found(other, owner) == [ticket.pk]


def test_the_tickets_of_before_get_theirs_in_the_same_pass(queue: Queue, owner: Agent) -> None:
    ticket = answered(queue, owner)
    AnsweredQuestion.objects.all().delete()
    begin(is_whole=True)
    fill_for_a_while()
    assert AnsweredQuestion.objects.get().pk == ticket.pk


def test_what_was_merged_is_found_as_what_it_went_up_in(queue: Queue, owner: Agent) -> None:
    gone, main = answered(queue, owner), answered(queue, owner, "Iets heel anders")
    merge_tickets(actor=actor(owner), ticket=gone, into=main, form=form(), now=NOW)
    assert found(asked(queue, ASKED), owner) == []
    keep_words(gone, main)
    assert [row.pk for row in AnsweredQuestion.objects.all()] == [main.pk]


def test_of_queues_that_are_not_theirs_an_agent_finds_nothing_whatever_was_indexed(
    queue: Queue, other_queue: Queue, owner: Agent, stranger: Agent, superuser: Agent
) -> None:
    first, ticket = answered(queue, owner), asked(other_queue, ASKED)
    assert found(ticket, stranger) == []
    Ticket.objects.filter(pk=first.pk).update(queue=other_queue)  # and the consumer has not heard of it
    assert found(ticket, stranger) == found(ticket, superuser) == [first.pk]
    assert found(asked(queue, ASKED), owner) == []
    article = similar_answers(ticket, rights=rights_of(stranger)).answers[0].article
    assert article is not None
    assert answer_of(ticket=ticket, article_id=article, rights=rights_of(stranger)) is not None
    assert answer_of(ticket=ticket, article_id=article, rights=rights_of(owner)) is None
    assert tickets_taken_from([first.number], rights=rights_of(owner)) == []


def test_more_is_searched_by_the_words_that_they_share_or_else_by_the_subject(
    queue: Queue, other_queue: Queue, owner: Agent, stranger: Agent
) -> None:
    """Never by what only those have that the agent does not see."""
    answered(queue, owner)
    answered(other_queue, stranger, f"{INSURED} Welke contributie?")
    ticket = asked(queue, f"Contributie? {ASKED}", title="Re: Gast mee")
    words = similar_answers(ticket, rights=rights_of(owner)).words
    assert sorted(words) == ["verzekerd", "zomerkamp"]
    nothing = asked(queue, "Volslagen onbekendheid", title="Re: Gast mee")
    assert similar_answers(nothing, rights=rights_of(owner)).words == ["gast", "mee"]
    nothing.title = "?"
    assert similar_answers(nothing, rights=rights_of(owner)).words == []


def test_each_comes_with_its_last_answer_and_whether_the_customer_wrote_back(
    queue: Queue, owner: Agent
) -> None:
    first = answered(queue, owner, html="<p>Beste Karin,</p><p>Ja, dat mag.</p><p>Groet, Hand</p>")
    ticket = asked(queue, ASKED)
    (told,) = similar_answers(ticket, rights=rights_of(owner)).answers
    assert (told.ticket, told.says, told.at, told.was_written_back) == (first, "Ja, dat mag.", NOW, False)
    add_follow_up(actor=Actor.mail(), ticket=first, article=customer_mail(text="En de leiding?"), now=NOW)
    close(first)
    (told,) = similar_answers(ticket, rights=rights_of(owner)).answers
    assert told.was_written_back


def test_what_is_not_useful_is_not_offered_there_any_more_to_anybody(
    queue: Queue, owner: Agent, reader: Agent, superuser: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, ticket, other = answered(queue, owner), asked(queue, ASKED), asked(queue, ASKED)
    with pytest.raises(NotAllowed):
        is_not_useful(actor=actor(reader), ticket=ticket, other=first)
    for _twice in range(2):
        is_not_useful(actor=actor(owner), ticket=ticket, other=first)
    assert NotUseful.objects.get().agent == owner
    assert found(ticket, owner) == found(ticket, superuser) == []
    assert found(other, owner) == [first.pk]
    is_not_useful(actor=actor(owner), ticket=ticket, other=first, is_so=False)
    assert found(ticket, owner) == [first.pk]
    monkeypatch.setattr(earlier_module, "NOT_USEFUL_MOST", 0)
    with pytest.raises(BadInput):
        is_not_useful(actor=actor(owner), ticket=ticket, other=first)


def test_the_last_three_questions_of_a_customer_are_those_that_the_agent_sees(
    queue: Queue, other_queue: Queue, owner: Agent, customer: Customer
) -> None:
    old, one, two = (asked(queue, f"Vraag {n}", customer=customer) for n in range(3))
    asked(other_queue, "Elders", customer=customer)
    asked(queue, "Van een ander")
    three = asked(queue, "Beantwoord", customer=customer)
    reply_to_ticket(actor=actor(owner), ticket=three, answer=answer(three), now=NOW)
    ticket = asked(queue, "Nu", customer=customer)
    last = last_questions(ticket, rights=rights_of(owner))
    assert [each.ticket for each in last] == [three, two, one]
    assert [each.says for each in last] == ["Zo gaat dat.", "", ""]
    assert old not in [each.ticket for each in last]
    assert last_questions(asked(queue), rights=rights_of(owner)) == []


def test_finding_takes_as_many_statements_whatever_there_is(queue: Queue, owner: Agent) -> None:
    ticket, rights = asked(queue, ASKED), rights_of(owner)
    counts = []
    for number in range(3):
        answered(queue, owner, f"{INSURED} {number}")
        with CaptureQueriesContext(connection) as captured:
            assert len(similar_to(ticket, rights=rights).ids) == number + 1
        counts.append(len(captured))
    assert counts[1] == counts[2] <= STATEMENTS_MOST


def test_a_word_that_statistics_know_is_not_counted_again(
    queue: Queue,
    owner: Agent,
    statistics: Callable[[], similar._Statistics],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tickets = Ticket.objects.bulk_create(_closed(queue, number) for number in range(400))
    AnsweredQuestion.objects.bulk_create(
        AnsweredQuestion(ticket=ticket, words=["kamp", f"w{place % 40}"])
        for place, ticket in enumerate(tickets)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_answeredquestion")
    monkeypatch.setattr(similar, "_read_statistics", statistics)
    assert similar._statistics().often["kamp"] == pytest.approx(400)
    ticket, rights = asked(queue, "w7 kamp"), rights_of(owner)
    sevens = {each.pk for each in tickets[7::40]}
    assert set(alike("", "w7 kamp", but=ticket, rights=rights).ids) <= sevens
    with CaptureQueriesContext(connection) as captured:
        alike("", "w7 kamp", but=ticket, rights=rights)
    assert "pg_stats" not in str(captured.captured_queries)


def test_everyday_questions_in_other_words_are_found(queue: Queue, owner: Agent) -> None:
    pairs = everyday_pairs()
    tickets = Ticket.objects.bulk_create(_closed(queue, number) for number in range(len(pairs)))
    words = lexemes_of(asked_words(*first) for first, _again in pairs)
    AnsweredQuestion.objects.bulk_create(
        AnsweredQuestion(ticket=ticket, words=each) for ticket, each in zip(tickets, words, strict=True)
    )
    rights = rights_of(owner)
    found = [alike(*again, but=Ticket(pk=0), rights=rights).ids for _first, again in pairs]
    first = sum(each[:1] == [ticket.pk] for each, ticket in zip(found, tickets, strict=True))
    among = sum(ticket.pk in each for each, ticket in zip(found, tickets, strict=True))
    assert len(pairs) == 40
    assert (first, among) == (30, 37)


def _closed(queue: Queue, number: int) -> Ticket:
    closed = state_by_key("closed_successful")
    return Ticket(
        number=f"20200101{number:08}", title="", queue=queue, state=closed, state_type="closed", closed_at=NOW
    )
