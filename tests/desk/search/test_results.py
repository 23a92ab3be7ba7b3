"""The page of what was found: as far as one may see, in pages, marked, narrowed down, and told in words."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent
from desk.search.asked import BEGIN_MOST
from desk.search.bar import search_field
from desk.search.hints import SAID_MOST, SENTENCES, sentences_of
from kvv.embedded.services import service_arguments
from queues.models import Queue, QueuePermission
from search import find
from search.hints import Hint, Remark
from search.language import LENGTH_MOST, TYPED_MOST
from search.models import Pass, TicketText
from tests.desk.reading import text
from tests.desk.search.reading import address_of, facets, hits, look
from tests.factories import NOW, actor, grant, make_customer, make_queue
from tests.house.rooms import BASE
from tests.house.screens import filled_in
from tests.search.finding import said
from tickets.actions.lock import lock_ticket, take_ticket
from tickets.actions.merge import merge_tickets
from tickets.changing.forms import Form
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
CLOSED = "closed_successful"
MARKED = re.compile(r"<mark>([^<]*)</mark>")


def test_what_was_found_stands_newest_first_open_and_closed_with_the_words_marked(
    desk: Client, queue: Queue, owner: Agent
) -> None:
    old = said(queue, "Wij zoeken een tent voor het zomerkamp.", ticket={"title": "Een <b>tent</b> lenen"})
    new = said(queue, "Ook tenten, graag.", ticket={"title": "Kamp", "state": state_by_key(CLOSED)})
    said(queue, "Heel iets anders.")
    page = look(desk, "tent")
    assert hits(page) == [new.number, old.number]
    assert MARKED.findall(text(page)) == ["tenten", "tent", "tent"]
    assert "Een &lt;b&gt;<mark>tent</mark>&lt;/b&gt; lenen" in text(page)
    assert "#1 klant – e-mail extern</span> Wij zoeken een <mark>tent</mark> voor" in text(page)
    assert 'state--closed">succesvol gesloten<' in text(page)
    assert "2 tickets gevonden" in text(page)
    assert "<title>tent – Zoeken · KVV</title>" in text(page)


def test_a_stranger_learns_nothing(
    desk: Client, queue: Queue, other_queue: Queue, stranger: Agent, owner: Agent
) -> None:
    """No hit, no count, no snippet, no facet and no name: neither of what is elsewhere, nor moved there."""
    mine, moved = said(queue, "kamp geheim"), said(queue, "kamp geheim")
    Ticket.objects.filter(pk=moved.pk).update(queue=other_queue)
    assert hits(look(desk, "geheim")) == [mine.number]
    counted = facets(look(desk, "geheim", counts=True, part=True))
    assert counted["Wachtrij"] == {"Spel": 1}
    assert "1 ticket gevonden" in text(look(desk, "geheim", counts=True, part=True))
    for query in ({"queue": other_queue.pk}, {"queue": [queue.pk, other_queue.pk]}):
        for counts in (False, True):
            assert other_queue.name not in text(look(desk, "geheim", counts=counts, **query))
    assert look(desk, moved.number).status_code == 200
    desk.force_login(stranger)
    page = look(desk, "geheim")
    assert hits(page) == [moved.number]
    assert mine.number not in text(page)


def test_a_number_and_a_pasted_subject_lead_straight_to_their_ticket(
    desk: Client, queue: Queue, owner: Agent
) -> None:
    ticket, main = said(queue, "een"), said(queue, "twee")
    for typed in (ticket.number, f"Re: [Ticket#{ticket.number}] Vraag (kamp)"):
        assert look(desk, typed).headers["Location"] == f"/tickets/{ticket.number}/"
        assert look(desk, typed, queue=queue.pk).status_code == 200  # that is a search, narrowed down
    form = Form(submission=uuid4())
    merge_tickets(actor=actor(owner), ticket=ticket, into=main, form=form, now=NOW)
    assert main.number in text(desk.get(look(desk, ticket.number).headers["Location"], follow=True))


def test_what_was_found_goes_on_page_by_page(desk: Client, queue: Queue) -> None:
    tickets = [said(queue, "kamp").number for _n in range(12)][::-1]
    desk.post("/weergave/", {"size": "10"})
    first = look(desk, "kamp")
    second = desk.get(address_of(first, "Volgende"))
    assert [hits(first), hits(second)] == [tickets[:10], tickets[10:]]
    assert desk.get(address_of(second, "Eerste")).content.count(b'<li class="hit') == 10
    part = look(desk, "kamp", part=True)
    assert hits(part) == tickets[:10]
    assert "<h1>" not in text(part)
    best = look(desk, "kamp", sort="best")
    assert 'aria-current="true">Beste eerst' in text(best)
    assert len({*hits(best), *hits(desk.get(address_of(best, "Volgende")))}) == 12
    oldest = desk.get(address_of(best, "Oudste eerst"))
    assert 'aria-current="true">Oudste eerst' in text(oldest)
    assert [*hits(oldest), *hits(desk.get(address_of(oldest, "Volgende")))] == tickets[::-1]
    assert "sort=" not in address_of(oldest, "Nieuwste eerst")


def test_why_the_best_do_not_come_first_is_said(
    desk: Client, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [said(queue, "kamp").number for _n in range(3)][::-1]
    assert "Zonder zoekwoord" in text(look(desk, "wachtrij:Spel", sort="best"))
    monkeypatch.setattr(find, "RANKED_MOST", 2)
    page = look(desk, "kamp", sort="best", begin="best2")
    assert "meer dan 1.000 tickets" in text(page)
    assert hits(page) == numbers  # a place among the best is none among the newest
    assert 'aria-current="true">Nieuwste eerst' in text(page)


def test_where_time_was_up_it_says_how_far_it_looked(
    desk: Client, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("NEWEST_LOOKED_AT", 2), ("PORTION", 1), ("SECONDS", 0.0)):
        monkeypatch.setattr(find, name, value)
    oldest = said(queue, "kamp bos")
    for _n in range(4):
        said(queue, "bos, en later een kamp")
    page = look(desk, "'kamp bos'")
    assert hits(page) == []
    assert f"teruggezocht tot de tickets van {oldest.created:%d-%m-%Y}" in text(page)
    assert "Geen ticket gevonden" not in text(page)
    for _n in range(4):
        if hits(page):
            break
        page = desk.get(address_of(page, "Zoek verder"))
    assert hits(page) == [oldest.number]
    newest = said(queue, "ook kamp bos")
    page = look(desk, "'kamp bos'", sort="oldest")
    assert (hits(page), "Er is gezocht tot de tickets van" in text(page)) == ([oldest.number], True)
    assert hits(desk.get(address_of(page, "Zoek verder"))) == [newest.number]


def test_while_tickets_can_not_be_found_yet_the_page_says_so(desk: Client, queue: Queue) -> None:
    old, new = (
        said(queue, "kamp", ticket={"now": datetime(2025, 1, 1, 12, tzinfo=ZoneInfo("UTC"))}),
        said(queue, "kamp"),
    )
    assert "leest de tickets nog in" not in text(look(desk, "kamp"))
    TicketText.objects.filter(pk=old.pk).delete()
    Pass.objects.create(rules=1, stems="", below=new.pk)
    caches["local"].clear()
    page = look(desk, "kamp")
    assert hits(page) == [new.number]
    assert f"leest de tickets nog in: die van {new.created:%d-%m-%Y} en later zijn al te vinden." in text(
        page
    )
    assert "leest de tickets nog in" not in text(look(desk, "status:open"))
    Pass.objects.all().delete()
    TicketText.objects.all().delete()
    caches["local"].clear()
    assert "nog niet alle tickets zijn te vinden." in text(look(desk, "kamp"))


def test_a_search_is_narrowed_down_by_its_counts_and_widened_by_its_tokens(
    desk: Client, queue: Queue, owner: Agent
) -> None:
    below = make_queue("Spel::Bos")
    grant(owner, below, QueuePermission.Right.READ)
    zone = ZoneInfo("Europe/Amsterdam")
    eve = datetime(2025, 1, 1, 0, 30, tzinfo=zone)
    old = said(queue, "kamp", ticket={"now": eve, "state": state_by_key(CLOSED)})
    new, other = said(queue, "kamp"), said(below, "kamp")
    Ticket.objects.filter(pk__in=[old.pk, new.pk]).update(owner=owner)
    counts = look(desk, "kamp", counts=True, part=True)
    year = str(new.created.astimezone(zone).year)
    assert facets(counts) == {
        "Status": {"nieuw": 2, "succesvol gesloten": 1},
        "Wachtrij": {"Spel": 2, "Spel::Bos": 1},
        "Jaar": {year: 2, "2025": 1},
        "Eigenaar": {str(owner): 2, "niemand": 1},
    }
    mine = look(desk, "kamp", counts=True, part=True, owner="me")
    assert facets(mine)["Eigenaar"] == {f"{owner}*": 2, "niemand": 1}
    assert address_of(mine, f">{owner}<") == "/zoeken/?q=kamp"
    assert len(hits(desk.get(address_of(mine, ">niemand<")))) == 3
    assert hits(desk.get(address_of(counts, ">niemand<"))) == [other.number]
    narrow = desk.get(address_of(counts, ">2025<"))
    assert hits(narrow) == [old.number]
    assert "Aangemaakt: 01-01-2025 t/m 31-12-2025 " in text(narrow)
    wide = desk.get(address_of(narrow, "Zonder Aangemaakt: 01-01-2025"))
    assert hits(wide) == [other.number, new.number, old.number]
    one = look(desk, "kamp", counts=True, part=True, queue=below.pk)
    assert facets(one)["Wachtrij"] == {"Spel": 2, "Spel::Bos*": 1}
    assert facets(one)["Jaar"] == {year: 1}
    both = desk.get(address_of(one, ">Spel<"))
    assert len(hits(both)) == 3
    assert address_of(both, "Alles wissen") == "/zoeken/?q=kamp"
    assert "Terug naar de gevonden tickets" in text(look(desk, "kamp", counts=True))  # without script


@pytest.mark.parametrize(
    ("typed", "said_of_it"),
    [
        ("kamp)", "sluit niets af"),
        ('"kamp', "staat alleen"),
        ("status:onzin", "“onzin” heet"),
        ("de het een", "staat in bijna elk ticket"),
        ("ik OF", "Aan één kant van “OF”"),
        ("woord " * 60, "eerste 50 woorden"),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("x" * 1000, "Geen ticket gevonden"),
        ("a\0b", "Geen ticket gevonden"),
        ("", "Zo zoek je"),
    ],
)
def test_whatever_is_typed_is_answered_in_words(
    desk: Client, queue: Queue, typed: str, said_of_it: str
) -> None:
    page = text(look(desk, typed))
    assert said_of_it in page
    assert "<script>" not in page
    assert look(desk, typed, counts=True, part=True).status_code == 200


def test_ticks_and_what_can_be_done_at_once_are_there_for_who_may(
    desk: Client, queue: Queue, owner: Agent, reader: Agent
) -> None:
    ticket = said(queue, "kamp")
    desk.post("/weergave/", {"view": "l"})
    page = text(look(desk, "kamp"))
    assert f'name="t" value="{ticket.number}:' in page
    assert f'formaction="/tickets/{ticket.number}/neem/' in page
    chosen = {"t": f"{ticket.number}:0", "back": "/zoeken/?q=kamp&queue=1", "do": "note"}
    assert desk.post("/bulk/", chosen).headers["Location"].startswith("/bulk/")
    desk.post("/weergave/", {"view": "s"})
    assert "hit__text" not in text(look(desk, "kamp"))
    desk.force_login(reader)
    assert 'name="t"' not in text(look(desk, "kamp"))


@pytest.mark.parametrize("sort", ["", "best", "oldest"])
def test_a_ticket_leads_back_to_the_results_and_on_to_the_next(
    desk: Client, queue: Queue, owner: Agent, colleague: Agent, sort: str
) -> None:
    made = [said(queue, "kamp", ticket={"title": f"Kamp {n}"}) for n in range(4)]
    following, done, held, here = made[::-1] if sort == "oldest" else made
    Ticket.objects.filter(pk=done.pk).update(state=state_by_key(CLOSED), state_type="closed", closed_at=NOW)
    lock_ticket(actor=actor(colleague), ticket=held, now=NOW)
    opened = re.search(
        rf'href="(/tickets/{here.number}/[^"]*)"', text(look(desk, "kamp", queue=queue.pk, sort=sort))
    )
    assert opened
    query = opened[1].replace("&amp;", "&").partition("?")[2]
    page = text(desk.get(f"/tickets/{here.number}/?{query}"))
    back = f'href="/zoeken/?q=kamp&amp;queue={queue.pk}{f"&amp;sort={sort}" if sort else ""}#t{here.number}"'
    assert back in page
    take_ticket(actor=actor(owner), ticket=here, right=QueuePermission.Right.ALL, now=NOW)
    form = filled_in("reply", ticket=here, target=queue)
    answered = text(desk.post(f"{reverse('desk:reply', args=[here.number])}?{query}", form, follow=True))
    assert f"Volgende: {following.title}</a>" in answered
    assert "<h1>Zoekresultaten</h1>" in answered


@pytest.mark.parametrize(
    "typed", ["é" * LENGTH_MOST, "€" * TYPED_MOST, "😀" * (TYPED_MOST // 2)], ids=["é", "€", "emoji"]
)
def test_the_longest_search_fits_into_what_the_server_reads(desk: Client, queue: Queue, typed: str) -> None:
    page = look(desk, typed, sort="oldest", begin="9" * BEGIN_MOST)
    assert page.status_code == 200
    assert f'maxlength="{TYPED_MOST}"' in text(page)
    address = page.wsgi_request.get_full_path()
    web = service_arguments(env={"KVV_PORT": "1", "KVV_DEMO": "no"}, var=Path())["web"]
    most = next(int(word.partition("=")[2]) for word in web if word.startswith("--limit-request-line="))
    assert len(f"GET {address} HTTP/1.1") < most
    assert f'"--limit-request-line={most}"' in (BASE / "Dockerfile").read_text()
    told = re.search(r"const MOST = (\d+);", (BASE / "static/js/fits.js").read_text())
    assert told
    assert len(urlencode({"q": typed})) <= int(told[1]) < most


def test_there_is_a_sentence_for_all_that_can_be_remarked() -> None:
    everything = [Remark(hint, "x" * 100) for hint in Hint]
    assert {*SENTENCES} == {*Hint}
    assert all(0 < len(said) < 200 for remark in everything for said in sentences_of([remark]))
    assert len(sentences_of(everything)) == SAID_MOST


def cost(desk: Client, **asked: Any) -> int:
    look(desk, "kamp", **asked)  # reads what is kept for some seconds
    with CaptureQueriesContext(connection) as captured:
        assert look(desk, "kamp", **asked).status_code == 200
    return len(captured)


@pytest.mark.parametrize(("view", "most"), [("s", 12), ("m", 14), ("l", 15)])
def test_hits_cost_no_statements(desk: Client, queue: Queue, view: str, most: int) -> None:
    desk.post("/weergave/", {"view": view})
    for _n in range(2):
        said(queue, "kamp")
    few, few_counts = cost(desk), cost(desk, counts=True, part=True)
    for n in range(18):
        said(queue, "kamp", ticket={"customer": make_customer(), "title": f"Vraag {n}"})
    assert cost(desk) == few <= most
    assert cost(desk, counts=True, part=True) == few_counts <= 14


def test_the_field_in_the_bar_costs_nothing(desk: Client) -> None:
    page = text(desk.get("/hulp/"))
    assert 'id="top-q"' in page
    assert 'data-key="/"' in page
    with CaptureQueriesContext(connection) as captured:
        assert 'id="top-q"' in search_field()
    assert not captured
