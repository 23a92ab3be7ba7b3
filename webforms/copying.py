"""A question form made after another one."""

from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from tickets.models.free_field import NAME_MOST
from webforms.keeping import keep_rows
from webforms.keys import new_slug
from webforms.models import Category
from webforms.rules import Row
from webforms.versions import publish

M = TypeVar("M", bound=Model)


def copy_of(category: Category) -> Category:
    """A new category below the same one, out of use, with the same texts, limits, fields and choices.

    Its name says that it is a copy; its address is its own, and so the sites elsewhere that may show it are
    told anew.
    """
    made = _again(category)
    made.name_nl = (_("%(name)s (copy)") % {"name": category.name_nl})[:NAME_MOST]
    made.name_en = (_("%(name)s (copy)") % {"name": category.name_en})[:NAME_MOST] if category.name_en else ""
    made.slug = new_slug(made.name_nl, taken=set(Category.objects.values_list("slug", flat=True)))
    made.is_active, made.origins = False, ""
    made.save()
    rows = [
        Row(field=_again(field), choices=[_again(choice) for choice in field.choices.all()])
        for field in category.fields.prefetch_related("choices")
    ]
    copies = {row.field.key: row.field for row in rows}
    for field in category.fields.exclude(shown_when=None).select_related("shown_when"):
        copies[field.key].shown_when = copies[field.shown_when.key] if field.shown_when else None
    keep_rows(made, rows)
    publish(made)
    return made


def _again(row: M) -> M:
    """Another row with the same values, not saved."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**values | {"id": None})
