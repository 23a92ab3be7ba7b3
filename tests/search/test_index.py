"""How what is said in tickets becomes findable."""

import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent, Customer
from queues.models import Queue, QueuePermission
from search import index as index_module
from search.index import current_version, index
from search.models import TicketText
from search.stems import phrase_query, prefix_query, stems_of, word_query
from search.tasks import index_waiting
from search.texts import BODY_MOST, TICKET_MOST
from search.vectors import LAST
from search.words import whole_address, words_of
from tests.factories import NOW, actor, answer, customer_mail, grant, make_customer, make_ticket, stored_file
from tickets.actions.customer import change_customer
from tickets.actions.follow_up import add_follow_up
from tickets.actions.merge import merge_tickets
from tickets.actions.move import move_ticket
from tickets.actions.note import add_note
from tickets.actions.reply import reply_to_ticket
from tickets.actions.unmerge import unmerge_tickets
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.changing.written import Written
from tickets.kinds import SEARCH
from tickets.models import EventTask, Ticket, TicketMerge
from work.locks import Lock

pytestmark = pytest.mark.django_db
STATEMENTS_A_BATCH = 5


def has(ticket: Ticket, query: str, column: str = "everything") -> bool:
    """Whether the ticket's row matches a tsquery."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} @@ %s::tsquery FROM search_tickettext WHERE ticket_id = %s",  # noqa: S608
            [query, ticket.pk],
        )
        return bool(cursor.fetchone()[0])


def finds(ticket: Ticket, text: str, **ways: Any) -> bool:
    """Whether the ticket is found by a phrase, one word, or the beginning of one with `*`."""
    column = ways.pop("column", "everything")
    if text.endswith("*"):
        return has(ticket, prefix_query(text[:-1], **ways), column)
    address = whole_address(text)
    query = word_query(address, **ways) if address else phrase_query(words_of(text), **ways)
    return has(ticket, query, column)


def indexed(queue: Queue, *bodies: str, **values: Any) -> Ticket:
    """A ticket with these bodies, that can be found."""
    first, *more = bodies or ("Vraag.",)
    ticket = make_ticket(queue, article=customer_mail(text=first, **values))
    for body in more:
        follow_up(ticket, text=body)
    index_waiting()
    return ticket


def follow_up(ticket: Ticket, **values: Any) -> None:
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(**values), now=NOW)


def form(**values: Any) -> Form:
    return Form(**{"submission": uuid.uuid4(), "seen_event": 10**9, **values})


def written(text: str) -> Written:
    return Written(submission=uuid.uuid4(), seen_event=10**9, subject="Notitie", html=f"<p>{text}</p>")


@pytest.mark.parametrize(
    ("said", "sought"),
    [
        ("fietsen", "fiets"),
        ("de fiets", "fietsen"),
        ("drie huizen", "huis"),
        ("twee brieven", "brief"),
        ("aanmeldingen", "aanmelding"),
        ("cliënten", "client"),
        ("payments", "payment"),
        ("foto's", "foto"),
        ("AB-1234", "ab 1234"),
        ("12e5abc", "12E5ABC"),
        ("Москва", "москва"),
        ("jan@voorbeeld.nl", "Jan@Voorbeeld.nl"),
        ("jan@voorbeeld.nl", "voorbeeld"),
        ("o'neill@voorbeeld.nl", "o'neill@voorbeeld.nl"),
        ("vergadering", "vergaderi*"),
        ("het formulier in tweevoud", "formulier in tweevoud"),
        ("het formulier en het bedrag", "formulier op de bedrag"),
    ],
)
def test_a_word_is_found_by_its_stems_in_both_languages(queue: Queue, said: str, sought: str) -> None:
    assert finds(indexed(queue, said), sought)


def test_all_that_a_word_is_found_by_stands_at_one_place() -> None:
    assert set(stems_of(["kosten"])["kosten"]) == {"kosten", "kost"}
    assert set(stems_of(["aanmelding"])["aanmelding"]) == {"aanmelding", "aanmeld"}
    assert stems_of(["will"])["will"] == stems_of(["niet"])["niet"] == ()
    assert stems_of(["kvv"])["kvv"] == ("kvv",)
    assert phrase_query(["de", "kosten", "van", "kamp"]) == "('kosten' | 'kost') <2> 'kamp'"
    assert phrase_query(["kosten", "ka"], is_open=True, weights="D") == "('kosten':D | 'kost':D) <1> 'ka':*D"
    assert phrase_query(["de", "will"]) == word_query("de") == ""


def test_no_phrase_is_found_across_two_texts(queue: Queue) -> None:
    ticket = indexed(queue, "Eerste tekst eindigt zomer", "kamp begint de tweede", subject="Onderwerp winter")
    assert finds(ticket, "eindigt zomer")
    assert finds(ticket, "kamp begint")
    assert not finds(ticket, "zomer kamp")
    assert not finds(ticket, "winter eerste")


def test_what_was_said_where_is_told_apart(queue: Queue) -> None:
    file = stored_file(name="kamp_brief-2026.pdf", is_inline=False)
    hidden = stored_file(name="image001.png", is_inline=True)
    ticket = indexed(
        queue,
        "Over rekeningen.",
        subject="Betaling mislukt",
        from_header="Rosa van Dijk <rosa@post.example>",
        from_address="rosa@post.example",
        to="Loket <loket@kvv.example>",
        cc="Tim Bos <tim@post.example>",
        files=[file, hidden],
    )
    assert finds(ticket, "betaling", weights="A")
    assert finds(ticket, "betaling", column="subjects")
    assert not finds(ticket, "rekeningen", column="subjects")
    assert finds(ticket, "rosa@post.example", weights="B")
    assert [finds(ticket, who, column="people", weights="A") for who in ("rosa", "loket", "tim")] == [1, 0, 0]
    assert [finds(ticket, who, column="people", weights="B") for who in ("rosa", "loket", "tim")] == [0, 1, 0]
    assert [finds(ticket, who, column="people", weights="C") for who in ("rosa", "loket", "tim")] == [0, 0, 1]
    assert finds(ticket, "kamp brief 2026", weights="C")
    assert not finds(ticket, "image001")
    assert finds(ticket, "rekening", weights="D")
    assert not finds(ticket, "rekening", weights="ABC")
    assert finds(ticket, f"{ticket.number[:9]}*", weights="A")
    assert not finds(ticket, ticket.number, column="subjects")


def test_a_ticket_is_found_by_its_customer_whoever_wrote(queue: Queue, owner: Agent) -> None:
    ticket = indexed(queue, "Vraag.", from_header="Kantoor <info@kantoor.example>")
    customer = make_customer("sanne@post.example")
    Customer.objects.filter(pk=customer.pk).update(first_name="Sanne", last_name="Storm", code="K-7781")
    customer.refresh_from_db()
    assert not finds(ticket, "sanne storm")
    change_customer(actor=actor(owner), ticket=ticket, customer=customer, form=form(), now=NOW)
    index_waiting()
    assert finds(ticket, "sanne storm", column="people", weights="D")
    assert finds(ticket, "k-7781")
    assert finds(ticket, "sanne@post.example")


def test_notes_and_answers_are_found_too(queue: Queue, owner: Agent) -> None:
    ticket = indexed(queue, "Vraag.")
    add_note(actor=actor(owner), ticket=ticket, note=written("Overleg gehad met penningmeester"), now=NOW)
    reply_to_ticket(
        actor=actor(owner), ticket=ticket, answer=answer(ticket, html="<p>Dat kost tien euro</p>"), now=NOW
    )
    index_waiting()
    assert finds(ticket, "overleg gehad met penningmeester")
    assert finds(ticket, "kosten")


def test_quoted_history_counts_once_where_it_was_said(queue: Queue) -> None:
    said = "Wanneer begint het zomerkamp van de welpen precies?"
    quoting = f"Op vrijdag.\n\nOp 1 mei schreef Karin:\n> {said}\n"
    ticket = indexed(
        queue, said, quoting, f"Fijn!\n\n> Op vrijdag.\n>\n> Op 1 mei schreef Karin:\n>> {said}\n"
    )
    assert places(ticket, "zomerkamp") == 1
    assert finds(ticket, "op vrijdag")
    other = indexed(queue, f"Wat betekent dit?\n> {said}")
    assert places(other, "zomerkamp") == 1


def places(ticket: Ticket, lexeme: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cardinality(positions) FROM search_tickettext, unnest(everything) "
            "WHERE ticket_id = %s AND lexeme = %s",
            [ticket.pk, lexeme],
        )
        return int(cursor.fetchone()[0])


def test_of_a_long_body_the_beginning_counts_and_it_is_known(queue: Queue) -> None:
    filler = "woord " * (BODY_MOST // 6)
    ticket = indexed(queue, f"beginwoord {filler} eindwoord", "daarna")
    assert finds(ticket, "beginwoord")
    assert finds(ticket, "daarna")
    assert not finds(ticket, "eindwoord")
    assert TicketText.objects.get(pk=ticket.pk).is_cut
    assert not TicketText.objects.get(pk=indexed(queue).pk).is_cut


def test_beyond_the_last_place_words_are_found_and_phrases_are_not(queue: Queue) -> None:
    ticket = indexed(queue, f"{'woord ' * LAST} ver weg gestuurd naar post@voorbeeld.nl", subject="Kop")
    assert finds(ticket, "gestuurd")
    assert finds(ticket, "post@voorbeeld.nl")
    assert not finds(ticket, "weg gestuurd")
    assert TicketText.objects.get(pk=ticket.pk).is_cut


def test_a_ticket_of_any_size_can_be_found(queue: Queue) -> None:
    bodies = [" ".join(f"w{n}x{m}" for m in range(BODY_MOST // 9)) for n in range(100, 107)]
    ticket = indexed(queue, *bodies, subject="Lang verhaal")
    assert finds(ticket, "lang verhaal")
    assert finds(ticket, "w100x0")
    assert not finds(ticket, "w106x9")
    assert TicketText.objects.get(pk=ticket.pk).is_cut
    assert sum(map(len, bodies)) > TICKET_MOST


@pytest.mark.parametrize(
    "text",
    [
        "",
        "'",
        "\\",
        "a'b\\c:1A <-> & | ! ( ) :*",
        "x" * 5_000,
        "😀 日本語 \u202e\u0301",
        "'" * 300,
        "@.@ '@'.' a'@b.c",
    ],
)
def test_any_text_becomes_a_row_and_a_query(queue: Queue, text: str) -> None:
    ticket = indexed(queue, f"{text} gewoon", subject=text[:900], from_header=text[:900], to=text)
    assert finds(ticket, "gewoon")
    if words := words_of(text):
        assert finds(ticket, " ".join(words))
    has(ticket, prefix_query(text[:50] or "x"))


def test_a_text_that_postgresql_refuses_takes_no_other_with_it(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refused, read_badly, fine = (make_ticket(queue) for _n in range(3))
    row = index_module._full_row

    def spoiled(said: Any, stems: Any) -> Any:
        if said.ticket == read_badly.pk:
            raise ValueError("unreadable")
        made = row(said, stems)
        return made._replace(everything="'never ends") if said.ticket == refused.pk else made

    monkeypatch.setattr(index_module, "_full_row", spoiled)
    assert index_waiting() == 3
    assert not EventTask.objects.filter(consumer=SEARCH).exists()
    assert finds(fine, "vraag")
    assert finds(read_badly, read_badly.number)
    assert TicketText.objects.get(pk=refused.pk).is_cut
    assert f"the text of ticket {refused.pk} can't be kept" in caplog.text
    assert f"what ticket {read_badly.pk} says can't be read" in caplog.text


def test_a_batch_takes_as_many_statements_for_twenty_tickets_as_for_two(queue: Queue) -> None:
    tickets = [make_ticket(queue, article=customer_mail(text=f"Tekst {n} van kosten")) for n in range(20)]
    for ticket in tickets:
        follow_up(ticket, text="En nog iets")
    counts = []
    for some in (tickets, tickets[:2], tickets):
        with transaction.atomic(), CaptureQueriesContext(connection) as captured:
            index([ticket.pk for ticket in some], version=current_version())
        counts.append(len([each for each in captured if "SAVEPOINT" not in each["sql"]]))
    assert counts[1:] == [STATEMENTS_A_BATCH] * 2
    assert counts[0] <= STATEMENTS_A_BATCH + 2  # the stems of new words, and what tells of the stems


def test_a_merge_moves_what_was_said_and_its_undo_moves_it_back(queue: Queue, owner: Agent) -> None:
    away, main = indexed(queue, "Over zeilboten"), indexed(queue, "Over tenten")
    merge_tickets(actor=actor(owner), ticket=away, into=main, form=form(), now=NOW)
    index_waiting()
    assert (finds(away, "zeilboot"), finds(main, "zeilboten")) == (False, True)
    assert finds(away, away.number)
    unmerge_tickets(actor=actor(owner), merge=TicketMerge.objects.get(), now=NOW)
    index_waiting()
    assert (finds(away, "zeilboten"), finds(main, "zeilboten")) == (True, False)


def test_a_ticket_whose_row_another_is_making_waits_a_little(queue: Queue) -> None:
    free, held = make_ticket(queue), make_ticket(queue)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            other.set_autocommit(False)
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.INDEX_TICKET, held.pk])
            index_waiting()
            assert finds(free, "vraag")
            assert [task.event.ticket_id for task in EventTask.objects.filter(consumer=SEARCH)] == [held.pk]
            assert EventTask.objects.get(consumer=SEARCH).attempts == 0
    finally:
        other.rollback()
        other.close()
    EventTask.objects.update(not_before=NOW)
    index_waiting()
    assert finds(held, "vraag")


def test_what_says_nothing_new_asks_for_no_new_row(queue: Queue, owner: Agent) -> None:
    ticket, other = indexed(queue), Queue.objects.create(name="Elders")
    grant(owner, other, QueuePermission.Right.ALL)
    move_ticket(actor=actor(owner), ticket=ticket, queue=other, note=written(""), now=NOW)
    assert not EventTask.objects.filter(consumer=SEARCH).exists()
    add_note(actor=actor(owner), ticket=Ticket.objects.get(pk=ticket.pk), note=written("Iets"), now=NOW)
    assert EventTask.objects.filter(consumer=SEARCH).count() == 1


def test_a_row_that_is_made_twice_is_written_once(queue: Queue) -> None:
    ticket = indexed(queue)
    before = row_version(ticket)
    index([ticket.pk], version=current_version())
    assert row_version(ticket) == before


def row_version(ticket: Ticket) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM search_tickettext WHERE ticket_id = %s", [ticket.pk])
        return str(cursor.fetchone()[0])
