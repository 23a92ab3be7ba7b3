"""A question form made after another one."""

from django.utils.translation import gettext as _

from tickets.models.free_field import NAME_MOST
from webforms.keys import new_key
from webforms.models import Category
from webforms.versions import publish

SLUG_MOST = 60


def copy_of(category: Category) -> Category:
    """A new category below the same one, out of use, with the same texts, limits, fields and choices.

    Its name says that it is a copy; its address is its own; sites elsewhere that show the other one do not
    show it, for they know it by its address.
    """
    fields = list(category.fields.select_related("shown_when").prefetch_related("choices"))
    made = Category.objects.get(pk=category.pk)
    made.pk, made._state.adding = None, True
    made.name_nl = (_("%(name)s (copy)") % {"name": category.name_nl})[:NAME_MOST]
    made.name_en = (_("%(name)s (copy)") % {"name": category.name_en})[:NAME_MOST] if category.name_en else ""
    taken = set(Category.objects.values_list("slug", flat=True))
    made.slug = new_key(made.name_nl, taken=taken, otherwise="vraag", most=SLUG_MOST)
    made.is_active = False
    made.save()
    copies = {}
    for field in fields:
        choices, asked_by = list(field.choices.all()), field.shown_when
        field.pk, field._state.adding, field.category = None, True, made
        copies[field.key] = field
        field.shown_when = copies.get(asked_by.key) if asked_by is not None else None
        field.save()
        for choice in choices:
            choice.pk, choice._state.adding, choice.field = None, True, field
            choice.save()
    publish(made)
    return made
