"""How the controls of every form are dressed; the label and the marks around them are `templates/kvv/`."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

TICKS = (forms.CheckboxInput, forms.RadioSelect)


class Control(forms.BoundField):
    """A form's field whose control wears the classes of the design.

    What ties it to its help and to its errors (`aria-describedby`, `aria-invalid`) is Django's own.
    """

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """The attributes of the control: Django's, and its classes beside those that its widget has."""
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden or isinstance(widget, TICKS):
            return attrs
        classes = ["form-select" if isinstance(widget, forms.Select) else "form-control"]
        classes += [str(css) for css in (widget.attrs.get("class"), attrs.get("class")) if css]
        if self.errors:
            classes.append("is-invalid")
        return attrs | {"class": " ".join(classes)}

    @property
    def is_tick(self) -> bool:
        """Whether it is one box to tick, whose words stand behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_number(self) -> bool:
        """Whether it takes a figure, which needs little room."""
        return self.field.widget.attrs.get("inputmode") in ("decimal", "numeric")

    @property
    def is_optional(self) -> bool:
        """Whether its label has to say that it may stay empty.

        A placeholder says so itself; and what only some states ask for (`data-for-states`) they do ask for.
        """
        attrs = self.field.widget.attrs
        return not (self.field.required or "placeholder" in attrs or "data-for-states" in attrs)

    @property
    def first_id(self) -> str:
        """Where a link to it leads: its control, of several boxes the first; '' of what has none."""
        own = self.id_for_label
        return own or next((str(box.id_for_label or "") for box in self.subwidgets), "")


class Renderer(TemplatesSetting):
    """Django's forms by our own templates, their fields as `Control`."""

    bound_field_class = Control
