"""Bewaar als standaardantwoord: an answer that was sent is looked at, and kept for the next one."""

from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from desk.frame import UNPROCESSABLE, AgentRequest, agent_required, article_or_404, ticket_or_404
from desk.texts.words import ANSWERS
from desk.writing.about import About
from desk.writing.forms import TextForm
from desk.writing.layout import Editor, Part, allow_editor
from desk.writing.screen_form import Writing
from desk.writing.typed import digest_of
from desk.writing.unsaved import text_given_back, text_kept_at_the_door
from queues.keeping import NotTheirsError, TakenNameError, keep_text, left_in, queues_kept_for
from queues.models import ResponseTemplate
from richtext.admin_texts import AdminTextTooLong
from richtext.convert import html_to_text
from tickets.errors import NotAllowed
from tickets.letters.kept_answer import as_standard_answer, names_near
from tickets.models import Article

NAME_MOST = ResponseTemplate._meta.get_field("name").max_length


class KeepForm(TextForm):
    """What it is called, for which queues it is, and its text."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_MOST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    queues = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Offered in"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose a queue.")},
    )
    layout = Layout(
        "name",
        Part("desk/texts/_left.html"),
        Editor(with_images=False),
        Part("desk/texts/_words.html"),
        "queues",
    )
    words = ANSWERS

    def __init__(self, data: Any, *, writing: Writing) -> None:
        self.article = cast("Article", writing.about.article)
        super().__init__(data, writing=writing)
        choices = queues_kept_for(writing.actor.agent_rights)
        cast("forms.TypedMultipleChoiceField", self.fields["queues"]).choices = choices

    def first(self, writing: Writing) -> dict[str, object]:
        """What the answer said to anybody."""
        html = as_standard_answer(self.article)
        return {"html": html, "text": html_to_text(html), "queues": [self.article.ticket.queue_id]}

    @property
    def left(self) -> list[str]:
        """What still looks as if it were about somebody, in the text as it is shown."""
        return left_in(html_to_text(self.shown_html), names=names_near(self.article))


@require_http_methods(["GET", "HEAD", "POST"])
@text_kept_at_the_door(KeepForm)
@agent_required
@text_given_back
def keep_answer(request: AgentRequest, number: str, article_id: int) -> HttpResponseBase:
    """The text to be looked at, its name and its queues; or keep it."""
    ticket = ticket_or_404(request, number)
    if ticket.queue_id not in request.rights.keeps_texts:
        raise NotAllowed
    article = article_or_404(ticket, article_id)
    if not article.is_answer:
        raise Http404
    about = About(tickets=(ticket,), article=article)
    writing = Writing(actor=request.actor, about=about, query=request.GET, digest=digest_of(request))
    form = KeepForm(request.POST if request.method == "POST" else None, writing=writing)
    if form.is_bound and form.is_valid() and (kept := _kept(request, form)) is not None:
        messages.success(request, _("“%(name)s” is a standard answer now.") % {"name": kept.name})
        return redirect("desk:zoom", number)
    context = {"form": form, "about": about, "back": reverse("desk:zoom", args=[number])}
    page = render(request, "desk/texts/keep.html", context, status=UNPROCESSABLE if form.is_bound else None)
    return allow_editor(request, page)


def _kept(request: AgentRequest, form: KeepForm) -> ResponseTemplate | None:
    """The standard answer; None for what can't be kept, which the form says then."""
    data = form.cleaned_data
    try:
        return keep_text(
            agent=request.user,
            rights=request.rights,
            name=data["name"],
            queue_ids=data["queues"],
            html=data["html"],
        )
    except TakenNameError:
        form.add_error("name", _("There is a standard answer of this name already. Choose another name."))
    except AdminTextTooLong:
        form.add_error("text", _("This text is too long: at most 10,000 characters."))
    except NotTheirsError as error:
        raise NotAllowed from error
    return None
