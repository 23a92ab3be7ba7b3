"""Klanten: the list of customers, searched and paged."""

from urllib.parse import urlencode

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from accounts.preferences import preferences_of
from accounts.words import typed_words
from desk.customers.asked import CustomerFilter
from desk.customers.rows import rows_of
from desk.frame import AgentRequest, agent_required
from queues.models import QueuePermission
from tickets.queries.customer_keys import WhichCustomers, find_organisation, organisations_named, sees_all
from tickets.queries.customer_pages import CustomerPage, page_of_customers

ORGANISATIONS_MOST = 10


@require_safe
@agent_required
def customers(request: AgentRequest) -> HttpResponseBase:
    """Those whom the agent finds: all, or by what was typed; those of one organisation."""
    filters = CustomerFilter(request.GET)
    asked = filters.asked()
    organisation = _organisation_or_404(request, asked.organisation)
    which = WhichCustomers(words=typed_words(asked.typed), organisation=asked.organisation)
    page = page_of_customers(
        which,
        actor=request.actor,
        size=preferences_of(request.user).page_size,
        cursor=request.GET.get("page", "")[:1000],
        typed=asked.typed,
    )
    context = {
        "menu": "customers",
        "form": filters.form,
        "rows": rows_of(page.rows, named=urlencode({"q": asked.typed}) if asked.typed else ""),
        "organisation": organisation,
        "organisations": _organisations(request, asked.typed) if organisation is None else [],
        "title": _title(page, typed=asked.typed, organisation=organisation),
        "may_create": bool(request.rights.ids(QueuePermission.Right.CREATE)) or sees_all(request.actor),
        **_neighbours(request, page),
    }
    return render(request, "desk/customers/customers.html", context)


def _organisation_or_404(request: AgentRequest, organisation_id: int | None) -> Organisation | None:
    """The organisation that is asked for, if the agent finds a customer of it."""
    if organisation_id is None:
        return None
    try:
        return find_organisation(organisation_id, actor=request.actor)
    except Organisation.DoesNotExist as error:
        raise Http404 from error


def _organisations(request: AgentRequest, typed: str) -> list[Organisation]:
    if not typed_words(typed):
        return []
    return organisations_named(typed, actor=request.actor, limit=ORGANISATIONS_MOST)


def _title(page: CustomerPage, *, typed: str, organisation: Organisation | None) -> str:
    """How many they are, where they are all on this page."""
    if organisation is not None:
        return _("Customers of %(organisation)s") % {"organisation": organisation}
    if page.next or page.previous or not typed:
        return _("Customers for “%(typed)s”") % {"typed": typed} if typed else _("Customers, newest first")
    count = len(page.rows)
    said = ngettext("%(n)s customer for “%(typed)s”", "%(n)s customers for “%(typed)s”", count)
    return said % {"n": count, "typed": typed}


def _neighbours(request: AgentRequest, page: CustomerPage) -> dict[str, str]:
    """The addresses of the pages before and after; '' where there is none."""
    keep = {name: request.GET[name][:200] for name in ("q", "organisation") if request.GET.get(name)}

    def at(cursor: str | None) -> str:
        return "?" + urlencode(keep | {"page": cursor}) if cursor else ""

    return {
        "first": "?" + urlencode(keep) if page.previous else "",
        "previous": at(page.previous),
        "next": at(page.next),
    }
