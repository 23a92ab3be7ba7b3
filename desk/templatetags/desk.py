"""`desk.words` as tags and filters, and a form's controls in their dress."""

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

from desk import words
from tickets.showing.body import fold_summary

register = template.Library()

TAGS = (words.icon, words.logo)
FILTERS = (
    words.age,
    words.article_icon,
    words.article_kind,
    words.article_mark,
    words.breakable,
    words.queue_name,
    words.sender_of,
    words.state_mark,
    words.subject_of,
    words.undelivered,
    fold_summary,
)

for tag in TAGS:
    register.simple_tag(tag)
for word in FILTERS:
    register.filter_function(word)


@register.filter
def control(field: BoundField, extra: str = "") -> SafeString:
    """A form's control in Bootstrap's dress (and an `extra` class), tied to its help and its error."""
    is_select = isinstance(field.field.widget, forms.Select)
    classes = ["form-select" if is_select else "form-control", *extra.split()]
    described = [f"{field.auto_id}-hulp"] if field.help_text else []
    attributes = {}
    if field.errors:
        classes.append("is-invalid")
        described.append(f"{field.auto_id}-fout")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs={"class": " ".join(classes), **attributes})
