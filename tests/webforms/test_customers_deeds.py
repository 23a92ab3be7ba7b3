"""What a customer does on their page: writing back, closing, opening again, saying how they were helped."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agent, Customer
from desk.writing.typed import SEEN
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.factories import actor, answer, customer_mail, make_ticket
from tests.webforms.customers import KARIN, answered, opened, page_of, said, send
from tickets.actions.lock import lock_ticket
from tickets.actions.reply import reply_to_ticket
from tickets.errors import Ask
from tickets.history import history_of
from tickets.kinds import EventKind, Rating
from tickets.models import Article, StateType, Ticket
from tickets.models.article import UNKNOWN_SENDER
from tickets.queries.ratings import ratings_of
from tickets.queries.zoom import events_of, newest_event
from webforms.customer import limits

pytestmark = pytest.mark.django_db

ELS = "els@post.example"
NONSENSE = ["\0", "x" * 60_000, b"\xed\xa0\x80", "x\r\nBcc: iemand@post.example", "1e999"]
FORMS = {
    "open": ("code",),
    "schrijf": ("text", "attachments", "close", "submission"),
    "opnieuw": ("submission",),
    "oordeel": ("rating", "words", "submission"),
}
"""Where a page's forms go, and what stands in them."""


@pytest.fixture
def question(queue: Queue, customer: Customer) -> Ticket:
    ticket = make_ticket(queue, customer=customer, article=customer_mail(subject="Tent lenen"))
    Article.objects.update(created=timezone.now())
    return ticket


@pytest.fixture
def at(question: Ticket) -> str:
    return page_of(question)


@pytest.fixture
def karin(at: str) -> Client:
    return opened(at)


def close(ticket: Ticket, agent: Agent) -> None:
    answered(ticket, agent)
    ticket.refresh_from_db()
    assert ticket.state_type == StateType.CLOSED


def test_a_message_with_files_joins_the_ticket_once_and_opens_it(
    question: Ticket, owner: Agent, at: str, karin: Client
) -> None:
    close(question, owner)
    form = {"submission": str(uuid.uuid4()), "text": "Nog één ding."}
    for _time in range(2):
        file = SimpleUploadedFile("../plan é.pdf", b"%PDF-1", content_type="application/pdf")
        lie = SimpleUploadedFile("foto\u202e.png", b"<script>", content_type="image/png")
        files = [file, lie, SimpleUploadedFile("b", b"", content_type="image/png")]
        sent = karin.post(f"{at}schrijf/", form | {"attachments": files})
        assert sent.status_code == 302
    assert "Je bericht is aangekomen" in said(karin.get(sent.headers["Location"]))
    question.refresh_from_db()
    made = question.articles.get(channel=Article.Channel.WEB)
    assert (made.text, made.from_address, made.sender, made.is_visible) == (
        "Nog één ding.",
        KARIN,
        "Karin Klant",
        True,
    )
    unknown = "application/octet-stream"
    kinds = {"plan é.pdf": "application/pdf", "foto.png": unknown, "b": unknown}
    assert dict(made.attachments.values_list("name", "content_type")) == kinds
    assert (question.state_type, question.latest_customer_article) == (StateType.OPEN, made.pk)
    assert question.events.filter(kind=EventKind.FOLLOW_UP).count() == 1
    assert "Nog één ding." in said(karin.get(at))


@pytest.mark.parametrize(("policy", "becomes"), [("reject", "refused"), ("new_ticket", "anew")])
def test_a_closed_question_goes_on_as_its_queue_wants(
    question: Ticket, owner: Agent, at: str, karin: Client, policy: str, becomes: str
) -> None:
    close(question, owner)
    Queue.objects.update(follow_up=policy)
    assert "Opnieuw openen" not in said(karin.get(at))
    assert send(karin, at, "opnieuw").status_code == 409
    form = {"submission": str(uuid.uuid4()), "text": "Nog één ding."}
    sent = [karin.post(f"{at}schrijf/", form) for _time in range(2)][-1]
    question.refresh_from_db()
    assert question.state_type == StateType.CLOSED
    if becomes == "refused":
        assert question.events.filter(kind=EventKind.FOLLOW_UP_REFUSED).count() == 1
        return
    new = Ticket.objects.exclude(pk=question.pk).get()
    assert (new.customer, new.title) == (question.customer, question.title)
    assert f"/{page_of(new).strip('/')}/" in sent.headers["Location"]
    assert "Nog één ding." in said(karin.get(sent.headers["Location"]))  # opened, too


def test_whom_the_ticket_does_not_know_writes_unseen_the_agent_is_warned_and_no_more(
    question: Ticket, owner: Agent
) -> None:
    """An automatic answer, and the link in it, goes to whatever stands in the Reply-To of a forged mail."""
    page = page_of(question, "mallory@post.example")
    mallory = opened(page)
    assert send(mallory, page, text="Ik ben het.").status_code == 302
    made = question.articles.get(channel=Article.Channel.WEB)
    assert (made.is_visible, made.warning) == (False, UNKNOWN_SENDER)
    refused = [
        send(mallory, page, close="1", text="Laat maar."),
        send(mallory, page, "oordeel", rating="bad"),
    ]
    question.refresh_from_db()
    assert (question.is_open, ratings_of(question), question.articles.count()) == (True, [], 2)
    close(question, owner)
    refused.append(send(mallory, page, "opnieuw"))
    question.refresh_from_db()
    assert (question.is_open, {answer.status_code for answer in refused}) == (False, {409})
    assert all("niet bekend" in said(answer) for answer in refused)
    assert "Laat maar." in said(refused[0])


def test_closing_takes_no_lock_away_and_a_letter_in_the_making_is_asked_about(
    question: Ticket, owner: Agent, at: str, karin: Client
) -> None:
    lock_ticket(actor=actor(owner), ticket=question, now=timezone.now())
    letter = replace(answer(question), seen_event=newest_event(question).event)
    assert send(karin, at, close="1").status_code == 302
    question.refresh_from_db()
    assert (question.state_type, question.locked, question.owner) == (StateType.CLOSED, True, owner)
    with pytest.raises(Ask, match="beantwoord"):
        reply_to_ticket(actor=actor(owner), ticket=question, answer=letter, now=timezone.now())
    seen = replace(letter, seen_event=newest_event(question).event, submission=uuid.uuid4())
    assert reply_to_ticket(actor=actor(owner), ticket=question, answer=seen, now=timezone.now())
    assert send(karin, at, close="1").status_code == 302  # closed as it is
    (line,) = [line for line in history_of(events_of(question)) if line.kind == EventKind.CUSTOMER_CLOSED]
    assert (line.who, line.what) == ("klant", "gesloten door de klant")
    assert f"Van het e-mailadres: {KARIN}" in line.changes


def test_the_last_word_and_closing_go_together(question: Ticket, at: str, karin: Client) -> None:
    assert send(karin, at, text="Dank!", close="1").status_code == 302
    question.refresh_from_db()
    kinds = list(question.events.order_by("pk").values_list("kind", flat=True))
    assert (kinds[-2:], question.state_type) == (
        [EventKind.FOLLOW_UP, EventKind.CUSTOMER_CLOSED],
        StateType.CLOSED,
    )


def test_opening_again_makes_it_wait_for_us(question: Ticket, owner: Agent, at: str, karin: Client) -> None:
    close(question, owner)
    form = {"submission": str(uuid.uuid4())}
    for _time in range(2):
        assert karin.post(f"{at}opnieuw/", form).status_code == 302
    question.refresh_from_db()
    assert (question.state_type, question.owner, question.locked) == (StateType.OPEN, owner, False)
    assert question.events.filter(kind=EventKind.CUSTOMER_REOPENED).count() == 1
    assert send(karin, at, "opnieuw").status_code == 302  # open as it is


def test_three_faces_and_a_word_changed_for_an_hour_and_once_more_when_closed_again(
    question: Ticket, owner: Agent, at: str, karin: Client, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Hoe ben je geholpen" not in said(karin.get(at))  # nobody has answered yet
    close(question, owner)
    Queue.objects.update(asks_rating=False)
    assert "Hoe ben je geholpen" not in said(karin.get(at))
    Queue.objects.update(asks_rating=True)
    assert "Hoe ben je geholpen" in said(karin.get(at))
    for wrong in ({}, {"rating": "nonsense"}, {"rating": "good", "words": "x" * 1001}):
        assert send(karin, at, "oordeel", **wrong).status_code == 422
    assert send(karin, at, "oordeel", rating="good").status_code == 302
    assert send(karin, at, "oordeel", rating="bad", words="Te laat.\nJammer <b>").status_code == 302
    (rated,) = ratings_of(question)
    assert (rated.rating, rated.words, rated.address) == (Rating.BAD, "Te laat.\nJammer <b>", KARIN)
    *_before, line = history_of(events_of(question))
    assert "Oordeel: Goed geholpen → Niet geholpen" in line.changes
    client.force_login(owner)
    zoom = said(client.get(f"/tickets/{question.number}/"))
    assert ("Niet geholpen" in zoom, "Jammer &lt;b&gt;" in zoom) == (True, True)
    later = timezone.now() + timedelta(hours=1, minutes=1)
    for name in ("acts", "page"):
        monkeypatch.setattr(f"webforms.customer.{name}.timezone.now", lambda: later)
    assert "Je hebt verteld hoe je geholpen bent: Niet geholpen" in said(karin.get(at))
    assert send(karin, at, "oordeel", rating="good").status_code == 409
    Ticket.objects.update(closed_at=later)
    assert send(karin, at, "oordeel", rating="good").status_code == 302
    answered(question, owner, to=(ELS,))
    els = page_of(question, ELS)
    assert send(opened(els), els, "oordeel", rating="fair").status_code == 302
    assert {rated.address for rated in ratings_of(question)} == {KARIN, ELS}


def test_files_are_as_big_as_the_house_takes_and_who_sends_more_is_not_told_to_sign_in(
    at: str, karin: Client, question: Ticket, settings: Settings
) -> None:
    big = bytes(6_000_000)
    assert send(karin, at, text="Kijk", attachments=SimpleUploadedFile("film", big)).status_code == 302
    assert question.articles.get(channel=Article.Channel.WEB).attachments.get().size == len(big)
    assert send(Client(), at, attachments=SimpleUploadedFile("film", big)).status_code == 404
    settings.UPLOAD_TOTAL_BYTES = 500_000
    answer = send(karin, at, text="Kijk", attachments=SimpleUploadedFile("film", big))
    page = said(answer)
    assert (answer.status_code, "bestanden zijn te groot" in page, "aangemeld" in page) == (413, True, False)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert question.articles.count() == 2


def test_what_can_t_be_sent_comes_back_with_its_words(
    at: str, karin: Client, question: Ticket, settings: Settings
) -> None:
    settings.UPLOAD_TOTAL_BYTES = 1000
    big = SimpleUploadedFile("groot", bytes(1001))
    for filled in (
        {"text": ""},
        {"text": "   "},
        {"text": "Nul\0"},
        {"text": "Kijk", "attachments": big},
        {"text": "Kijk", "attachments": [SimpleUploadedFile(str(n), b"x") for n in range(21)]},
        {"text": "Kijk", "submission": "geen"},
    ):
        back = send(karin, at, **filled)
        assert back.status_code == 422
        assert ("Kijk" in said(back)) == (filled["text"] == "Kijk")
    assert question.articles.count() == 1


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_in_each_field_of_each_form_breaks_nothing(
    at: str, karin: Client, question: Ticket, owner: Agent, nonsense: str | bytes
) -> None:
    answered(question, owner)
    for what, fields in FORMS.items():
        assert karin.post(f"{at}{what}/", dict.fromkeys(fields, nonsense)).status_code == 422, what
        for field in fields:
            alone = send(karin, at, what, **({"text": "Ja", "rating": "good"} | {field: nonsense}))
            assert alone.status_code in (302, 422), (what, field)


def test_what_can_t_be_read_is_said_in_a_sentence(at: str, karin: Client, question: Ticket) -> None:
    """Ten thousand fields, more files than anybody chooses, and a form that broke off."""
    fields = {f"x{number}": "y" for number in range(10_000)}
    files = [SimpleUploadedFile(str(number), b"") for number in range(1001)]
    answers: list[Any] = [send(karin, at, what, **fields) for what in FORMS]
    answers.append(send(karin, at, text="Kijk", attachments=files))
    answers.append(karin.post(f"{at}schrijf/", b"--x", content_type="multipart/form-data; boundary=\xe9"))
    assert [answer.status_code for answer in answers] == [400] * len(answers)
    assert all("meer dan er is gevraagd" in said(answer) for answer in answers)
    assert question.articles.count() == 1


def test_flooding_is_slowed_down(at: str, karin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DEEDS", replace(limits.DEEDS, free=2))
    answers = [send(karin, at, text=f"Nummer {number}") for number in range(3)]
    assert [each.status_code for each in answers] == [302, 302, 429]
    assert "Nummer 2" in said(answers[-1])


def test_an_agent_who_answers_on_the_desk_is_asked_too(
    question: Ticket, owner: Agent, at: str, karin: Client, client: Client
) -> None:
    client.force_login(owner)
    reply = reverse("desk:reply", args=[question.number])
    seen = newest_event(question).event
    send(karin, at, close="1")
    form = {
        "submission": str(uuid.uuid4()),
        SEEN: seen,
        "answered": question.articles.get().pk,
        "rich": "1",
        "html": "<p>Dat gaat zo.</p>",
        "to": KARIN,
        "subject": "Re: Vraag",
        "kind": "external",
        "state": question.state_id,
    }
    asked = client.post(reply, form)
    assert (asked.status_code, OutboundMessage.objects.filter(subject__contains="Vraag").count()) == (422, 0)
