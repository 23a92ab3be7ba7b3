"""The fields of a form, written in the order in which they were given."""

from collections.abc import Sequence

from webforms.choice_lines import KEY_MOST
from webforms.keys import new_key
from webforms.models import Category, FormChoice, FormField
from webforms.rules import Row
from webforms.spec import Meaning


def give_keys(rows: Sequence[Row]) -> None:
    """A key for each field that has none yet."""
    taken = {row.field.key for row in rows if row.field.key}
    for row in rows:
        if not row.field.key:
            row.field.key = new_key(row.field.name_nl, taken=taken, otherwise="veld", most=KEY_MOST)
            taken.add(row.field.key)


def keep_rows(category: Category, rows: Sequence[Row]) -> None:
    """These, tied and in order, are all that the form has: what hangs on another comes when that is there.

    Two may have taken each other's meaning, which only one can have: nobody has any while they are written.
    """
    there = FormField.objects.filter(category=category)
    there.exclude(pk__in=[row.field.pk for row in rows if row.field.pk]).delete()
    there.update(meaning=Meaning.NOTHING, shown_when=None)
    give_keys(rows)
    hanging = []
    for place, row in enumerate(rows, start=1):
        field, asked_by = row.field, row.field.shown_when
        field.category, field.position, field.shown_when = category, 10 * place, None
        field.save()
        _keep_choices(field, row.choices)
        if asked_by is not None:
            hanging.append((field, asked_by))
    for field, asked_by in hanging:
        field.shown_when = asked_by
        field.save(update_fields=["shown_when"])


def _keep_choices(field: FormField, choices: Sequence[FormChoice]) -> None:
    kept = [choice.pk for choice in choices if choice.pk]
    FormChoice.objects.filter(field=field).exclude(pk__in=kept).delete()
    for choice in choices:
        choice.field = field
        choice.save()
