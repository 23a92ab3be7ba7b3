"""`{% layout form %}` and `{% foot form %}`: the one place where a form's arrangement is read.

And what the admin's pages need beside Django's: what is wrong in their forms, and ticks in words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from crispy_forms.utils import render_field
from django import template
from django.forms import BaseForm
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag(takes_context=True)
def layout(context: Context, form: BaseForm) -> SafeString:
    """A form's fields as its `layout` arranges them, or one below the other; then what is hidden.

    What its `foot` arranges is left to `{% foot form %}`.

    A field that the layout forgot comes after the others instead of being missed. The form's element, its
    buttons and what is wrong with it as a whole belong to the page.
    """
    context = context.__copy__()
    arranged = _arranged(getattr(form, "layout", None) or Layout(*form.fields), form, context)
    rendered: set[str] = form.rendered_fields  # type: ignore[attr-defined]  # crispy-forms puts it there
    beside = getattr(form, "foot", None)
    rendered |= {pointer.name for pointer in beside.get_field_names()} if beside else set()
    left = [form[name] for name in form.fields if name not in rendered]
    rest = (field if field.is_hidden else render_field(field.name, form, context) for field in left)
    return arranged + format_html_join("", "{}", ((field,) for field in rest))


@register.simple_tag(takes_context=True)
def foot(context: Context, form: BaseForm) -> SafeString:
    """What a form's `foot` arranges, to stand beside its button; nothing for a form without one."""
    arranged = getattr(form, "foot", None)
    return _arranged(arranged, form, context.__copy__()) if arranged else SafeString()


def _arranged(arrangement: Layout, form: BaseForm, context: Context) -> SafeString:
    helper = FormHelper()
    helper.layout = arrangement
    html: SafeString = helper.render_layout(form, context)
    return html


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a form of the admin: with which control, by its label and id, and the sentence."""

    label: str
    at: str
    sentence: str


@register.simple_tag(takes_context=True)
def faults(context: Context) -> list[Fault]:
    """All that is wrong on a page of the admin, in the order of its forms; empty where nothing is."""
    page: dict[Any, Any] = context.flatten()
    first = page["adminform"].form if "adminform" in page else page.get("form")
    forms = [first] if isinstance(first, BaseForm) else []
    formsets = [each.formset for each in page.get("inline_admin_formsets", ())]
    forms += [form for formset in formsets for form in formset.forms]
    whole = [Fault("", "", str(error)) for formset in formsets for error in formset.non_form_errors()]
    return [fault for form in forms for fault in _faults_of(form)] + whole


def _faults_of(form: BaseForm) -> Iterator[Fault]:
    for error in form.non_field_errors():
        yield Fault("", "", str(error))
    for field in form:
        for error in field.errors:
            yield Fault(capfirst(str(field.label)), field.auto_id, str(error))


@register.filter(is_safe=True)
def ticks_in_words(html: str) -> SafeString:
    """A list of the admin whose pictures of yes and no say so in words; Django's do so in English."""
    words = {'alt="True"': _("Yes"), 'alt="False"': _("No"), 'alt="None"': _("Unknown")}
    for alt, word in words.items():
        html = html.replace(alt, f'alt="{word}"')
    return mark_safe(html)  # noqa: S308  # Django rendered it; only these attributes are another
