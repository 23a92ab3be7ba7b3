"""Sjablonen: the searches that an agent keeps, those of colleagues, and what is done with them."""

from dataclasses import dataclass
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agent, Group
from desk.frame import UNPROCESSABLE, AgentRequest, agent_required
from search.filters import TicketFilter, Token
from search.models import NAME_MOST, QUERY_MOST, SavedSearch
from search.saved import (
    SAVED_MOST,
    TakenNameError,
    TooLongError,
    TooManyError,
    change_search,
    delete_search,
    find_own_search,
    find_search,
    groups_to_share_with,
    read_saved,
    save_search,
    searches_of,
    searches_shared_with,
)

TAKEN = gettext_lazy("You have a template of this name already. Choose another name.")


class SavedForm(forms.Form):
    """What a saved search is called, and who else may use it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_MOST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    group: "forms.ModelChoiceField[Group]" = forms.ModelChoiceField(
        label=gettext_lazy("Shared with"),
        queryset=None,
        required=False,
        empty_label=pgettext_lazy("shared with", "nobody"),
        help_text=gettext_lazy(
            "Who belongs to this group can use it, too, and finds only what they may see. Only you can "
            "change it."
        ),
        error_messages={"invalid_choice": gettext_lazy("Choose a group that you belong to.")},
    )
    layout = Layout("name", "group")

    def __init__(self, data: Any, *, agent: Agent, **values: Any) -> None:
        super().__init__(data, **values)
        field = self.fields["group"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = groups_to_share_with(agent)
        field.widget.attrs["placeholder"] = ""  # it says itself that it may stay so


class NewForm(SavedForm):
    """The same of a new one, which may take the place of another."""

    replaces = forms.BooleanField(
        label=gettext_lazy("Replace my template of this name, if I have one"), required=False
    )
    layout = Layout("name", "replaces", "group")


@dataclass(frozen=True, slots=True)
class Line:
    """A saved search in the list, with what it asks for, as far as the reader may see that."""

    search: SavedSearch
    typed: str
    tokens: list[Token]


@require_safe
@agent_required
def saved_searches(request: AgentRequest) -> HttpResponseBase:
    """The agent's own, and those that colleagues share with their groups."""
    context = {
        "own": searches_of(request.user),
        "shared": searches_shared_with(request.user),
    }
    return render(request, "desk/search/saved.html", context)


@require_safe
@agent_required
def saved_search(request: AgentRequest, search_id: int) -> HttpResponseBase:
    """What a saved search finds now, for the one who looks; 404 for what is not theirs to use."""
    try:
        search = find_search(search_id, agent=request.user)
    except SavedSearch.DoesNotExist as error:
        raise Http404 from error
    read = read_saved(search, actor=request.actor)
    if read.is_cut:
        messages.info(request, _("Something that you may not see was left out of this template."))
    return HttpResponseRedirect(f"{reverse('desk:search')}?{read.query}")


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def keep_search(request: AgentRequest) -> HttpResponseBase:
    """Keep the search that the address has, under a name."""
    filters = TicketFilter(QueryDict(request.GET.urlencode()[: 2 * QUERY_MOST]), actor=request.actor)
    if filters.is_empty or filters.form.errors:
        return HttpResponseRedirect(f"{reverse('desk:search_form')}?{filters.query}&step=save")
    form = NewForm(request.POST if request.method == "POST" else None, agent=request.user)
    if form.is_bound and form.is_valid() and (search := _saved(request, form, filters.query)) is not None:
        messages.success(request, _("“%(name)s” is kept as a template.") % {"name": search.name})
        return HttpResponseRedirect(f"{reverse('desk:search')}?{filters.query}")
    context = {
        "form": form,
        "title": _("Keep as a template"),
        "line": Line(SavedSearch(), typed=filters.typed, tokens=filters.tokens),
        "back": f"{reverse('desk:search_form')}?{filters.query}",
    }
    return _page(request, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def edit_search(request: AgentRequest, search_id: int) -> HttpResponseBase:
    """Give one's own another name, or share it with others."""
    search = _own_or_404(request, search_id)
    form = SavedForm(
        request.POST if request.method == "POST" else None,
        agent=request.user,
        initial={"name": search.name, "group": search.group_id},
    )
    if form.is_bound and form.is_valid() and _changed(request, form, search):
        messages.success(request, _("“%(name)s” has been saved.") % {"name": form.cleaned_data["name"]})
        return redirect("desk:saved_searches")
    filters = TicketFilter(QueryDict(search.query), actor=request.actor)
    context = {
        "form": form,
        "title": _("Edit the template"),
        "line": Line(search, typed=filters.typed, tokens=filters.tokens),
        "back": reverse("desk:saved_searches"),
    }
    return _page(request, form, context)


@require_POST
@agent_required
def remove_search(request: AgentRequest, search_id: int) -> HttpResponseBase:
    """Delete one's own."""
    search = _own_or_404(request, search_id)
    delete_search(agent=request.user, search_id=search_id)
    messages.success(request, _("“%(name)s” has been deleted.") % {"name": search.name})
    return redirect("desk:saved_searches")


def _own_or_404(request: AgentRequest, search_id: int) -> SavedSearch:
    try:
        return find_own_search(search_id, agent=request.user)
    except SavedSearch.DoesNotExist as error:
        raise Http404 from error


def _saved(request: AgentRequest, form: NewForm, query: str) -> SavedSearch | None:
    """The search, kept; None for what can't be, which the form says then."""
    try:
        return save_search(agent=request.user, query=query, **form.cleaned_data)
    except TakenNameError:
        form.add_error("name", _("You have a template of this name already. Choose another, or replace it."))
    except TooManyError:
        most = _("You have %(most)s templates, which is the most there can be. Delete one first.")
        form.add_error(None, most % {"most": SAVED_MOST})
    except TooLongError:
        form.add_error(None, _("This search is too long to be kept. Take something out of it."))
    return None


def _changed(request: AgentRequest, form: SavedForm, search: SavedSearch) -> bool:
    try:
        change_search(agent=request.user, search_id=search.pk, **form.cleaned_data)
    except TakenNameError:
        form.add_error("name", TAKEN)
        return False
    except SavedSearch.DoesNotExist as error:  # deleted in another window meanwhile
        raise Http404 from error
    return True


def _page(request: AgentRequest, form: SavedForm, context: dict[str, Any]) -> HttpResponseBase:
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "desk/search/keep.html", context, status=status)
