"""Salutations, signatures, standard and automatic answers in the admin, and what is said to agents."""

from collections.abc import Sequence
from copy import copy
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.forms.models import modelform_factory
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import Agent
from desk.texts.editor import TextEditor
from desk.texts.sample import known_words, preview
from desk.texts.words import ANSWERS, AUTOMATIC, Word, unknown_words
from desk.writing.layout import allow_editor
from desk.writing.typed import read_number
from desk.writing.unsaved import FORBIDDEN, Anybodys, ShowsAgain, text_kept_at_the_door
from queues.models import AutoResponse, PageText, ResponseTemplate, Salutation, Signature, Text
from queues.placeholders import tags_in
from queues.texts import answering_already
from richtext.admin_texts import AdminTextTooLong, linkify_admin_text
from richtext.plain import html_to_text
from work.deleting import WithoutTies
from work.looking import RelatedFilter


class TextForm(forms.ModelForm[Text]):
    """A text whose links are made, and whose HTML is cleaned, when it is saved.

    `is_old`: it came with an old token, so that it is shown again and not saved.
    """

    is_old: ClassVar[bool] = False

    def clean_html(self) -> str:
        """Raise a sentence for a text that is too long."""
        try:
            return linkify_admin_text(self.cleaned_data["html"])
        except AdminTextTooLong as error:
            raise ValidationError(_("This text is too long: at most 10,000 characters.")) from error

    def clean(self) -> dict[str, Any]:
        """Refuse an old one."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.is_old:
            self.add_error(
                None, _("You signed in again while you were writing. Nothing is lost: save it now.")
            )
        return data


class EditorAdmin(admin.ModelAdmin[Any]):
    """What has a text that is written with the desk's editor.

    A text that comes from who was signed out, or signed in again, meanwhile is not lost, as on the desk.
    """

    form: Any = TextForm
    is_old: bool = False

    def get_urls(self) -> list[URLPattern]:
        """The forms keep their text at the door."""
        patterns = super().get_urls()
        for pattern in patterns:
            if str(pattern.name).endswith(("_add", "_change")):
                pattern.callback = self._keeping_text(pattern.callback)
        return patterns

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A class of this page alone."""
        form = cast("type[TextForm]", super().get_form(request, *args, **kwargs))
        form.is_old = self.is_old
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The text gets the editor."""
        if db_field.name == "html":
            return db_field.formfield(**kwargs | {"widget": self.editor()})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def editor(self) -> TextEditor:
        """The editor, of a text in which KVV fills in nothing."""
        return TextEditor()

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The pages with the editor, and no others, have the policy that it needs."""
        return allow_editor(
            request, cast("HttpResponseBase", super().changeform_view(request, *args, **kwargs))
        )

    def _keeping_text(self, view: Anybodys[...]) -> ShowsAgain:
        kept = text_kept_at_the_door(modelform_factory(self.model, form=self.form, fields="__all__"))
        return ShowsAgain(kept(view), again=kept(self._show_again))

    def _show_again(self, request: HttpRequest, object_id: str | None = None) -> HttpResponseBase:
        """The form as it was sent, with a token that counts; nothing is saved."""
        if not self.admin_site.has_permission(request):
            raise PermissionDenied
        showing = copy(self)
        showing.is_old = True
        request.csrf_processing_done = True  # type: ignore[attr-defined]  # Django's: no second refusal
        page = cast("HttpResponseBase", showing.changeform_view(request, object_id))
        page.status_code = FORBIDDEN
        return page


class TextAdmin(WithoutTies, EditorAdmin):
    """What the four kinds of text to customers share: the words KVV fills in, and a preview."""

    words: ClassVar[Sequence[Word]] = ANSWERS
    list_display: Any = ("name",)
    search_fields = ("name",)

    def get_urls(self) -> list[URLPattern]:
        """The preview has an address of its own, for texts that are not saved yet, too."""
        view = self.admin_site.admin_view(require_POST(self.preview))
        return [path("preview/", view, name=self._preview_name), *super().get_urls()]

    def editor(self) -> TextEditor:
        """The editor with its words beside it."""
        return TextEditor(words=self.words, preview=reverse(f"admin:{self._preview_name}"))

    def save_model(self, request: HttpRequest, obj: Text, form: Any, change: Any) -> None:
        """Name the words that nobody will fill in: a customer would get a dash."""
        super().save_model(request, obj, form, change)
        known = known_words(obj, agent=cast("Agent", request.user))
        if wrong := unknown_words(f"{getattr(obj, 'subject', '')} {obj.html}", known=known):
            sentence = _("KVV does not fill in these words here, and a customer would read '-': %(words)s.")
            self.message_user(request, sentence % {"words": ", ".join(wrong)}, messages.WARNING)

    def preview(self, request: HttpRequest) -> HttpResponse | HttpResponseBase:
        """What a customer would get with the text as it stands in the form, of a ticket that is none."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "title": _("Preview"), "opts": self.opts}
        try:
            text = self._typed(request)
        except AdminTextTooLong:
            context["trouble"] = _("This text is too long: at most 10,000 characters.")
        else:
            numbers = [number for sent in request.POST.getlist("queues") if (number := read_number(sent))]
            agent = cast("Agent", request.user)
            context["preview"] = preview(text, agent=agent, queues=numbers[:1])
        response = TemplateResponse(request, "admin/desk/preview.html", context)
        return allow_editor(request, response)

    @property
    def _preview_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_preview"

    def _typed(self, request: HttpRequest) -> Text:
        """The text of the form, judged or not; raises `AdminTextTooLong`."""
        text: Text = self.model(html=linkify_admin_text(request.POST.get("html", "")))
        if isinstance(text, AutoResponse):
            text.subject = request.POST.get("subject", "")[:200]
            text.kind = request.POST.get("kind", "")[:20]
        return text


@admin.register(Salutation)
class SalutationAdmin(TextAdmin):
    """The words an answer begins with."""


@admin.register(Signature)
class SignatureAdmin(TextAdmin):
    """The words an answer ends with."""


class TemplateForm(TextForm):
    """A standard answer; one that anybody may read says nothing that only a ticket could know."""

    def clean(self) -> dict[str, Any]:
        """Say why one can't be public."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("is_public") and data.get("kind") != ResponseTemplate.Kind.ANSWER:
            self.add_error("is_public", _("Only an answer can be public: this is another kind of text."))
        if data.get("is_public") and tags_in(data.get("name") or "", data.get("html") or ""):
            sentence = _(
                "It has words that KVV fills in of a customer or a ticket, and a visitor has neither yet. "
                "Take them out, or leave it not public."
            )
            self.add_error("is_public", sentence)
        return data


@admin.register(ResponseTemplate)
class ResponseTemplateAdmin(TextAdmin):
    """A standard answer."""

    form = TemplateForm
    list_display = ("name", "kind", "is_public")
    list_filter = ("kind", "is_public", ("queues", RelatedFilter))
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}


class AutoResponseForm(TextForm):
    """A text that says something, and the only one of its kind for each of its queues (OTRS 6.2)."""

    def clean_html(self) -> str:
        """Tags without a word in them are no text."""
        html = super().clean_html()
        if not html_to_text(html).strip():
            raise ValidationError(_("Write the text of the automatic answer."))
        return html

    def clean(self) -> dict[str, Any]:
        """Name the queues that have another text of this kind already."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = [queue.pk for queue in data.get("queues") or ()]
        kind = data.get("kind") or ""
        for queue, other in answering_already(kind=kind, queue_ids=chosen, but=self.instance):
            sentence = _(
                "%(queue)s answers this kind of mail already, by '%(other)s'. Remove it there first."
            )
            self.add_error("queues", sentence % {"queue": queue, "other": other})
        return data


@admin.register(AutoResponse)
class AutoResponseAdmin(TextAdmin):
    """A text that a queue answers by itself."""

    form = AutoResponseForm
    words = AUTOMATIC
    list_display = ("name", "kind", "subject")
    list_filter = ("kind", ("queues", RelatedFilter))
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The words can be put into the subject, too."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "subject":
            field.widget.attrs["data-words"] = "line"
        return field


@admin.register(PageText)
class PageTextAdmin(EditorAdmin):
    """What agents read on the dashboard, and at Help."""

    list_display = ("place", "language")
    list_filter = ("place", "language")
