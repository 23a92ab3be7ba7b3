"""`{% layout form %}`: the one place where a form's `layout` is read."""

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

    A field that the layout forgot comes after the others instead of being missed. The form's element, its
    buttons and what is wrong with it as a whole belong to the page.
    """
    helper = FormHelper()
    helper.layout = getattr(form, "layout", None) or Layout(*form.fields)
    context = context.__copy__()
    arranged: SafeString = helper.render_layout(form, context)
    rendered: set[str] = form.rendered_fields  # type: ignore[attr-defined]  # crispy-forms puts it there
    left = [form[name] for name in form.fields if name not in rendered]
    rest = (field if field.is_hidden else render_field(field.name, form, context) for field in left)
    return arranged + format_html_join("", "{}", ((field,) for field in rest))
