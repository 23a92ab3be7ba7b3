"""A visitor fills in a form, and it is a ticket: whose, where, and with what."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.factories import make_free_field, make_queue
from tests.webforms.visiting import add_field, address_of, file, filled, make_form, opened, send
from tickets.models import Article, FreeValue, Ticket
from webforms.models import Category, FormChoice, Submission, SubmissionFile
from webforms.spec import Kind, Meaning
from webforms.telling import told_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def category(queue: Queue) -> Category:
    return make_form(queue)


def test_a_form_becomes_a_ticket_and_the_visitor_reads_its_number(category: Category) -> None:
    add_field(category, "lid", Kind.CHOICE, "gast", "vast")
    add_field(category, "bewijs", Kind.FILE)
    sent = send(category, filled(f_lid="gast", f_bewijs=[file(), file("brief.txt", b"Hallo", "text/html")]))
    assert sent.status_code == 302
    ticket = Ticket.objects.get()
    page = Client().get(sent["Location"])
    assert ticket.number in page.content.decode()
    assert sent.cookies == page.cookies == {}
    assert (ticket.queue, ticket.title) == (category.queue, "Gastlid op kamp")
    article = ticket.articles.get()
    assert (article.channel, article.direction, article.warning) == ("web", "in", "unconfirmed")
    assert article.from_header == "Femke de Boer <Femke@thuis.example>"
    assert article.from_address == "femke@thuis.example"
    assert article.text.startswith("Is een gastlid verzekerd?\nEn zo ja, waarvoor?\n\n")
    assert "Lid: Gast" in article.text
    assert "Bewijs: pas.png, brief.txt" in article.text
    assert "<th" in article.html
    assert "Gast" in article.html
    kinds = dict(article.attachments.values_list("name", "content_type"))
    assert kinds == {"pas.png": "image/png", "brief.txt": "text/plain"}
    assert SubmissionFile.objects.count() == 0
    assert str(ticket.customer) == "Femke de Boer"
    event = ticket.events.get(kind="created")
    version = category.versions.get()
    assert (event.actor_kind, event.changes["form"]) == ("customer", told_of(version)["form"])
    assert Submission.objects.get().ticket == ticket


def test_a_known_customer_is_found_by_the_address_and_called_as_before(
    category: Category, customer: Customer
) -> None:
    send(category, filled(f_mail="Karin@post.example", f_voornaam="Iemand", f_achternaam="Anders"))
    customer.refresh_from_db()
    assert Ticket.objects.get().customer == customer
    assert str(customer) == "Karin Klant"


def test_all_that_is_wrong_is_said_at_once_and_all_that_was_typed_stays(category: Category) -> None:
    add_field(category, "postcode", Kind.SHORT, pattern="[0-9]{4} ?[A-Z]{2}", pattern_said_nl="Zo: 1234 AB.")
    add_field(category, "aantal", Kind.NUMBER, least=1, most=9)
    add_field(category, "dag", Kind.DATE)
    add_field(category, "bel", Kind.PHONE)
    add_field(category, "regels", Kind.LONG, most=5)
    wrong = {
        "f_postcode": "1234 ABC",
        "f_aantal": "12",
        "f_dag": "2026-13-45",
        "f_bel": "geen",
        "f_regels": "a\n\n\n\nb",
    }
    page = send(category, filled(f_mail="geen adres", f_vraag="", **wrong))
    assert page.status_code == 422
    shown = page.content.decode()
    for name in ("mail", "vraag", *(name.removeprefix("f_") for name in wrong)):
        assert f'href="#id_f_{name}"' in shown, name
    assert "Zo: 1234 AB." in shown
    assert "Gastlid op kamp" in shown
    assert 'value="2026-13-45"' in shown
    right = {"f_postcode": "1234 AB", "f_aantal": "1,5", "f_dag": "2026-12-31", "f_bel": "06-12345678"}
    right["f_regels"] = "a\r\nb\r\nc"  # as a browser sends what it counts as five
    assert send(category, filled(**right)).status_code == 302
    assert "Aantal: 1,5\nDag: 31-12-2026\n" in Article.objects.get().text


def test_a_choice_leads_to_a_queue_and_answers_stand_in_free_fields(category: Category) -> None:
    other = make_queue("Schade")
    soort = make_free_field("choice", "Schade", "Anders")
    groep = make_free_field("short")
    elsewhere = make_free_field("number", queues=[category.queue])  # type: ignore[list-item]  # it has one
    row = add_field(category, "soort", Kind.CHOICE, "schade", "anders", free_field=soort)
    FormChoice.objects.filter(field=row, key="schade").update(queue=other)
    add_field(category, "groep", Kind.SHORT, free_field=groep)
    add_field(category, "aantal", Kind.NUMBER, free_field=elsewhere)
    send(category, filled(f_soort="schade", f_groep="De Zwervers", f_aantal="3"))
    ticket = Ticket.objects.get()
    assert ticket.queue == other
    assert dict(FreeValue.objects.values_list("field_id", "short")) == {
        soort.pk: None,
        groep.pk: "De Zwervers",
    }


def test_what_is_asked_after_an_answer_comes_as_a_second_step_without_script(category: Category) -> None:
    parent = add_field(category, "soort", Kind.CHOICE, "kamp", "anders")
    add_field(category, "plaats", Kind.SHORT, shown_when=parent, shown_value="Kamp", is_required=True)
    add_field(category, "bel", Kind.PHONE, meaning=Meaning.PHONE, shown_when=parent, shown_value="Kamp")
    add_field(category, "hulp", Kind.SEVERAL, "tent", "boot", shown_when=parent, shown_value="Kamp")
    first = Client().get(address_of(category)).content.decode()
    assert first.count('data-value="kamp" hidden') == 3
    assert first.index('name="f_soort"') < first.index('name="f_bel"')
    token = opened(category)
    page = send(category, filled(f_soort="kamp"), token=token)
    shown = page.content.decode()
    assert page.status_code == 422
    for box in ("id_f_plaats", "id_f_bel", "id_f_hulp_0"):
        assert f'href="#{box}"' in shown
        assert f'id="{box}"' in shown
    assert "Vul 'Plaats' in." not in shown
    assert "Gastlid op kamp" in shown
    missing = send(category, filled(f_soort="kamp", asked="plaats"), token=token)
    assert "Vul &#x27;Plaats&#x27; in." in missing.content.decode()
    done = send(
        category, filled(f_soort="kamp", asked=["plaats", "bel", "hulp"], f_plaats="Zeist"), token=token
    )
    assert done.status_code == 302
    assert "Plaats: Zeist" in Article.objects.get().text


def test_what_is_hidden_is_not_judged_and_not_in_the_ticket(category: Category) -> None:
    parent = add_field(category, "soort", Kind.CHOICE, "kamp", "anders")
    add_field(category, "deelnemers", Kind.NUMBER, shown_when=parent, shown_value="Kamp", is_required=True)
    below = FormChoice.objects.get(field=parent, key="kamp").field.category.fields.get(key="deelnemers")
    add_field(category, "namen", Kind.FILE, shown_when=below, shown_value="Kamp", is_required=True)
    values = filled(f_soort="anders", asked="deelnemers", f_deelnemers="onzin", f_namen=file())
    assert send(category, values).status_code == 302
    article = Article.objects.get()
    assert "onzin" not in article.text
    assert article.attachments.count() == 0


def test_files_stay_while_the_form_comes_back_and_can_be_taken_away(category: Category) -> None:
    add_field(category, "bewijs", Kind.FILE, is_required=True)
    token = opened(category)
    assert "Kies een bestand" in send(category, filled(), token=token).content.decode()
    page = send(category, filled(f_vraag="", f_bewijs=[file(), file("lijst.csv", b"a;b")]), token=token)
    assert page.status_code == 422
    shown = page.content.decode()
    assert "pas.png" in shown
    assert "Kies een bestand" not in shown
    gone = SubmissionFile.objects.get(name="lijst.csv").pk
    assert send(category, filled(gone_bewijs=str(gone)), token=token).status_code == 302
    assert [each.name for each in Article.objects.get().attachments.all()] == ["pas.png"]


def test_agents_read_that_the_address_is_not_confirmed(
    category: Category, owner: Agent, client: Client
) -> None:
    send(category)
    client.force_login(owner)
    page = client.get(reverse("desk:zoom", args=[Ticket.objects.get().number])).content.decode()
    assert "Adres niet bevestigd." in page
    assert "<dd>Verzekeringen, versie 1</dd>" in page
    assert "<iframe" not in page  # the form's copy is ours, and has the colours of the page
    history = client.get(reverse("desk:history", args=[Ticket.objects.get().number])).content.decode()
    assert "Verzekeringen, versie 1" in history
