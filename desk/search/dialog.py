"""The screen 'Zoeken': a search put together of attributes, which becomes an address.

All of it is in the address of the screen, so that without script each button is a step to the same screen
with one attribute more or less. Nothing is judged before one searches. What comes of it is the address of
what the search is carried out to, with nothing in it but what is filled in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from crispy_forms.layout import Layout
from django import forms
from django.http import HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Agent
from desk.frame import UNPROCESSABLE, AgentRequest, agent_required
from desk.lists import queues
from desk.search.exports import KINDS
from desk.writing.about import About
from desk.writing.behind import Behind
from desk.writing.layout import Part
from desk.writing.typed import read_number
from search.filter_kinds import SearchAttribute
from search.filters import SearchForm, TicketFilter
from search.models import SavedSearch
from search.saved import find_search, read_saved, searches_of, searches_shared_with

BEHIND: Final = Behind("desk/lists/behind.html", lambda request, _about: queues.my_queues(request))
"""The page behind the screen where it is asked for by its own address."""

GROUPS: Final = (
    ("ticket", gettext_lazy("Ticket")),
    ("customer", gettext_lazy("Customer")),
    ("message", gettext_lazy("Message")),
    ("times", gettext_lazy("Times")),
    ("free", gettext_lazy("Free fields")),
)
OUTPUTS: Final[list[tuple[str, str | Promise]]] = [("", pgettext_lazy("carried out to", "Normal")), *KINDS]
"""What a search can be carried out to, as the address says it, and what that is called."""

IDS: Final = "search-%s"
"""Of fields: the page below may have a field `q`, or another of these names, too."""
MANY_FROM: Final = 7
"""So many choices stand in a list of their own that scrolls."""
SHOWN_MOST: Final = 100
"""So many attributes are shown at most."""


class StepsForm(forms.Form):
    """What is beside the attributes: which saved search is taken, which attribute is added, and what for."""

    template = forms.ChoiceField(label=gettext_lazy("Template"), required=False)
    attribute = forms.ChoiceField(label=gettext_lazy("Add attribute"), required=False)
    output = forms.ChoiceField(
        label=gettext_lazy("Carry out to"),
        required=False,
        choices=OUTPUTS,
    )

    def offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Let one choose among these."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class Row(Part):
    """An attribute in the screen, and what belongs to it."""

    def __init__(self, name: str, *beside: str) -> None:
        super().__init__("desk/search/_attribute.html", name, *beside)

    def values(self, form: forms.BaseForm) -> dict[str, Any]:
        """The field, those beside it, and whether it has so many choices that they scroll."""
        name, *beside = self.fields
        choices = list(getattr(form.fields[name], "choices", ()))
        return {
            "field": form[name],
            "beside": [form[other] for other in beside],
            "has_choices": bool(choices),
            "has_many": len(choices) >= MANY_FROM,
        }


@dataclass
class Dialog:
    """The screen as its address asks for it.

    `shown`: the names of the attributes that stand in it, in the order in which they were added. `is_cut`:
    of the saved search that was taken something was left out that the reader may not see.
    """

    request: AgentRequest
    filters: TicketFilter
    shown: list[str]
    is_cut: bool = False
    focus: str = ""

    @cached_property
    def form(self) -> SearchForm:
        """The attributes that are shown, with their values, and what was typed."""
        form: SearchForm = self.filters.form
        form.auto_id = IDS
        rows = [Row(name, *self.filters.beside(name)) for name in self.shown]
        form.layout = Layout(Part("desk/search/_full.html", "q"), *rows)
        kept = {"q", *(name for row in rows for name in row.fields)}
        for name in set(form.fields) - kept:
            del form.fields[name]
        if not self.focus and not form.errors:
            form.fields["q"].widget.attrs["data-focus"] = True
        if self.focus in form.fields:
            form.fields[self.focus].widget.attrs["autofocus"] = True
        return form

    @cached_property
    def steps(self) -> StepsForm:
        """The choices beside the attributes."""
        asked = self.request.GET
        initial = {name: asked.get(name, "") for name in ("output", "template")}
        form = StepsForm(initial=initial, auto_id=IDS)
        form.offer("attribute", list(self._to_add()))
        form.offer("template", _templates(self.request.user))
        form.fields["template"].widget.attrs |= {
            "hx-get": reverse("desk:search_form"),
            "hx-trigger": "change",
            "hx-vals": '{"step": "use"}',
            "hx-include": "closest form",
            "hx-target": "#zoekvelden",
            "hx-swap": "outerHTML",
        }
        if self.focus == "attribute":
            form.fields["attribute"].widget.attrs["autofocus"] = True
        return form

    def _to_add(self) -> Iterator[tuple[Any, Any]]:
        """The attributes that are not shown, by group."""
        for group, word in GROUPS:
            left = [
                (name, attribute.label)
                for name, attribute in self.filters.filters.items()
                if attribute.group == group and name not in self.shown
            ]
            if left:
                yield word, left

    @property
    def has_more(self) -> bool:
        """Whether there is an attribute that is not shown yet."""
        return any(True for _group in self._to_add())


@require_safe
@agent_required
def search_form(request: AgentRequest) -> HttpResponseBase:
    """The screen; a step in it; or away to what was found."""
    step = request.GET.get("step", "")
    dialog = _dialog(request, step)
    if step in ("search", "save"):
        _needed(dialog)
        if not dialog.filters.form.errors:
            return HttpResponseRedirect(_onward(dialog, step))
        return _page(request, dialog, status=UNPROCESSABLE)
    dialog.filters.form.leave_unjudged()
    return _page(request, dialog)


def _dialog(request: AgentRequest, step: str) -> Dialog:
    """The screen after this step."""
    asked, is_cut = request.GET, False
    if step == "use" and (template := _template(request)) is not None:
        read = read_saved(template, actor=request.actor)
        asked, is_cut = QueryDict(read.query), read.is_cut
    filters = TicketFilter(asked, actor=request.actor, offers_all=True)
    removed = request.GET.get("remove", "")
    named = [name for name in asked.getlist("shown")[:SHOWN_MOST] if name in _attributes(filters)]
    filled = [name for name in _attributes(filters) if filters.pairs_of(name)]
    shown = [name for name in dict.fromkeys([*named, *filled]) if name != removed]
    added = request.GET.get("attribute", "") if step == "add" else ""
    focus = "attribute" if removed else ""
    if added in _attributes(filters):
        shown, focus = list(dict.fromkeys([*shown, added])), added
    return Dialog(request=request, filters=filters, shown=shown, is_cut=is_cut, focus=focus)


def _needed(dialog: Dialog) -> None:
    """Say it where there is nothing to search for."""
    form = dialog.filters.form
    if dialog.filters.is_empty and not form.errors:
        form.add_error("q", _("Type what you look for, or add an attribute."))


def _onward(dialog: Dialog, step: str) -> str:
    query, output = dialog.filters.query, dialog.request.GET.get("output", "")
    if step == "save":
        return f"{reverse('desk:save_search')}?{query}"
    if output in dict(KINDS):
        return f"{reverse('desk:exports')}?{query}&{urlencode({'kind': output})}"
    return f"{reverse('desk:search')}?{query}"


def _page(request: AgentRequest, dialog: Dialog, *, status: int | None = None) -> HttpResponseBase:
    """The screen over a page; the dialog alone or its body alone, where htmx asks for that."""
    context: dict[str, object] = {"dialog": dialog}
    if not request.headers.get("HX-Request"):
        template = "desk/search/form.html"
        context |= {"behind": BEHIND.template, **BEHIND.context(request, About())}
    else:
        is_body = request.headers.get("HX-Target") == "zoekvelden"
        template = f"desk/search/{'_form_body' if is_body else '_dialog'}.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _attributes(filters: TicketFilter) -> dict[str, SearchAttribute]:
    """What can be added: what stands in a row of its own."""
    return {name: attribute for name, attribute in filters.filters.items() if attribute.group}


def _template(request: AgentRequest) -> SavedSearch | None:
    """The saved search that was chosen; None for '-', and for what is not there for this agent."""
    number = read_number(request.GET.get("template"))
    try:
        return None if number is None else find_search(number, agent=request.user)
    except SavedSearch.DoesNotExist:
        return None


def _templates(agent: Agent) -> list[tuple[Any, Any]]:
    own = [(str(search.pk), search.name) for search in searches_of(agent)]
    shared = [(str(search.pk), search.name) for search in searches_shared_with(agent)]
    return [("", "-"), *own, *([(_("Shared with you"), shared)] if shared else [])]
