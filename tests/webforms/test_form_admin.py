"""Administrators make question forms without code: fields in their order, rules told at once, versions."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Agent
from queues.models import Queue
from tests.factories import make_free_field, make_queue
from tests.webforms.factories import make_category, make_field, make_form, published
from webforms.models import Category, FormChoice, FormField, FormVersion, Submission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

ADD = "/admin/webforms/category/add/"
ADDRESS = {"name_nl": "E-mail", "kind": "email", "meaning": "address", "is_required": "on"}
SUBJECT = {"name_nl": "Onderwerp", "kind": "short", "meaning": "subject", "is_required": "on"}
QUESTION = {"name_nl": "Vraag", "kind": "long", "meaning": "question", "is_required": "on"}
FIRST = (ADDRESS, SUBJECT, QUESTION)
LIMITS = {"files_mb": 5, "per_hour": 100, "address_per_hour": 5, "network_per_hour": 20, "links_most": 5}


@pytest.fixture
def office(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    return client


def filled_in(queue: Queue | None, *rows: dict[str, Any], kept: int = 0, **values: object) -> dict[str, Any]:
    """The page of a form as a browser sends it."""
    form = {"name_nl": "Verzekeringen", "position": 10, "is_active": "on", **LIMITS}
    form |= {
        "queue": queue.pk if queue else "",
        "fields-TOTAL_FORMS": len(rows),
        "fields-INITIAL_FORMS": kept,
    }
    for number, row in enumerate(rows):
        shown = {"kind": "short", "is_active": "on", "place": 10 * (number + 1)} | row
        form |= {f"fields-{number}-{name}": value for name, value in shown.items()}
    return form | values


def row_of(field: FormField, **values: object) -> dict[str, Any]:
    """A field that is kept, as its page shows it."""
    shown = {
        "id": field.pk,
        "name_nl": field.name_nl,
        "kind": field.kind,
        "meaning": field.meaning,
        "is_required": "on" if field.is_required else "",
    }
    return shown | values


def change(category: Category) -> str:
    return reverse("admin:webforms_category_change", args=[category.pk])


def rows_of(category: Category) -> list[dict[str, Any]]:
    return [row_of(field) for field in category.fields.all()]


def test_a_form_is_made_with_its_fields_choices_and_what_hangs_on_them(office: Client, queue: Queue) -> None:
    other = make_queue("Schade")
    kind = {
        "name_nl": "Soort",
        "kind": "choice",
        "choices": "Vraag | Question\nSchade | Damage | schade",
        "place": 5,
    }
    day = {"name_nl": "Dag", "kind": "date", "asked_when": "soort", "shown_value": "schade"}
    sent = filled_in(queue, *FIRST, day, kind, {"name_nl": ""})
    answer = office.post(ADD, sent)
    assert answer.status_code == 302, answer.context["errors"]
    category = Category.objects.get()
    assert category.slug == "verzekeringen"
    assert [(field.key, field.position) for field in category.fields.all()] == [
        *(("soort", 10), ("e-mail", 20), ("onderwerp", 30), ("vraag", 40), ("dag", 50))
    ]
    spec = category.versions.get().spec
    assert [(choice.key, choice.name.en, choice.queue) for choice in spec.fields[0].choices] == [
        *(("vraag", "Question", None), ("schade", "Damage", other.pk))
    ]
    assert (spec.fields[4].shown_when, spec.fields[4].shown_value) == ("soort", "schade")


def test_all_that_is_wrong_is_told_at_once_where_it_stands(office: Client, queue: Queue) -> None:
    free = make_free_field("number", on_web_form="shown", queues=[make_queue("Kennis::Spel")])
    hidden = make_free_field("short")
    wrong: dict[str, tuple[dict[str, Any], str, str]] = {
        "meaning": ({"meaning": "first_name", "kind": "date"}, "kind", "kan met deze soort niet"),
        "twice": ({"meaning": "subject"}, "meaning", "Twee velden zijn"),
        "choices": ({"kind": "choice"}, "choices", "Geef wat er in"),
        "no choices": ({"choices": "Ja"}, "choices", "valt niets te kiezen"),
        "queue": ({"kind": "choice", "choices": "Ja | Yes | Nergens"}, "choices", "geen wachtrij"),
        "path": ({"kind": "choice", "choices": "Ja | Yes | kennis"}, "choices", "Bedoel je"),
        "typo": ({"kind": "choice", "choices": "Ja | Yes | kenis:spel"}, "choices", "Kennis::Spel"),
        "place": ({"kind": "choice", "choices": "Ja | kennis::spel"}, "choices", "Schrijf: Ja | | kennis"),
        "one line": ({"kind": "choice", "choices": "Ja, nee"}, "choices", "een eigen regel"),
        "same": ({"kind": "choice", "choices": "Ja\nja"}, "choices", "twee keer"),
        "strokes": ({"kind": "choice", "choices": "a|b||d"}, "choices", "te veel streepjes"),
        "pattern": ({"pattern": "(a+)+", "pattern_said_nl": "Nee."}, "pattern", "heel lang"),
        "no pattern": ({"pattern": "(", "pattern_said_nl": "Nee."}, "pattern", "niet door elke browser"),
        "pattern's kind": ({"pattern": "a", "kind": "date"}, "pattern", "Alleen een korte tekst"),
        "said": ({"pattern": "a"}, "pattern_said_nl", "Zeg in het Nederlands"),
        "least": ({"kind": "number", "least": "3", "most": "2"}, "least", "minstens meer dan"),
        "length": ({"most": "9999"}, "least", "geheel getal van 0 tot en met 200"),
        "measured": ({"kind": "tick", "least": "1"}, "least", "zonder minstens"),
        "above": ({"asked_when": "Later"}, "asked_when", "Er staat geen veld"),
        "itself": ({"asked_when": "itself"}, "asked_when", "Er staat geen veld"),
        "hangs": ({"asked_when": "Onderwerp"}, "asked_when", "geen van beide"),
        "off": ({"asked_when": "Uit"}, "asked_when", "niet actief"),
        "answer": ({"asked_when": "Soort", "shown_value": "Zee"}, "shown_value", "geen keuze"),
        "no answer": ({"asked_when": "Soort"}, "shown_value", "Zeg bij welk antwoord"),
        "free queue": ({"kind": "number", "free_field": free.pk}, "free_field", "niet van de wachtrij"),
        "free place": ({"free_field": hidden.pk}, "free_field", "niet voor webformulieren"),
    }
    rows = [
        *FIRST,
        {"name_nl": "Uit", "kind": "tick", "is_active": ""},
        {"name_nl": "Soort", "kind": "choice", "choices": "Land\nLucht"},
        *({"name_nl": name, **row} for name, (row, _column, _said) in wrong.items()),
        {"name_nl": "Later", "kind": "tick"},
        {"name_nl": "VRAAG", "kind": "tick"},
    ]
    answer = office.post(ADD, filled_in(queue, *rows))
    assert answer.status_code == 200
    formset = answer.context["inline_admin_formsets"][0].formset
    for form in formset.forms[5:-2]:
        _row, column, said = wrong[form["name_nl"].value()]
        assert said in str(form.errors.get(column)), (form["name_nl"].value(), form.errors)
    assert "Twee velden hebben deze" in str(formset.forms[-1].errors["name_nl"])
    assert not Category.objects.exists()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), "vraagt niet naar"),
        ((ADDRESS | {"is_required": ""}, SUBJECT, QUESTION), "vink aan dat het verplicht is"),
        ((*FIRST, *({"name_nl": f"Foto {n}", "kind": "file"} for n in range(6))), "te veel bestanden"),
        ((*FIRST, *({"name_nl": f"Veld {n}"} for n in range(48))), "te veel velden"),
    ],
)
def test_a_form_asks_what_a_ticket_needs_and_no_more_than_one_can_fill_in(
    office: Client, queue: Queue, rows: Sequence[dict[str, Any]], said: str
) -> None:
    assert said in office.post(ADD, filled_in(queue, *rows)).content.decode()


def test_a_form_takes_no_more_than_the_proxy_and_asks_nobody_in_english_alone(
    office: Client, queue: Queue, settings: Settings
) -> None:
    settings.UPLOAD_TOTAL_BYTES = 7 * 2**20
    for values, said in (({"files_mb": 8}, "files_mb"), ({"consent_en": "Keep it."}, "consent_en")):
        answer = office.post(ADD, filled_in(queue, *FIRST, **values))
        assert set(answer.context["adminform"].form.errors) == {said}
    assert office.post(ADD, filled_in(queue, *FIRST, files_mb=7, consent_nl="Ja.")).status_code == 302


def test_a_heading_needs_no_fields_and_what_a_new_form_begins_with_stays_away(office: Client) -> None:
    page = office.get(ADD).context["inline_admin_formsets"][0].formset
    begun = [{**form.initial, "is_required": "on"} for form in page.forms]
    assert office.post(ADD, filled_in(None, *begun)).status_code == 302
    assert (FormField.objects.count(), FormVersion.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("origins", "said"),
    [
        ("https://www.groep.example\nHTTPS://Kamp.example:8443/", ""),
        ("http://localhost:8000", ""),
        ("http://groep.example", "is geen site"),
        ("https://groep.example/pagina", "is geen site"),
        ("https://u:p@groep.example", "is geen site"),
        ("https://*.groep.example", "is geen site"),
        ("https://groep.example:99999", "is geen site"),
        ("https://groep.example; script-src *", "is geen site"),
        ("\n".join(f"https://g{n}.example" for n in range(21)), "te veel sites"),
    ],
)
def test_only_whole_sites_may_show_a_form(office: Client, origins: str, said: str) -> None:
    answer = office.post(ADD, filled_in(None, origins=origins))
    assert (answer.status_code, said in answer.content.decode()) == (200 if said else 302, True)
    if "Kamp" in origins:
        assert Category.objects.get().origins == "https://www.groep.example\nhttps://kamp.example:8443"


def test_categories_stand_below_each_other_without_a_circle_and_not_too_deep(office: Client) -> None:
    first = make_category(name="1")
    second = make_category(name="2", parent=first)
    third = make_category(name="3", parent=second)
    fourth = make_category(name="4", parent=third)
    assert "onder zichzelf" in office.post(change(first), filled_in(None, parent=third.pk)).content.decode()
    assert "te diep" in office.post(ADD, filled_in(None, parent=fourth.pk)).content.decode()
    assert office.post(change(fourth), filled_in(None, parent=first.pk)).status_code == 302
    other = make_category(name="5")
    make_category(name="6", parent=other)
    assert "te diep" in office.post(change(other), filled_in(None, parent=third.pk)).content.decode()
    listed = office.get(reverse("admin:webforms_category_changelist")).context["cl"].queryset
    assert [category.slug for category in listed] == ["1-1", "4-4", "2-2", "3-3", "5-5", "6-6"]


def test_what_was_used_stays_and_what_is_saved_then_is_a_new_version(office: Client, queue: Queue) -> None:
    category = make_form(queue)
    first = published(category)
    rows = rows_of(category)
    assert office.post(change(category), filled_in(queue, *rows, kept=3, thanks_nl="Dank")).status_code == 302
    assert category.versions.get().spec.thanks.nl == "Dank"
    sent_by(first)
    rows[2] |= {"name_nl": "Wat je weten wilt"}
    answer = office.post(change(category), filled_in(queue, *rows, kept=3, thanks_nl="Dank"), follow=True)
    assert "Dit is nu versie 2" in answer.content.decode()
    newest, old = category.versions.all()
    assert [version.spec.fields[2].label.nl for version in (newest, old)] == ["Wat je weten wilt", "Vraag"]
    assert newest.spec.fields[2].key == "vraag"
    listed = office.get(change(category)).context["versions"]
    assert [(version.number, version.sent) for version in listed] == [(2, 0), (1, 1)]
    shown = reverse("admin:webforms_category_version_form", args=[old.pk])
    html = office.get(shown).content.decode()
    assert "Wat je weten wilt" not in html
    assert html.count("disabled") >= 3
    page = office.get(reverse("admin:webforms_category_version", args=[old.pk])).content.decode()
    assert "er is 1 vraag mee verstuurd" in page
    assert office.post(reverse("admin:webforms_category_delete", args=[category.pk])).status_code == 403
    spare = make_form(queue, "Proef")
    published(spare)
    gone = office.post(reverse("admin:webforms_category_delete", args=[spare.pk]), {"post": "yes"})
    assert (gone.status_code, Category.objects.filter(pk=spare.pk).exists()) == (302, False)


def test_choices_keep_their_keys_and_who_hangs_on_one_goes_along_when_it_is_renamed(
    office: Client, queue: Queue
) -> None:
    category = make_form(queue)
    kind = make_field(category, "choice", "Soort", choices=("Vraag", "Schade"))
    make_field(category, "date", "Dag", shown_when=kind, shown_value="Schade")
    rows = rows_of(category)
    rows[3] |= {"name_nl": "Wat", "choices": "Nieuw\nSchade of diefstal | Damage\nVraag"}
    rows[4] |= {"asked_when": "Soort", "shown_value": "Schade"}
    answer = office.post(change(category), filled_in(queue, *rows, kept=5))
    assert answer.status_code == 302, answer.context["errors"]
    keys = dict(FormChoice.objects.values_list("name_nl", "key"))
    assert keys == {"Nieuw": "nieuw", "Schade of diefstal": "schade", "Vraag": "vraag"}
    field = category.versions.get().spec.fields[4]
    assert (field.shown_when, field.shown_value) == ("soort", "schade")


def test_a_field_goes_up_without_script_and_two_can_change_what_they_are(
    office: Client, queue: Queue
) -> None:
    category = make_form(queue)
    make_field(category, "short", "Naam", meaning="last_name")
    rows = rows_of(category)
    rows[1]["meaning"], rows[3]["meaning"] = "last_name", "subject"
    rows[3]["is_required"] = "on"
    sent = filled_in(queue, *rows, kept=4, _move="fields-3:up")
    assert office.post(change(category), sent).headers["Location"] == change(category)
    fields = [(field.key, field.meaning) for field in category.fields.all()]
    assert fields == [
        ("e-mail", "address"),
        ("onderwerp", "last_name"),
        ("naam", "subject"),
        ("vraag", "question"),
    ]
    for odd in ("fields-99:up", "x", "fields-0:up", "fields-3:down"):
        assert office.post(change(category), sent | {"_move": odd}).status_code == 302


def test_a_field_that_a_colleague_made_meanwhile_is_not_lost(office: Client, queue: Queue) -> None:
    category = make_form(queue)
    rows = rows_of(category)
    make_field(category, "tick", "Nieuw")
    answer = office.post(change(category), filled_in(queue, *rows, kept=3))
    assert "ondertussen een veld erbij" in answer.content.decode()
    assert category.fields.count() == 4
    rows = rows_of(category)
    rows[3] |= {"DELETE": "on"}
    assert office.post(change(category), filled_in(queue, *rows, kept=4)).status_code == 302
    assert category.fields.count() == 3


def test_the_preview_shows_what_is_typed_and_keeps_nothing(office: Client, queue: Queue) -> None:
    category = make_form(queue)
    script = "<script>alert(1)</script>"
    rows = [*rows_of(category), {"name_nl": script, "kind": "several", "choices": "Ja | Yes\nNee | No"}]
    sent = filled_in(queue, *rows, kept=3, introduction_nl=script, name_en="Insurance", _language="en")
    answer = office.post(reverse("admin:webforms_category_preview_of", args=[category.pk]), sent)
    html = answer.content.decode()
    assert (script in html, "&lt;script&gt;" in html, "Yes" in html, "Insurance" in html) == (
        False,
        True,
        True,
        True,
    )
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert category.fields.count() == 3
    new = office.post(reverse("admin:webforms_category_preview"), filled_in(queue, *FIRST)).content.decode()
    assert "Onderwerp" in new
    heading = office.post(reverse("admin:webforms_category_preview"), filled_in(None)).content.decode()
    assert "Zonder wachtrij" in heading


def test_a_copy_is_another_form_that_is_not_in_use(office: Client, queue: Queue) -> None:
    category = make_form(queue, origins="https://groep.example")
    kind = make_field(category, "choice", "Soort", choices=("Vraag", "Schade"), leads_to=queue)
    make_field(category, "date", "Dag", shown_when=kind, shown_value="Schade")
    office.post(reverse("admin:webforms_category_copy", args=[category.pk]))
    made = Category.objects.exclude(pk=category.pk).get()
    assert (made.slug, made.is_active, made.origins) == ("verzekeringen-kopie", False, "")
    assert made.versions.get().spec.fields == published(category).spec.fields
    assert made.fields.get(key="dag").shown_when == made.fields.get(key="soort")
    assert FormChoice.objects.count() == 4


def test_nobody_else_makes_or_sees_forms_there(client: Client, owner: Agent, queue: Queue) -> None:
    category = make_form(queue)
    version = published(category)
    client.force_login(owner)
    for name, pk in (("preview_of", category.pk), ("copy", category.pk)):
        assert client.post(reverse(f"admin:webforms_category_{name}", args=[pk])).status_code == 302
    for name in ("version", "version_form"):
        answer = client.get(reverse(f"admin:webforms_category_{name}", args=[version.pk]), follow=True)
        assert answer.status_code == 403
    assert Category.objects.count() == 1


def test_the_page_costs_as_many_statements_for_twenty_fields_as_for_three(
    office: Client, queue: Queue, django_assert_max_num_queries: Any
) -> None:
    category = make_form(queue)
    for n in range(17):
        make_field(category, "choice", f"Soort {n}", choices=("Ja", "Nee"))
    published(category)
    with django_assert_max_num_queries(24):
        assert office.get(change(category)).status_code == 200


def sent_by(version: FormVersion) -> Submission:
    return Submission.objects.create(token=uuid4(), version=version, address="karin@post.example")
