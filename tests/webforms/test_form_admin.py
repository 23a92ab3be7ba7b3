"""Administrators make question forms without code: fields in their order, rules told at once, versions."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue
from tests.factories import make_queue
from webforms.models import Category, FormField

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
