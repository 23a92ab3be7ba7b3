"""The desk's editor in a form of the admin."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language

from desk.texts.words import Word
from desk.writing.toolbar import toolbar
from richtext.admin_texts import as_blocks


class TextEditor(forms.Textarea):
    """The editor for the field `html`; without script a text area, where text without tags keeps its lines.

    `words`: what can be put in by a press. `preview`: the address that shows what the form says; '' for none.
    """

    template_name = "desk/texts/editor.html"

    def __init__(self, *, words: Sequence[Word] = (), preview: str = "") -> None:
        super().__init__(attrs={"rows": 14, "class": "vLargeTextField"})
        self.words, self.preview = words, preview

    class Media:
        """What a page needs that has it."""

        css = {"all": ["css/controls.css", "css/admin-texts.css"]}
        js = (forms.Script("js/editor.js", type="module"), forms.Script("js/placeholders.js", type="module"))

    def format_value(self, value: Any) -> str | None:
        """The text as HTML, also one that was kept as plain text."""
        return as_blocks(str(value)) if value else value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The text area's, with what stands around it."""
        context = super().get_context(name, value, attrs)
        bar = toolbar(get_language(), with_images=False)
        return context | {"words": self.words, "preview": self.preview, "toolbar": bar}
