"""What was found as a file: all of it, for who may see it, each cell a text, made once, gone after a day."""

from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent
from blobs.models import Blob
from blobs.spool import Spool
from queues.models import Queue
from search import export_files, export_work, exporting, exports, find
from search.export_files import File, csv_of, made_into
from search.export_work import work_off
from search.exporting import which_of
from search.exports import (
    TooManyKeptError,
    TooManyWaitingError,
    exports_of,
    find_export,
    find_file,
    forget_exports,
)
from search.models import Export
from search.saved import TooLongError
from tests.factories import NOW, actor, make_customer, make_free_field, make_ticket
from tests.search.exported import asked_for, csv_rows, excel_rows, paper_rows
from tests.search.finding import asked_by, said
from tickets.free_values import rows_of
from tickets.models import FreeField, FreeValue, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
Kind = Export.Kind
ALL = "state_type=open&state_type=closed"


def csv(agent: Agent, query: str = ALL, *, language: str = "nl", separator: str = ";") -> list[list[str]]:
    which = which_of(QueryDict(query), actor=actor(agent))
    return csv_rows(b"".join(csv_of(which, language=language)), separator=separator)


def done(export: Export) -> Export:
    """The same after a worker came by."""
    work_off()
    return find_file(export.pk, agent=export.agent, kind=export.kind)


def fill(ticket: Ticket, field: FreeField, value: object) -> None:
    FreeValue.objects.bulk_create(rows_of(ticket.pk, field, value))  # type: ignore[arg-type]  # any kind's


def test_csv_excel_and_print_have_the_same_rows_newest_first_in_the_manuals_words(
    queue: Queue, other_queue: Queue, owner: Agent
) -> None:
    customer = make_customer("karin@post.example")
    customer.first_name, customer.last_name, customer.code = "Karin", "Klant", "K12"
    customer.save()
    colour = make_free_field("choice", "rood", "blauw")
    hidden = make_free_field("short", queues=[other_queue], name_nl="Geheim")
    old = make_ticket(
        queue, title="Tent; of <b>tarp</b>", owner=owner, state=state_by_key("closed_successful")
    )
    new = make_ticket(queue, title='"Kamp"\nmet é', customer=customer)
    make_ticket(other_queue, title="Elders")
    fill(old, colour, (colour.choices.all()[1].pk,))
    fill(old, hidden, "geheim")
    headings, *rows = csv(owner)
    assert headings == [
        *("Ticketnummer", "Aangemaakt", "Gesloten", "Van", "Onderwerp", "Status", "Prioriteit", "Wachtrij"),
        *("Vergrendeling", "Eigenaar", "Klant", "Klantcode", "Bestede tijd", str(colour)),
    ]
    assert [(row[0], row[4]) for row in rows] == [
        (f"Ticket#{new.number}", '"Kamp"\nmet é'),
        (f"Ticket#{old.number}", "Tent; of <b>tarp</b>"),
    ]
    assert rows[0][10:] == ["Karin Klant", "K12", "0", ""]
    assert (rows[1][5], rows[1][9], rows[1][-1]) == ("succesvol gesloten", str(owner), "blauw")
    plain = [headings, *([row[0].removeprefix("Ticket#"), *row[1:]] for row in rows)]
    assert excel_rows(done(asked_for(owner))) == plain
    assert paper_rows(done(asked_for(owner, kind=Kind.PRINT))) == plain


@pytest.mark.parametrize(
    ("language", "separator", "word"),
    [("nl", ";", "Wachtrij"), ("en", ",", "Queue"), ("en-gb", ",", "Queue")],
)
def test_the_separator_and_the_words_go_by_language(
    queue: Queue, owner: Agent, language: str, separator: str, word: str
) -> None:
    make_ticket(queue, title="a;b,c")
    headings, row = csv(owner, language=language, separator=separator)
    assert (headings[7], row[4], len(row)) == (word, "a;b,c", len(headings))
    which = which_of(QueryDict(ALL), actor=actor(owner))
    assert next(csv_of(which, language=language)).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+32",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("x")',
    ],
)
def test_no_cell_begins_a_formula(queue: Queue, owner: Agent, text: str) -> None:
    ticket = make_ticket(queue, title=text)
    fill(ticket, make_free_field("short"), text)
    Ticket.objects.filter(pk=ticket.pk).update(sender_name=text)
    for rows in (csv(owner), excel_rows(done(asked_for(owner)))):
        cells = [cell for row in rows for cell in row]
        assert cells.count(f"'{text}") == 3
        assert not [cell for cell in cells if cell.startswith(export_files.FORMULAS)]


@pytest.mark.parametrize("query", ["kamp -tent", "'kamp bos'", "-tent", "kamp OF status:gesloten"])
def test_the_time_that_a_page_may_look_cuts_no_export_short(
    queue: Queue, other_queue: Queue, owner: Agent, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("NEWEST_LOOKED_AT", 2), ("NEWEST_PASSED", 3), ("PORTION", 1)):
        monkeypatch.setattr(find, name, value)
    monkeypatch.setattr(exporting, "SECONDS", 0)
    monkeypatch.setattr(exporting, "FOUND_TOGETHER", 3)
    monkeypatch.setattr(exporting, "ROWS_TOGETHER", 2)
    camps = []
    for n in range(9):
        camps.append(said(queue, "kamp bos").number)
        said(queue, "een tent")
        if n % 2:
            said(other_queue, "kamp bos")
    found = [row[0].removeprefix("Ticket#") for row in csv_rows(_csv_of(owner, query))[1:]]
    assert found == camps[::-1]


def _csv_of(agent: Agent, text: str) -> bytes:
    return b"".join(csv_of(asked_by(agent, text), language="nl"))


@pytest.mark.parametrize("total", [2, 3])
def test_where_there_is_more_than_an_export_has_it_says_so(
    queue: Queue, owner: Agent, total: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (exporting, export_files, export_work):
        monkeypatch.setattr(module, "ROWS_MOST", 2)
    numbers = [make_ticket(queue).number for _n in range(total)][::-1]
    excel, paper = done(asked_for(owner)), done(asked_for(owner, kind=Kind.PRINT))
    assert excel.is_cut == paper.is_cut == (total > 2)
    assert (excel.total, excel.written) == (2, 2)
    assert [row[0] for row in paper_rows(paper)[1:]] == numbers[:2]
    for rows in (csv(owner), excel_rows(excel)):
        assert rows[2][0].endswith(numbers[1])
        said_last = [row[0] for row in rows[3:]]
        assert said_last == (
            ["Er zijn meer dan 2 tickets gevonden: hier staan alleen de nieuwste 2 in."] * (total - 2)
        )


def test_a_portion_costs_a_statement_and_one_for_free_fields(
    queue: Queue, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            csv(owner)
        return len(captured)

    for n in range(4):
        fill(make_ticket(queue, customer=make_customer()), make_free_field("short"), f"waarde {n}")
    few = cost()
    for _n in range(16):
        make_ticket(queue, customer=make_customer(), owner=owner)
    assert cost() == few <= 10
    monkeypatch.setattr(exporting, "ROWS_TOGETHER", 5)
    assert cost() == few + 3 * 2


def test_who_stops_fetching_leaves_nothing_behind(
    queue: Queue, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "ROWS_TOGETHER", 1)
    for _n in range(3):
        said(queue, "kamp bos")
    lines = csv_of(asked_by(owner, "'kamp bos'"), language="nl")
    assert [next(lines), next(lines)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors")
        assert cursor.fetchone() == (0,)
    with CaptureQueriesContext(connection) as captured:
        lines.close()  # type: ignore[attr-defined]  # it is a generator
    assert not captured


def test_a_file_has_what_its_maker_may_see_when_it_is_made(
    queue: Queue, other_queue: Queue, owner: Agent
) -> None:
    """Neither what was moved out after it was asked for, nor what was moved while it was made."""
    stays, gone = make_ticket(queue), make_ticket(queue)
    export = asked_for(owner)
    Ticket.objects.filter(pk=gone.pk).update(queue=other_queue)
    assert [row[0] for row in excel_rows(done(export))[1:]] == [stays.number]
    lines = csv_of(which_of(QueryDict(ALL), actor=actor(owner)), language="nl")
    next(lines)
    Ticket.objects.filter(pk=stays.pk).update(queue=other_queue)
    assert b"".join(lines) == b""
    owner.groups.clear()
    assert excel_rows(done(asked_for(owner)))[1:] == []


def test_the_same_form_twice_makes_one_and_another_agent_has_another(
    queue: Queue, owner: Agent, colleague: Agent
) -> None:
    submission = uuid4()
    first, again = (asked_for(owner, submission=submission) for _n in range(2))
    paper, other = (
        asked_for(owner, submission=submission, kind=Kind.PRINT),
        asked_for(colleague, submission=submission),
    )
    assert first == again
    assert len({first, paper, other}) == 3
    work_off()
    assert asked_for(owner, submission=submission).made is not None


def test_an_agent_has_so_many_waiting_and_so_many_at_all(
    queue: Queue, owner: Agent, colleague: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _n in range(exports.WAITING_MOST):
        asked_for(owner)
    with pytest.raises(TooManyWaitingError):
        asked_for(owner)
    asked_for(colleague)
    work_off()
    monkeypatch.setattr(exports, "KEPT_MOST", exports.WAITING_MOST)
    with pytest.raises(TooManyKeptError):
        asked_for(owner)
    with pytest.raises(TooLongError):
        asked_for(owner, "q=" + "x" * 4000)


def test_what_fails_is_tried_again_and_then_kept_as_failed(
    queue: Queue, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*given: object, **values: object) -> None:
        raise ValueError("stuk")

    export = asked_for(owner)
    with monkeypatch.context() as broken:
        broken.setattr(export_work, "store_many", breaks)
        for _try in range(export_work.TRIES):
            Export.objects.update(not_before=NOW)
            assert work_off() == 1
    export.refresh_from_db()
    assert (export.state, export.last_error, export.blob) == (Export.FAILED, "ValueError: stuk", None)
    assert work_off() == 0


@pytest.mark.usefixtures("foreign_templates")
def test_a_failed_one_is_made_after_all_by_an_administrator(
    client: Client, queue: Queue, superuser: Agent, owner: Agent
) -> None:
    ticket, export, other = make_ticket(queue), asked_for(owner), asked_for(owner)
    failed = {"state": Export.FAILED, "attempts": export_work.TRIES, "last_error": "ValueError: stuk"}
    Export.objects.update(**failed)
    client.force_login(superuser)
    assert reverse("admin:search_export_changelist") in client.get(reverse("desk:queues")).content.decode()
    address = reverse("admin:search_export_changelist")
    page = client.get(address, {"state__exact": "failed"}).content.decode()
    assert ("ValueError: stuk" in page, str(owner) in page) == (True, True)
    told = client.post(address, {"action": "again", "_selected_action": [export.pk]}, follow=True)
    assert "Gedaan voor 1 bestand." in told.content.decode()
    assert [row[0] for row in excel_rows(done(export))[1:]] == [ticket.number]
    other.refresh_from_db()
    assert other.state == Export.FAILED
    assert client.post(reverse("admin:search_export_delete", args=[export.pk])).status_code == 403


def test_a_worker_whose_lease_is_over_keeps_nothing(
    queue: Queue, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket(queue)
    export, real, tries = asked_for(owner), made_into, list[str]()

    def too_late_at_first(kind: str, spool: Spool) -> AbstractContextManager[File]:
        tries.append(kind)
        if len(tries) == 1:
            Export.objects.update(leased_until=timezone.now())
        return real(kind, spool)

    monkeypatch.setattr(export_work, "made_into", too_late_at_first)
    assert work_off() == 2  # it is due again at once
    assert (len(tries), find_export(export.pk, agent=owner).written) == (2, 1)
    assert Blob.objects.filter(pk__in=Export.objects.values("blob")).count() == 1


def test_a_file_is_its_makers_alone_for_a_day_and_then_forgotten(
    queue: Queue, owner: Agent, colleague: Agent
) -> None:
    made, waiting = done(asked_for(owner)), asked_for(owner)
    for agent, kind in ((colleague, Kind.EXCEL), (owner, Kind.PRINT)):
        with pytest.raises(Export.DoesNotExist):
            find_file(made.pk, agent=agent, kind=kind)
    with pytest.raises(Export.DoesNotExist):
        find_file(waiting.pk, agent=owner, kind=Kind.EXCEL)
    Export.objects.filter(pk=waiting.pk).update(asked=timezone.now())
    assert exports_of(owner) == [waiting, made]
    assert exports_of(colleague) == []
    tomorrow = timezone.now() + timedelta(days=1, seconds=1)
    assert forget_exports(now=timezone.now()) == 0
    Export.objects.filter(pk=made.pk).update(made=timezone.now() - timedelta(days=1))
    with pytest.raises(Export.DoesNotExist):
        find_export(made.pk, agent=owner)
    assert exports_of(owner) == [waiting]
    assert (forget_exports(now=tomorrow), Export.objects.count()) == (2, 0)
