"""What the layout of a visitor's form is made of, beside the names of its fields."""

from typing import Any

from crispy_forms.layout import Field, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.forms import BaseForm
from django.template import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from webforms.spec import FieldSpec


class Step(LayoutObject):  # type: ignore[misc]  # crispy-forms ships no types
    """Fields that belong together, with a number and a title; `look`: how they are arranged."""

    def __init__(self, number: int, title: str, look: str, *fields: Any) -> None:
        self.number, self.title, self.look, self.fields = number, title, look, list(fields)

    def render(
        self, form: BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """The step's HTML."""
        return format_html(
            '<fieldset class="step"><legend><span class="step__n">{}</span> {}</legend>'
            '<div class="{}">{}</div></fieldset>',
            self.number,
            self.title,
            self.look,
            self.get_rendered_fields(form, context, template_pack, **kwargs),
        )


class When(LayoutObject):  # type: ignore[misc]  # as above
    """A field that is asked only after a certain answer, and is hidden else (`static/js/when.js`)."""

    def __init__(self, field: FieldSpec, *fields: Any, is_asked: bool) -> None:
        self.field, self.fields, self.is_asked = field, list(fields), is_asked

    def render(
        self, form: BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        """Its HTML; what it sends besides tells that it was shown."""
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return get_template("webforms/_when.html").render(
            {"field": self.field, "is_asked": self.is_asked, "fields": fields}
        )


class Files(Field):  # type: ignore[misc]  # as above
    """A field for files, which with script are dropped there, too (`static/js/dropped.js`)."""

    template = "webforms/_files.html"


class Trap(LayoutObject):  # type: ignore[misc]  # as above
    """A field that nobody sees or hears, and that only machines fill in."""

    def __init__(self, *fields: str) -> None:
        self.fields = list(fields)

    def render(
        self, form: BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Its HTML."""
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return format_html('<div class="visually-hidden" aria-hidden="true">{}</div>', fields)
