"""The texts of mails to agents in the admin."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse_lazy
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import Agent
from desk.texts.sample import known_to_agents, preview_for_agents
from desk.texts.words import NOTIFYING, unknown_words
from notify.models import NotificationText
from notify.words import SHORT, own_sentence
from queues.placeholders import TAG

PREVIEW = "notify_notificationtext_preview"


class LinesEditor(forms.Textarea):
    """A field for a sentence, with the words that fit into the form's lines, and its preview."""

    template_name = "desk/texts/lines.html"

    def __init__(self, *, says: str | Promise, attrs: dict[str, Any]) -> None:
        """`says`: what is said of the field, which stands right below it."""
        super().__init__(attrs)
        self.says = says

    class Media:
        """What a page needs that has it."""

        css = {"all": ["css/controls.css", "css/admin-texts.css"]}
        js = (forms.Script("js/placeholders.js", type="module"),)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The text area's, with what stands beneath it."""
        context = super().get_context(name, value, attrs)
        return context | {
            "says": self.says,
            "words": NOTIFYING,
            "preview": reverse_lazy(f"admin:{PREVIEW}"),
        }


class NotificationTextForm(forms.ModelForm[NotificationText]):
    """Plain text of one line each, with no placeholder but those that are filled in."""

    reason = forms.ChoiceField(label=_("What happened"), choices=lambda: [*BLANK_CHOICE_DASH, *SHORT.items()])

    class Meta:
        widgets = {
            "short": forms.TextInput(attrs={"class": "vTextField", "data-words": "line"}),
            "sentence": LinesEditor(
                says=_("What the mail begins with, in one line; empty, it is KVV's own."),
                attrs={
                    "rows": 3,
                    "class": "vLargeTextField",
                    "data-words": "line",
                    "aria-describedby": "id_sentence_helptext",
                },
            ),
        }
        help_texts = {
            "short": _(
                "In the subject, behind the ticket's number, and in a summary; empty, it is KVV's own. "
                "That is also taken where this has words that are filled in and the queue wants mails "
                "without text."
            ),
        }

    def clean_short(self) -> str:
        """Raise a sentence for what can't stand there."""
        return _one_line(self.cleaned_data["short"])

    def clean_sentence(self) -> str:
        """Raise a sentence for what can't stand there."""
        return _one_line(self.cleaned_data["sentence"])


def _one_line(typed: str) -> str:
    text = " ".join(typed.split())
    if wrong := unknown_words(text, known=known_to_agents()):
        sentence = _("KVV does not fill in these words here: %(words)s. Choose from the list below.")
        raise ValidationError(sentence % {"words": ", ".join(wrong)})
    bare = TAG.sub("", text)
    if strip_tags(bare) != bare:
        raise ValidationError(_("Write plain text, without HTML: these mails show it as it stands."))
    return text


@admin.register(NotificationText)
class NotificationTextAdmin(admin.ModelAdmin[NotificationText]):
    """What mails tell agents, in place of KVV's own words."""

    form = NotificationTextForm
    fields = ("reason", "language", "ours", "short", "sentence")
    readonly_fields = ("ours",)
    list_display = ("__str__", "short", "sentence")
    list_filter = ("language",)

    def get_urls(self) -> list[URLPattern]:
        """The preview has an address of its own, for texts that are not saved yet, too."""
        view = self.admin_site.admin_view(require_POST(self.preview))
        return [path("preview/", view, name=PREVIEW), *super().get_urls()]

    @admin.display(description=_("KVV's own words"))
    def ours(self, row: NotificationText) -> SafeString:
        """Of this reason in this language; all of them, before one is chosen."""
        reasons = [row.reason] if row.reason in SHORT else list(SHORT)
        with override(row.language or get_language()):
            words = [(str(SHORT[reason]), own_sentence(reason)) for reason in reasons]
        return render_to_string("admin/desk/own_words.html", {"words": words})

    def preview(self, request: HttpRequest) -> TemplateResponse:
        """The mail in each language with the texts as they stand in the form, of a ticket that is none."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        form = cast("type[NotificationTextForm]", self.get_form(request))(request.POST)
        context = {**self.admin_site.each_context(request), "title": _("Preview"), "opts": self.opts}
        trouble = [str(sentence) for name in form.fields for sentence in form.errors.get(name, ())]
        if trouble:
            context["trouble"] = " ".join(trouble)
        else:
            text = NotificationText(**{name: form.cleaned_data[name] for name in form.fields})
            context["mails"] = preview_for_agents(text, agent=cast("Agent", request.user))
        return TemplateResponse(request, "admin/desk/preview_notice.html", context)
