"""`{% layout form %}`: the one place where a form's `layout` is read."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import template
from django.forms import BaseForm
from django.template import Context
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def layout(context: Context, form: BaseForm) -> SafeString:
    """A form's fields as its `layout` arranges them, or one below the other; hidden ones come last.

    A field that the layout forgot comes after the others instead of being missed. The form's element, its
    buttons and what is wrong with it as a whole belong to the page.
    """
    helper = FormHelper()
    helper.layout = getattr(form, "layout", None) or Layout(*form.fields)
    helper.render_unmentioned_fields = True
    html: SafeString = helper.render_layout(form, context.__copy__())
    return html
