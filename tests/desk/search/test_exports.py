"""'Uitvoeren naar': from the results and from the screen 'Zoeken', to a file and to who may have it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Agent
from desk.search import exports
from queues.models import Queue
from search.export_work import work_off
from search.exports import WAITING_MOST
from search.models import Export
from tests.desk.reading import HTMX, text, untokened
from tests.desk.search.reading import address_of, look
from tests.search.exported import asked_for, csv_rows
from tests.search.finding import said

pytestmark = pytest.mark.django_db
AT = "/zoeken/uitvoeren/"


def streamed(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def sent(desk: Client, output: str, query: str = "q=kamp", **form: object) -> Any:
    return desk.post(f"{AT}?{query}", {"kind": output, "submission": uuid4()} | form)


def test_results_lead_to_csv_that_keeps_the_search(desk: Client, queue: Queue) -> None:
    ticket, _closed = said(queue, "kamp"), said(queue, "tent")
    address = address_of(look(desk, "kamp", queue=queue.pk, sort="best"), "CSV")
    assert address == f"{AT}csv/?q=kamp&queue={queue.pk}"
    answer = desk.get(address)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="tickets-[0-9-]+\.csv"', answer["Content-Disposition"])
    assert [row[0] for row in csv_rows(streamed(answer))] == ["Ticketnummer", f"Ticket#{ticket.number}"]
    assert desk.head(address).status_code == 200
    desk.post("/voorkeuren/taal/", {"language": "en"})
    assert csv_rows(streamed(desk.get(address)), separator=",")[0][0] == "Ticket number"


def test_only_so_many_lists_leave_at_once(desk: Client, queue: Queue) -> None:
    said(queue, "kamp")
    leaving: list[Any] = [desk.get(f"{AT}csv/?q=kamp") for _n in range(exports.STREAMS_MOST)]
    for answer in leaving:
        assert next(answer.streaming_content)
    refused = desk.get(f"{AT}csv/?q=kamp", follow=True)
    assert "Probeer het over een minuut nog eens" in text(refused)
    for answer in leaving:
        answer._iterator.close()  # as where the browser went away
    assert streamed(desk.get(f"{AT}csv/?q=kamp"))


@pytest.mark.parametrize("output", ["csv", "print", "excel"])
def test_the_screen_leads_to_where_it_is_carried_out_to(desk: Client, queue: Queue, output: str) -> None:
    said(queue, "kamp")
    screen = desk.get("/zoeken/uitgebreid/", {"q": "kamp", "output": output, "step": "search"})
    assert screen["Location"] == f"{AT}?q=kamp&kind={output}"
    page = text(desk.get(screen["Location"]))
    assert "Volledig: kamp" in page
    assert f'<option value="{output}" selected>' in page
    onward = sent(desk, output)["Location"]
    assert onward == (f"{AT}csv/?q=kamp" if output == "csv" else f"{AT}{Export.objects.get().pk}/")


def test_a_file_is_asked_for_once_followed_and_fetched(desk: Client, queue: Queue, owner: Agent) -> None:
    ticket = said(queue, "kamp", ticket={"title": "<b>Kamp</b>"})
    form = re.search(r'name="submission" value="([^"]*)"', text(look(desk, "kamp")))
    assert form
    first, again = (sent(desk, "excel", submission=form[1])["Location"] for _n in range(2))
    paper = sent(desk, "print", submission=form[1])["Location"]
    assert first == again != paper
    waits = text(desk.get(first))
    assert "Het wacht op zijn beurt" in waits
    assert 'hx-get="?looks=1"' in waits
    assert 'hx-get="?looks=2"' in text(desk.get(f"{first}?looks=1", headers=HTMX))
    assert "Laad de pagina" in text(desk.get(f"{first}?looks=9999"))
    assert desk.get(f"{first}bestand/").status_code == 404
    work_off()
    there = text(desk.get(first, headers=HTMX))
    assert "Het is klaar, met 1 ticket." in there
    assert "hx-get" not in there
    excel = desk.get(f"{first}bestand/")
    assert "sandbox" in excel["Content-Security-Policy"]
    assert excel["Content-Disposition"].endswith('.xlsx"')
    data = streamed(excel)
    assert (data[:2], len(data)) == (b"PK", int(excel["Content-Length"]))
    printed = desk.get(f"{paper}afdrukken/")
    assert "default-src 'none'" in printed["Content-Security-Policy"]
    assert "unsafe" not in printed["Content-Security-Policy"]
    page = streamed(printed).decode()
    assert f"<td>{ticket.number}</td>" in page
    assert "<td>&lt;b&gt;Kamp&lt;/b&gt;</td>" in page
    assert "<b>" not in page
    listed = text(desk.get(AT))
    assert f'href="{first}bestand/"' in listed
    assert f'href="{paper}afdrukken/"' in listed


def test_how_far_it_is_is_said(desk: Client, owner: Agent) -> None:
    export = asked_for(owner)
    for values, said_of_it in (
        ({"written": 4_000}, "Tot nu toe 4.000 tickets gevonden."),
        ({"total": 9_000, "written": 250}, "250 van 9.000 tickets staan erin."),
        ({"state": Export.FAILED}, "Het is niet gelukt."),
    ):
        Export.objects.filter(pk=export.pk).update(**values)
        assert said_of_it in text(desk.get(f"{AT}{export.pk}/"))
    assert "mislukt" in text(desk.get(AT))


@pytest.mark.parametrize("kind", list(Export.Kind))
def test_it_is_nobody_elses(
    desk: Client, colleague: Agent, superuser: Agent, owner: Agent, kind: str
) -> None:
    export = asked_for(owner, kind=kind)
    work_off()
    for agent in (colleague, superuser):
        desk.force_login(agent)
        for path in ("", "bestand/", "afdrukken/"):
            theirs, missing = (desk.get(f"{AT}{pk}/{path}") for pk in (export.pk, 999_999))
            assert (theirs.status_code, untokened(theirs)) == (404, untokened(missing))
        assert "alles" not in text(desk.get(AT))


def test_what_can_not_be_done_is_said_in_one_sentence(desk: Client, owner: Agent, other_queue: Queue) -> None:
    for query in ("", "sort=best", f"queue={other_queue.pk}"):
        for answer in (sent(desk, "excel", query), desk.get(f"{AT}csv/?{query}")):
            assert answer["Location"].startswith("/zoeken/")
            assert AT not in answer["Location"]
    for form in ({"kind": "pdf"}, {"kind": ""}, {"submission": "x"}):
        assert sent(desk, "excel", **form).status_code == 422
    long = "&".join(f"{name}={'%C3%A9' * 300}" for name in ("q", "title", "subject", "body"))
    assert "te lang" in text(sent(desk, "excel", long))
    for _n in range(WAITING_MOST):
        asked_for(owner)
    full = sent(desk, "print")
    assert full.status_code == 422
    assert "3 van je bestanden worden nog gemaakt." in text(full)
    assert Export.objects.count() == WAITING_MOST
