"""What the layouts of the desk's forms are made of, beside the names of their fields."""

from typing import Any, cast

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from csp.decorators import csp_update
from django.forms import BaseForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from desk.writing.toolbar import toolbar

EDITOR_POLICY = {"style-src-attr": ["'unsafe-inline'"]}
"""What a page allows on which there is an editor, or may come to be: a quoted mail brings inline styles."""


class Row(LayoutObject):  # type: ignore[misc]  # crispy-forms ships no types
    """Fields beside each other, as many as there is room for; `look` is a class beside `formgrid`."""

    def __init__(self, *fields: str, look: str = "") -> None:
        self.fields = list(fields)
        self.look = f"formgrid {look}".rstrip()

    def render(
        self, form: BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """The row's HTML."""
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return format_html('<div class="{}">{}</div>', self.look, fields)


class Part(LayoutObject):  # type: ignore[misc]  # crispy-forms ships no types
    """A piece of a form with a template of its own, which writes the fields named, those the form has.

    The template knows `form` and all that its page knows.
    """

    def __init__(self, template: str, *fields: str) -> None:
        self.template = template
        self.fields = list(fields)

    def render(
        self, form: BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        """The piece's HTML."""
        form.rendered_fields.update(self.fields)  # type: ignore[attr-defined]  # crispy-forms puts it there
        known = cast("dict[str, Any]", context.flatten())
        return get_template(self.template).render(known | self.values(form))

    def values(self, form: BaseForm) -> dict[str, Any]:
        """What the template knows beside what its page knows."""
        return {"form": form}


class Editor(Part):
    """The text of a `TextForm`: with script an editor, and the standard answers to be put into it.

    `kind` is the field that says what kind of text it is, if that is chosen above it.
    """

    def __init__(self, kind: str = "", *, with_images: bool = True) -> None:
        super().__init__("desk/writing/_editor.html", *filter(None, [kind]), "template", "html", "text")
        self.kind = kind
        self.with_images = with_images

    def values(self, form: BaseForm) -> dict[str, Any]:
        """The form, and the tool bar in the reader's language."""
        bar = toolbar(get_language(), with_images=self.with_images)
        kind = form[self.kind] if self.kind else None
        return {"form": form, "kind": kind, "toolbar": bar, "with_images": self.with_images}


class Files(Part):
    """The files of a `WritingForm`; its page knows `uploads`, `upload_most` and `files_at`."""

    def __init__(self) -> None:
        super().__init__("desk/writing/_files.html", "files")


class Addresses(Part):
    """From whom an answer comes, to whom it goes, and its subject."""

    def __init__(self) -> None:
        super().__init__("desk/writing/_addresses.html", "to", "cc", "bcc", "book", "subject")


def has_editor(form: BaseForm | type[BaseForm]) -> bool:
    """Whether a form's layout has an editor in it."""
    layout = getattr(form, "layout", None)
    return layout is not None and bool(layout.get_layout_objects(Editor, greedy=True))


def allow_editor(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The response under the policy that an editor needs."""
    return csp_update(EDITOR_POLICY)(lambda _request: response)(request)
