"""The one way holds for screens without a ticket, on an article, without a text, and about many tickets.

The screens are made up (`made_up.py`); each goes the whole way: dialog, page, sending, onward.
"""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from desk.screens import registry
from queues.models import Queue, QueuePermission
from tests.desk.reading import HTMX, text
from tests.desk.writing import made_up
from tests.factories import NOW, actor, customer_mail, make_ticket
from tickets.actions.lock import take_ticket
from tickets.models import Article, Draft, Event, Ticket, Upload

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.desk.writing.made_up")]


@pytest.fixture
def desk(client: Client, owner: Agent) -> Client:
    client.force_login(owner)
    return client


def opened(desk: Client, address: str) -> str:
    """The dialog alone; the page with it in it is there, too."""
    page, dialog = desk.get(address), desk.get(address, headers=HTMX)
    assert (page.status_code, dialog.status_code) == (200, 200)
    assert "<html" in page.content.decode()
    assert "<html" not in dialog.content.decode()
    return text(dialog)


def identity_in(page: str) -> str:
    return page.partition('name="submission" value="')[2].partition('"')[0]


def typed(page: str, **changes: object) -> dict[str, object]:
    """What is sent from a dialog: its identity, and a text."""
    written = {"rich": "1", "html": "<p>Met de hand.</p>", "subject": "Kort", "time_units": ""}
    return {"submission": identity_in(page), **written, **changes}


def test_a_screen_without_a_ticket_makes_one_and_leads_to_it(desk: Client, queue: Queue) -> None:
    address = reverse("desk:new")
    dialog = opened(desk, address)
    assert "Nieuw: een vraag aan de balie" in dialog
    assert f'href="{reverse("desk:queues")}#inhoud"' in dialog
    form = typed(dialog, queue=queue.pk)
    assert desk.post(address, form | {"html": ""}).status_code == 422
    answer = desk.post(address, form)
    made = Ticket.objects.get()
    assert made.title == "Kort"
    assert answer.headers["Location"] == reverse("desk:zoom", args=[made.number])


def test_files_of_a_screen_without_a_ticket_hang_on_its_draft(desk: Client, queue: Queue) -> None:
    dialog = opened(desk, reverse("desk:new"))
    files = reverse("desk:new_files")
    assert f'data-uploads="{files}"' in dialog
    file = SimpleUploadedFile("polis.pdf", b"%PDF", content_type="application/pdf")
    assert desk.post(files, {"submission": identity_in(dialog), "files": file}).status_code == 200
    assert Draft.objects.get().ticket is None


def test_what_makes_a_ticket_makes_one_with_its_files_however_often_it_comes(
    desk: Client, queue: Queue
) -> None:
    address = reverse("desk:new")
    form = typed(desk.get(address).content.decode(), queue=queue.pk)
    file = SimpleUploadedFile("polis.pdf", b"%PDF", content_type="application/pdf")
    desk.post(reverse("desk:new_files"), {"submission": form["submission"], "files": file})
    assert [desk.post(address, form).status_code for _time in range(2)] == [302, 302]
    made = Ticket.objects.get()
    assert [kept.name for kept in made.articles.get().attachments.all()] == ["polis.pdf"]
    assert not Draft.objects.exists()


def test_who_has_the_right_nowhere_makes_no_ticket(client: Client, reader: Agent) -> None:
    client.force_login(reader)
    assert client.get(reverse("desk:new")).status_code == 403


def test_a_screen_on_an_article_knows_it_all_the_way(
    desk: Client, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry.SCREENS, "on_article", made_up.on_article)
    article = ticket.articles.get()
    address = f"{reverse('desk:on_article', args=[ticket.number])}?article={article.pk}"
    assert f'hx-get="{address}&amp;seen=' in text(desk.get(reverse("desk:zoom", args=[ticket.number])))
    dialog = opened(desk, address)
    files = f"{reverse('desk:on_article_files', args=[ticket.number])}?article={article.pk}"
    assert f'data-uploads="{files}"' in dialog
    assert f'action="{address}"' in dialog
    form = typed(dialog)
    file = SimpleUploadedFile("polis.pdf", b"%PDF", content_type="application/pdf")
    assert desk.post(files, {"submission": form["submission"], "files": file}).status_code == 200
    answer = desk.post(address, form)
    assert answer.headers["Location"] == reverse("desk:zoom", args=[ticket.number])
    note = Article.objects.latest("pk")
    assert note.subject == f"Kort bij {article.pk}"
    assert [kept.name for kept in note.attachments.all()] == ["polis.pdf"]


def test_an_article_of_another_ticket_is_not_there(desk: Client, ticket: Ticket, queue: Queue) -> None:
    other = make_ticket(queue, article=customer_mail()).articles.get()
    for name in ("on_article", "on_article_files"):
        address = f"{reverse(f'desk:{name}', args=[ticket.number])}?article={other.pk}"
        assert desk.post(address, {"submission": uuid.uuid4()}).status_code == 404


@pytest.mark.parametrize(
    ("text", "notes"), [({"html": "<p><br></p>"}, 0), ({}, 1), ({"html": "", "time_units": "5"}, 1)]
)
def test_a_text_that_may_stay_empty_leaves_a_note_where_something_is_said(
    desk: Client, ticket: Ticket, owner: Agent, text: dict[str, object], notes: int
) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    address = reverse("desk:with_a_note", args=[ticket.number])
    dialog = opened(desk, address)
    assert "aria-required" not in dialog
    form = typed(dialog, **text)
    assert [desk.post(address, form).status_code for _time in range(2)] == [302, 302]
    assert ticket.articles.filter(channel=Article.Channel.NOTE).count() == notes
    assert Event.objects.filter(submission=identity_in(dialog)).count() == 1
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner) == (False, None)


def test_a_screen_without_a_text_is_done_once_and_takes_no_files(desk: Client, ticket: Ticket) -> None:
    address = reverse("desk:without_text", args=[ticket.number])
    dialog = opened(desk, address)
    assert "data-editor" not in dialog
    assert "data-uploads" not in dialog
    form: dict[str, object] = {"submission": identity_in(dialog)}
    assert desk.post(address, form).status_code == 422
    form["sure"] = "1"
    answers = [desk.post(address, form) for _time in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [
        reverse("desk:zoom", args=[ticket.number])
    ] * 2
    assert Event.objects.filter(submission=identity_in(dialog)).count() == 1
    file = SimpleUploadedFile("polis.pdf", b"%PDF", content_type="application/pdf")
    assert desk.post(f"{address}bestanden/", {**form, "files": file}).status_code == 404
    desk.post(address, {"submission": uuid.uuid4(), "files": file})
    assert not Upload.objects.exists()


def bulk(*tickets: Ticket) -> str:
    return f"{reverse('desk:bulk')}?{'&'.join(f'number={ticket.number}' for ticket in tickets)}"


def test_a_screen_about_many_says_of_each_what_was_refused(
    desk: Client, ticket: Ticket, queue: Queue, colleague: Agent
) -> None:
    held = make_ticket(queue)
    Ticket.objects.filter(pk=held.pk).update(owner=colleague, locked=True)
    address = bulk(ticket, held)
    form = typed(opened(desk, address))
    answer: Any = desk.post(address, form, follow=True)
    assert answer.redirect_chain[0][0] == reverse("desk:my_owned")
    said = [str(message) for message in answer.context["messages"]]
    assert said[0] == "Bulk: gedaan"
    assert said[1].startswith(f"{held.number}: ")
    assert (ticket.articles.count(), held.articles.count()) == (2, 1)


def test_a_form_about_many_is_done_once_and_another_text_is_shown_again(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    address = bulk(ticket, make_ticket(queue))
    form = typed(opened(desk, address))
    assert [desk.post(address, form).status_code for _time in range(2)] == [302, 302]
    assert Article.objects.filter(channel=Article.Channel.NOTE).count() == 2
    assert desk.post(address, form | {"html": "<p>Iets anders.</p>"}).status_code == 422


def test_a_form_about_many_with_a_file_is_done_once_too(desk: Client, ticket: Ticket, queue: Queue) -> None:
    address = bulk(ticket, make_ticket(queue))
    form = typed(opened(desk, address))
    file = SimpleUploadedFile("polis.pdf", b"%PDF", content_type="application/pdf")
    desk.post(reverse("desk:bulk_files"), {"submission": form["submission"], "files": file})
    assert [desk.post(address, form).status_code for _time in range(2)] == [302, 302]
    notes = Article.objects.filter(channel=Article.Channel.NOTE)
    assert [note.attachments.count() for note in notes] == [1, 1]
    assert not Draft.objects.exists()


def test_where_it_can_be_done_to_none_of_many_the_text_stays(
    desk: Client, ticket: Ticket, colleague: Agent
) -> None:
    form = typed(opened(desk, bulk(ticket)))
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
    answer = desk.post(bulk(ticket), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Met de hand." in page
    assert f"{ticket.number}: " in page


def test_where_the_right_is_in_none_of_many_it_is_forbidden(
    client: Client, reader: Agent, ticket: Ticket
) -> None:
    client.force_login(reader)
    assert client.get(bulk(ticket)).status_code == 403
