"""Question forms to test with: each call makes one more."""

from typing import Any

from django.utils.text import slugify

from queues.models import Queue
from webforms.models import Category, FormChoice, FormField, FormVersion
from webforms.spec import Kind, Meaning
from webforms.versions import publish


def make_category(queue: Queue | None = None, name: str = "Verzekeringen", **values: Any) -> Category:
    """A category, of a queue a form without fields; without one a heading."""
    n = Category.objects.count() + 1
    defaults = {"name_nl": name, "slug": f"{slugify(name)}-{n}", "position": 10 * n}
    return Category.objects.create(queue=queue, **defaults | values)


def make_field(
    category: Category,
    kind: str,
    label: str,
    *,
    choices: tuple[str, ...] = (),
    leads_to: Queue | None = None,
    **values: Any,
) -> FormField:
    """One more field below those that are there; its last choice leads to the queue, if one is given."""
    defaults = {
        "name_nl": label,
        "key": slugify(label),
        "kind": kind,
        "position": 10 * (category.fields.count() + 1),
    }
    field = FormField.objects.create(category=category, **defaults | values)
    for place, choice in enumerate(choices, start=1):
        is_last = place == len(choices)
        FormChoice.objects.create(
            field=field,
            name_nl=choice,
            key=slugify(choice),
            position=10 * place,
            queue=leads_to if is_last else None,
        )
    return field


def make_form(queue: Queue, name: str = "Verzekeringen", **values: Any) -> Category:
    """A category with the three fields that each form has: 'e-mail', 'onderwerp' and 'vraag'."""
    category = make_category(queue, name, **values)
    make_field(category, Kind.EMAIL, "E-mail", meaning=Meaning.ADDRESS, is_required=True)
    make_field(category, Kind.SHORT, "Onderwerp", meaning=Meaning.SUBJECT, is_required=True)
    make_field(category, Kind.LONG, "Vraag", meaning=Meaning.QUESTION, is_required=True)
    return category


def published(category: Category) -> FormVersion:
    """The version of it that visitors get now; the category has a queue."""
    version = publish(category)
    assert version is not None
    return version
