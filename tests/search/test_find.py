"""Finding: pages in order, as far as one may see, by the two steps, each of which looks as far as it says."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from accounts.models import Agent, Customer
from queues.models import Queue
from search import counts, find
from search.counts import counts_of
from search.find import Sort, straight_to
from search.hints import Hint
from search.language import read_search
from search.models import TicketText
from tests.factories import NOW, actor, grant, make_customer, make_queue
from tests.search.finding import asked_by, keep_words, page, said
from tests.search.test_index import form, written
from tests.search.test_language import ANY_TEXT
from tickets.actions.merge import merge_tickets
from tickets.actions.note import add_note
from tickets.models import Ticket

BY_INDEX, ONE_BY_ONE, WITHOUT_INDEX = "kamp -tent", "'kamp bos'", "-tent"
"""What is found by the index alone, by it and a look at each, and by a look at each alone."""
OF_BOTH = "kamp OF status:gesloten"
"""Words or an attribute, which no index knows together."""
ORDERS = [Sort.NEWEST, Sort.OLDEST]


@pytest.fixture
def of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes for thousands of tickets goes for a few."""
    monkeypatch.setattr(find, "NEWEST_LOOKED_AT", 4)
    monkeypatch.setattr(find, "NEWEST_PASSED", 5)
    monkeypatch.setattr(find, "PORTION", 2)
    monkeypatch.setattr(find, "OFTEN", 0.5)


@pytest.fixture
def camps(queue: Queue, other_queue: Queue) -> list[int]:
    """Tickets about a camp, newest first; between them some of other things, and those of strangers."""
    made = []
    for n in range(6):
        said(queue, "over een tent in het bos")
        said(other_queue, "ook kamp bos, maar elders")
        if n != 1:
            made.append(said(queue, "weer een kamp bos").pk)
    return made[::-1]


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("text", [BY_INDEX, ONE_BY_ONE, WITHOUT_INDEX, OF_BOTH])
@pytest.mark.usefixtures("of_few")
def test_pages_have_each_ticket_once_and_the_newest_or_the_oldest_first(
    text: str, sort: Sort, camps: list[int], owner: Agent
) -> None:
    camps = camps if sort is Sort.NEWEST else camps[::-1]
    assert list(chain.from_iterable(pages(owner, text, size=2, sort=sort))) == camps
    assert page(owner, text, sort=sort).ids == page(owner, text, begin="nonsense", sort=sort).ids == camps
    assert page(owner, text, sort=sort).next is None
    assert page(owner, text, sort=sort, begin=str(camps[1])).ids == camps[2:]


def pages(agent: Agent, text: str, *, size: int, sort: Sort) -> Iterator[list[int]]:
    begin = ""
    while True:
        found = page(agent, text, size=size, begin=begin, sort=sort)
        assert len(found.ids) <= size
        yield found.ids
        if found.next is None:
            return
        begin = found.next


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("text", [ONE_BY_ONE, WITHOUT_INDEX, OF_BOTH])
@pytest.mark.usefixtures("of_few")
def test_when_time_is_up_the_page_says_how_far_it_looked(
    text: str, sort: Sort, camps: list[int], owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "SECONDS", 0)
    monkeypatch.setattr(counts, "SECONDS", 0)
    first = page(owner, text, sort=sort)
    assert first.next is not None
    assert 0 < len(first.ids) < len(camps)
    assert first.looked_to == Ticket.objects.get(pk=int(first.next)).created
    found = list(chain.from_iterable(pages(owner, text, size=50, sort=sort)))
    assert found == (camps if sort is Sort.NEWEST else camps[::-1])
    assert counts_of(asked_by(owner, text)).is_more


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("text", ["", "bos"])
def test_an_attribute_that_takes_too_long_is_looked_for_in_one_ticket_after_the_other(
    text: str, sort: Sort, camps: list[int], owner: Agent, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that hardly any ticket has does in a big archive, with words that nearly all have or without."""
    monkeypatch.setattr(find, "PORTION", 2)
    monkeypatch.setattr(find, "SECONDS", 0.02)
    slowly = RawSQL("(SELECT tickets_ticket.number || pg_sleep(0.02)) <> ''", ())
    among = Ticket.objects.annotate(slowly=slowly).filter(slowly=True, pk__in=camps[::2])
    which = asked_by(owner, text, among=among)
    ids, begin, was_cut = list[int](), "", False
    while True:
        found = find.find(which, size=50, begin=begin, sort=sort)
        ids += found.ids
        if found.next is None:
            break
        begin, was_cut = found.next, was_cut or found.looked_to is not None
    assert ids == (camps[::2] if sort is Sort.NEWEST else camps[::2][::-1])
    assert was_cut


STATEMENTS = {
    ("zeilboot", 4): "the newest, and the index",
    (BY_INDEX, 4): "the newest, and the index",
    (BY_INDEX, 2_000): "there are only new ones",
    (ONE_BY_ONE, 2_000): "there are only new ones",
    ("status:nieuw", 4): "no words",
    ("nummer:2026 kamp", 4): "few tickets",
}
NUMBERS_OF_STATEMENTS = {
    "the newest, and the index": 10,
    "there are only new ones": 7,
    "no words": 5,
    "few tickets": 9,
}
FROM_THE_OLDEST = {"the newest, and the index": 10, "there are only new ones": 8}
"""No id says that there is none above it: that is asked. Two of all are the savepoint within a test."""


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.usefixtures("camps")
def test_a_page_costs_these_statements(sort: Sort, owner: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = NUMBERS_OF_STATEMENTS | (FROM_THE_OLDEST if sort is Sort.OLDEST else {})
    monkeypatch.setattr(find, "OFTEN", 0.5)
    for (text, newest), why in STATEMENTS.items():
        monkeypatch.setattr(find, "NEWEST_LOOKED_AT", newest)
        which = asked_by(owner, text)
        with CaptureQueriesContext(connection) as asked:
            find.find(which, size=50, sort=sort)
        extra = 1 if text == ONE_BY_ONE else 0  # whether one is longer than places are counted
        assert len(asked) == numbers[why] + extra, (text, [q["sql"] for q in asked])


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.usefixtures("of_few", "camps")
def test_what_most_tickets_say_is_found_without_an_index(sort: Sort, owner: Agent, queue: Queue) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = page(owner, "bos", sort=sort).ids
    order = "-pk" if sort is Sort.NEWEST else "pk"
    assert found == list(Ticket.objects.filter(queue=queue).order_by(order).values_list("pk", flat=True))
    assert any(query["sql"].startswith("DECLARE") for query in asked)
    assert not any("WITH hits" in query["sql"] for query in asked)


@pytest.mark.usefixtures("of_few")
@pytest.mark.parametrize("seldom", [0, 100])
def test_a_page_is_the_same_whether_the_index_is_asked_soon_or_late(
    camps: list[int], owner: Agent, monkeypatch: pytest.MonkeyPatch, seldom: int
) -> None:
    monkeypatch.setattr(find, "FIRST_LOOKED_AT", 2)
    monkeypatch.setattr(find, "SELDOM", seldom)
    with CaptureQueriesContext(connection) as asked:
        assert page(owner, BY_INDEX).ids == camps
    newest = [query for query in asked if "coalesce((SELECT" in query["sql"]]
    assert len(newest) == (1 if seldom else 2)


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.usefixtures("of_few", "camps")
def test_hits_come_from_their_index_and_each_of_the_first_by_its_key(sort: Sort, owner: Agent) -> None:
    with CaptureQueriesContext(connection) as asked:
        page(owner, BY_INDEX, sort=sort)
    by_index = next(query["sql"] for query in asked if query["sql"].startswith("WITH hits"))
    newest = next(query["sql"] for query in asked if "coalesce((SELECT" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + by_index.replace("%", "%%"))
        assert "Bitmap Index Scan on ticket_text_everything" in str(cursor.fetchall())
        cursor.execute("EXPLAIN " + newest.replace("%", "%%"))
        assert "search_tickettext_pkey" in str(cursor.fetchall())


def test_the_best_come_first_on_choice_while_they_are_few(
    queue: Queue, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = said(queue, "Wanneer is dat?", subject="Zomerkamp")
    often = said(queue, "Het zomerkamp: is een zomerkamp een zomerkamp?")
    once = said(queue, "Groeten! " * 40 + "Tot op het zomerkamp.")
    first = page(owner, "zomerkamp", size=2, sort=Sort.BEST)
    assert first.ids == [title.pk, often.pk]
    assert first.sort is Sort.BEST
    assert first.next is not None
    assert page(owner, "zomerkamp", size=2, sort=Sort.BEST, begin=first.next).ids == [once.pk]
    assert page(owner, "zomerkamp", size=2, sort=Sort.BEST, begin="best-1").ids == first.ids
    monkeypatch.setattr(find, "RANKED_MOST", 2)
    newest = page(owner, "zomerkamp", sort=Sort.BEST)
    assert newest.ids == [once.pk, often.pk, title.pk]
    assert newest.sort is Sort.NEWEST
    assert page(owner, "zomerkamp", sort=Sort.BEST, begin=str(once.pk)).ids == [often.pk, title.pk]
    assert page(owner, "zomerkamp", sort=Sort.BEST, begin=first.next).ids == newest.ids


def test_strangers_find_and_count_nothing(
    ticket: Ticket, queue: Queue, stranger: Agent, owner: Agent
) -> None:
    hidden = said(queue, "het geheime kamp")
    for text in (
        "geheime",
        "'geheime kamp'",
        "-zeilboot",
        f"nummer:{hidden.number}",
        "status:nieuw",
        "klant:karin",
    ):
        assert page(stranger, text).ids == []
        assert page(stranger, text, sort=Sort.BEST).ids == page(stranger, text, sort=Sort.OLDEST).ids == []
        assert counts_of(asked_by(stranger, text)).total == 0
        assert page(owner, text).ids or text == "klant:karin"
    named = page(stranger, "wachtrij:Spel")
    assert named.ids == []
    assert named.remarks == ((Hint.NO_SUCH, "Spel"),)


def test_the_queue_of_now_decides_before_anybody_was_told(
    queue: Queue, other_queue: Queue, owner: Agent, stranger: Agent
) -> None:
    moved = said(queue, "het kamp verhuist")
    assert (page(owner, "verhuist").ids, page(stranger, "verhuist").ids) == ([moved.pk], [])
    Ticket.objects.filter(pk=moved.pk).update(queue=other_queue)
    assert (page(owner, "verhuist").ids, page(stranger, "verhuist").ids) == ([], [moved.pk])
    assert counts_of(asked_by(owner, "verhuist")).total == 0
    assert counts_of(asked_by(stranger, "verhuist")).queues == {other_queue.pk: 1}


def test_no_way_of_asking_finds_what_was_moved_away_and_each_finds_it_where_it_came(
    queue: Queue, other_queue: Queue, owner: Agent, stranger: Agent
) -> None:
    """Its words, customer and notes are as they were indexed; so are those of a ticket that is merged."""
    sender: dict[str, Any] = {
        "from_header": "Ada Storm <ada@post.example>",
        "from_address": "ada@post.example",
    }
    customer = make_customer(sender["from_address"])
    Customer.objects.filter(pk=customer.pk).update(first_name="Ada", last_name="Storm", code="K-7781")
    moved = said(queue, "het kamp verhuist", ticket={"customer": customer}, subject="Verhuizing", **sender)
    gone = said(queue, "een vlot op het water", **sender)
    add_note(actor=actor(owner), ticket=moved, note=written("Overleg met penningmeester"), now=NOW)
    merge_tickets(actor=actor(owner), ticket=gone, into=moved, form=form(), now=NOW)
    keep_words(moved, gone)
    ways = [
        *(
            "verhuist",
            "'kamp verhuist'",
            "verhui*",
            "onderwerp:verhuizing",
            "tekst:verhuist",
            "penningmeester",
        ),
        *("van:storm", "klant:storm", "klant:K-7781", "klant:ada@post.example", "ada@post.example", "vlot"),
        *(f"nummer:{moved.number}", moved.number, "status:nieuw -zeilboot", "storm OF status:onzin"),
    ]
    for mine, theirs in ((owner, stranger), (stranger, owner)):
        for sort in Sort:
            found = {way: (page(mine, way, sort=sort).ids, page(theirs, way, sort=sort).ids) for way in ways}
            assert found == dict.fromkeys(ways, ([moved.pk], []))
        told = {
            way: (counts_of(asked_by(mine, way)).total, counts_of(asked_by(theirs, way)).total)
            for way in ways
        }
        assert told == dict.fromkeys(ways, (1, 0))
        assert straight_to(read_search(moved.number), actor=actor(mine)) == moved.number
        assert straight_to(read_search(moved.number), actor=actor(theirs)) is None
        Ticket.objects.filter(pk__in=[moved.pk, gone.pk]).update(queue=other_queue)
    assert page(owner, "klant:storm").remarks == ((Hint.NO_SUCH, "storm"),)


def test_a_number_leads_straight_to_its_ticket(queue: Queue, owner: Agent, stranger: Agent) -> None:
    ticket, other = said(queue, "een"), said(queue, "twee")
    common = next(n for n in range(16, 0, -1) if other.number.startswith(ticket.number[:n]))
    leads = {
        f"Re: [Ticket#{ticket.number}] Vraag (kamp)": ticket.number,
        ticket.number: ticket.number,
        f"waar is {ticket.number} nu": ticket.number,
        ticket.number[: common + 1]: ticket.number,
        ticket.number[:common]: None,
        f"Re: [Ticket#{ticket.number[: common + 1]}] Vraag": None,
        "Vraag": None,
    }
    assert {text: straight_to(read_search(text), actor=actor(owner)) for text in leads} == leads
    assert straight_to(read_search(ticket.number), actor=actor(stranger)) is None
    assert set(page(owner, ticket.number[:common]).ids) == {ticket.pk, other.pk}


def test_attributes_are_named_as_people_do(queue: Queue, owner: Agent) -> None:
    below = make_queue("Spel::Buiten spelen")
    grant(owner, below, "ro")
    inside, outside = said(queue, "kamp").pk, said(below, "kamp").pk
    found = {
        "wachtrij:Spel": [inside],
        "wachtrij:spel*": [outside, inside],
        "wachtrij:'buiten spelen'": [outside],
        "wachtrij:buiten OF status:nieuw": [outside, inside],
        "(wachtrij:buiten OF iets) kamp": [outside],
        "-wachtrij:buiten kamp": [inside],
        "status:nieuw status:gesloten": [outside, inside],
        "status:open": [outside, inside],
        "status:gesloten": [],
        "kamp -status:gesloten": [outside, inside],
    }
    assert {text: page(owner, text).ids for text in found} == found
    assert page(owner, "status:onzin").remarks == ((Hint.NO_SUCH, "onzin"),)


def test_what_asks_nothing_finds_nothing_and_further_conditions_narrow(queue: Queue, owner: Agent) -> None:
    first, second = said(queue, "kamp"), said(queue, "kamp")
    with CaptureQueriesContext(connection) as asked:
        assert page(owner, "").ids == []
    assert not any("tickettext" in query["sql"] for query in asked)
    assert page(owner, "van de het").remarks == (
        (Hint.COMMON, "van"),
        (Hint.COMMON, "de"),
        (Hint.COMMON, "het"),
    )
    assert page(owner, "het kamp").remarks == ()
    for text in ("", "kamp", "'een tent'", "-tent"):
        among = Ticket.objects.filter(Q(number=second.number))
        found = find.find(asked_by(owner, text, among=among), size=50).ids
        assert found == ([] if "'" in text else [second.pk])
    assert find.find(asked_by(owner, "kamp", among=Ticket.objects.none()), size=50).ids == []
    assert first.number != second.number


def test_a_phrase_in_a_ticket_too_long_for_places_is_found_by_its_words(queue: Queue, owner: Agent) -> None:
    long = said(queue, "begin " + "woord anders " * 9_000 + " het verre kampvuur")
    assert TicketText.objects.get(pk=long.pk).is_cut
    assert page(owner, "'verre kampvuur'").ids == [long.pk]
    assert page(owner, "'verre kampvuur'").remarks == ((Hint.BY_WORDS, ""),)
    assert page(owner, "'verre kamptent'").ids == []
    assert page(owner, "verre kampvuur").remarks == ()


def test_counts_are_by_queue_state_and_year(
    queue: Queue, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [said(queue, "kamp").pk for _ in range(3)]
    Ticket.objects.filter(pk=ids[0]).update(created="2024-02-01T12:00Z")
    told = counts_of(asked_by(owner, "kamp"))
    assert (told.total, told.is_more, told.queues) == (3, False, {queue.pk: 3})
    assert told.years == {2026: 2, 2024: 1}
    assert list(told.states.values()) == [3]
    assert told.owners == {None: 3}
    monkeypatch.setattr(counts, "COUNTED_MOST", 2)
    told = counts_of(asked_by(owner, "kamp"))
    assert (told.total, told.is_more, told.years) == (2, True, {2026: 2})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_TEXT)
@pytest.mark.usefixtures("of_few", "camps")
def test_any_text_is_a_query_that_the_database_takes(owner: Agent, text: str) -> None:
    for sort in Sort:
        assert len(page(owner, text, size=4, sort=sort).ids) <= 4
    straight_to(read_search(text), actor=actor(owner))


def test_only_constants_of_this_room_stand_in_statements(owner: Agent) -> None:
    query = asked_by(owner, "kamp' OR 1=1; -- onderwerp:x% bijlage:'%s'").query
    assert query.hits is not None
    assert re.fullmatch(r"[\w\s.@:%()&|]+", query.hits.text)
