"""`{% layout form %}` and `{% foot form %}`: the one place where a form's arrangement is read."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from crispy_forms.utils import render_field
from django import template
from django.forms import BaseForm
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

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
