"""Standard answers that are offered to who is typing a question: those marked as public, and nothing else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue, ResponseTemplate
from tests.webforms.visiting import add_field, address_of, file, filled, make_form, opened, send
from tickets.models import Ticket
from webforms import suggesting
from webforms.models import Category, SubmissionFile
from webforms.spec import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

ASKED = "Zijn gastleden verzekerd op ons kamp?"
GUESTS = (
    '<p>Gastleden zijn <a href="https://scouting.example">verzekerd</a>.</p>'
    '<img src="/bijlage/1"><script>x()</script>'
)


@pytest.fixture
def category(queue: Queue) -> Category:
    return make_form(queue)


def make_answer(name: str, html: str = "<p>Gastleden zijn verzekerd.</p>", **values: Any) -> ResponseTemplate:
    return ResponseTemplate.objects.create(name=name, html=html, **{"is_public": True, **values})


def offered(category: Category, typed: str = ASKED, **client: Any) -> str:
    answer = Client(**client).get(reverse("webforms:answers", args=[category.slug]), {"q": typed})
    assert (answer.status_code, answer.cookies) == (200, {})
    return answer.content.decode()


def test_answers_that_share_two_telling_words_are_offered_and_at_most_three(
    category: Category, queue: Queue
) -> None:
    make_answer("Zijn gastleden verzekerd?", GUESTS).queues.set([queue])
    for place in ("Zeist", "Leiden", "Breda"):
        make_answer(f"Kamp in {place}", "<p>Op dat kamp is iedereen verzekerd.</p>")
    for number in range(5):
        make_answer(f"Contributie {number}", "<p>Jullie penningmeester krijgt een rekening.</p>")
    shown = offered(category)
    assert shown.count("<details>") == 3
    assert shown.index("Zijn gastleden verzekerd?") < shown.index("Kamp in")
    assert "3 antwoorden kunnen zijn wat je zoekt." in shown
    assert 'rel="noopener noreferrer"' in shown
    assert [bad for bad in ("<img", "script", "x()", "Contributie") if bad in shown] == []
    for little in (
        "gastleden",
        "gastleden GASTLEDEN",
        "rekening penningmeester",
        "is er op een ons de",
        "x" * 5_000,
        "\0",
        "",
    ):
        assert "<details>" not in offered(category, little), little


def test_what_is_not_public_is_never_shown_to_a_stranger(category: Category, other_queue: Queue) -> None:
    make_answer("Geheim: intern", is_public=False)
    make_answer("Geheim: notitie", kind="note")
    make_answer("Geheim: elders").queues.set([other_queue])
    make_answer("Geheim: van een klant", "<p>Gastleden van <KVV_CUSTOMER_REALNAME> zijn verzekerd.</p>")
    Category.objects.create(slug="kop", name_nl="Kop", name_en="Head")
    assert "Geheim" not in offered(category)
    for page in (Client().get(address_of(category)), send(category, filled(look="1", f_vraag=ASKED))):
        assert [
            word for word in ("Geheim", "answers.js", "antwoord er al") if word in page.content.decode()
        ] == []
    assert Client().get(reverse("webforms:answers", args=["kop"])).status_code == 404


def test_without_script_a_button_asks_and_the_form_keeps_all_of_it(category: Category) -> None:
    make_answer("Zijn gastleden verzekerd?")
    add_field(category, "bewijs", Kind.FILE)
    token = opened(category)
    looked = send(category, filled(look="1", f_mail="", f_vraag=ASKED, f_bewijs=file()), token=token)
    page = looked.content.decode()
    assert (looked.status_code, "Zijn gastleden verzekerd?" in page, "pas.png (" in page) == (200, True, True)
    assert ('value="Gastlid op kamp"' in page, ASKED in page, "is-invalid" in page) == (True, True, False)
    assert page.index("Verstuur je vraag") < page.index("Kijk of je antwoord er al is")
    nothing = send(category, filled(look="1", f_onderwerp="Hoi", f_vraag="Waar?"), token=token)
    assert "geen antwoord klaar" in nothing.content.decode()
    assert (Ticket.objects.count(), SubmissionFile.objects.count()) == (0, 1)
    assert send(category, token=token).status_code == 302


def test_one_network_is_not_answered_without_end(category: Category, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "A_MINUTE_MOST", 2)
    make_answer("Zijn gastleden verzekerd?")
    address = f"{reverse('webforms:answers', args=[category.slug])}?q=gastleden+verzekerd"
    statuses = [Client(REMOTE_ADDR=f"10.0.0.{n}").get(address).status_code for n in range(3)]
    assert statuses == [200, 200, 429]
    assert "<details>" in offered(category, REMOTE_ADDR="10.0.1.1")


def test_only_an_answer_in_which_nothing_is_filled_in_can_be_marked(client: Client, superuser: Agent) -> None:
    client.force_login(superuser)

    def told(**values: str) -> str:
        form = {"name": "Gasten", "kind": "answer", "html": "<p>Ja.</p>", "is_public": "on"} | values
        answer = client.post(reverse("admin:queues_responsetemplate_add"), form)
        return answer.content.decode() if answer.status_code == 200 else ""

    assert "een bezoeker heeft nog geen van beide" in told(html="<p>Dag <OTRS_CUSTOMER_REALNAME></p>")
    assert "Alleen een antwoord kan openbaar zijn" in told(kind="note")
    assert ResponseTemplate.objects.count() == 0
    assert told() == ""
    assert ResponseTemplate.objects.get().is_public
    assert told(name="Intern", is_public="", html="<p>Dag <KVV_CUSTOMER_REALNAME></p>") == ""
