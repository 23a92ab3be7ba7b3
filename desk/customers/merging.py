"""Two customers who are one, put together by an administrator."""

from crispy_forms.layout import Layout
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Customer
from desk.customers.fields import CustomerFields, WhichCustomer
from desk.frame import UNPROCESSABLE, AgentRequest, agent_required
from desk.lists.customer import customer_or_404
from desk.writing.about import About
from desk.writing.screen_form import Writing
from tickets.actions.merge_customers import merge_customers
from tickets.errors import NotAllowed, Refusal
from tickets.queries.customer_keys import sees_all


class MergeForm(CustomerFields):
    """Into whom; somebody who is there."""

    takes_new = ""
    layout = Layout("submission", WhichCustomer())


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def merge_customer(request: AgentRequest, customer_id: int) -> HttpResponseBase:
    """Give all that is this customer's to another one."""
    customer = customer_or_404(request, customer_id)
    if not sees_all(request.actor):
        raise PermissionDenied(_("Only an administrator merges customers. Ask one."))
    writing = Writing(actor=request.actor, about=About(customer=customer), query=QueryDict())
    form = MergeForm(request.POST if request.method == "POST" else None, writing=writing)
    if form.is_bound and not form.took_a_step() and (kept := _merged(request, customer, form)) is not None:
        messages.success(request, _("All of it is %(customer)s's now.") % {"customer": kept})
        return redirect("desk:customer_page", kept.pk)
    context = {
        "menu": "customers",
        "form": form,
        "customer": customer,
        "back": reverse("desk:customer_page", args=[customer.pk]),
    }
    return render(
        request, "desk/customers/merge.html", context, status=UNPROCESSABLE if form.errors else None
    )


def _merged(request: AgentRequest, gone: Customer, form: MergeForm) -> Customer | None:
    """Who has all now; None where it was not done, which the form says why."""
    if not form.is_valid() or not isinstance(form.whom, Customer):
        return None
    try:
        merge_customers(actor=request.actor, gone=gone, kept=form.whom, now=timezone.now())
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return form.whom
