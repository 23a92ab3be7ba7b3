"""Making a customer, and correcting one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.customers import AddressTakenError, keep_customer
from accounts.models import Customer
from desk.customers.forms import CorrectForm, NewForm, WholeForm
from desk.frame import UNPROCESSABLE, AgentRequest, agent_required
from desk.lists.customer import NAMED, customer_or_404
from queues.models import QueuePermission
from tickets.access import may_correct
from tickets.errors import NotAllowed
from tickets.queries.customer_keys import sees_all


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def new_customer(request: AgentRequest) -> HttpResponseBase:
    """Make a customer; who may make a ticket somewhere may."""
    if not (request.rights.ids(QueuePermission.Right.CREATE) or sees_all(request.actor)):
        raise NotAllowed
    form = NewForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (customer := _kept(form)) is not None:
        messages.success(request, _("%(customer)s is a customer now.") % {"customer": customer})
        return _to(customer, named=next(iter(form.cleaned_data["add"]), customer.code))
    return _page(request, form, title=_("New customer"), back=reverse("desk:customers"))


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def edit_customer(request: AgentRequest, customer_id: int) -> HttpResponseBase:
    """Correct a customer; all of them, for an administrator."""
    customer = customer_or_404(request, customer_id)
    if not may_correct(customer, actor=request.actor):
        raise PermissionDenied(_("You may correct a customer whose ticket you may answer. Ask a colleague."))
    title = _("Edit the customer: %(customer)s") % {"customer": customer}
    kind: type[CorrectForm] = WholeForm if sees_all(request.actor) else CorrectForm
    form = kind(request.POST if request.method == "POST" else None, customer=customer)
    if form.is_bound and _kept(form) is not None:
        messages.success(request, _("What is known of %(customer)s has been saved.") % {"customer": customer})
        return _to(customer)
    return _page(request, form, title=title, back=reverse("desk:customer_page", args=[customer.pk]))


def _kept(form: CorrectForm) -> Customer | None:
    """The customer, kept; None for a form in which something is wrong, which it says then."""
    if not form.is_valid():
        return None
    try:
        return keep_customer(
            form.customer, values=form.values, add=form.cleaned_data["add"], remove=form.removed
        )
    except AddressTakenError as taken:
        sentence = _("%(address)s belongs to another customer already. Ask an administrator to change that.")
        form.add_error("add", sentence % {"address": taken.address})
        return None


def _to(customer: Customer, *, named: str = "") -> HttpResponse:
    query = f"?{urlencode({NAMED: named})}" if named else ""
    return redirect(reverse("desk:customer_page", args=[customer.pk]) + query)


def _page(request: AgentRequest, form: CorrectForm, *, title: str, back: str) -> HttpResponse:
    context = {"menu": "customers", "form": form, "title": title, "back": back}
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "desk/customers/edit.html", context, status=status)
