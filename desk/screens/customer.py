"""Klant: another customer for a ticket, found by completion, or new by their address."""

from typing import Any

from crispy_forms.layout import Layout
from django.utils.translation import gettext_lazy as _

from accounts.models import CustomerAddress
from desk.customers.fields import CustomerFields, WhichCustomer
from desk.writing.layout import Part
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.screen_form import Writing
from queues.models import QueuePermission
from tickets.actions.customer import change_customer
from tickets.changing.once import Done


class CustomerForm(CustomerFields):
    """Who it was, and who it is to be."""

    layout = Layout(Part("desk/screens/_customer_now.html"), WhichCustomer(opens_in_place=True))

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        self.ticket = writing.about.ticket
        super().__init__(*args, writing=writing, **kwargs)
        self.fields["customer"].label = _("New customer")

    @property
    def first_addresses(self) -> list[CustomerAddress]:
        """Where the customer whom it was is written to, if anywhere."""
        customer = self.ticket.customer
        return list(customer.addresses.order_by("pk")[:1]) if customer else []


def act(deed: Deed, form: CustomerForm) -> Done:
    """Change the customer."""
    return change_customer(
        actor=deed.actor, ticket=deed.about.ticket, customer=form.whom, form=form.asked(), now=deed.now
    )


screen = Screen(
    name="customer",
    path="klant",
    group=Group.FIELDS,
    right=QueuePermission.Right.ALL,
    takes_lock=False,
    words=Words(
        action=_("Customer"),
        title=_("Customer of this ticket"),
        button=_("Submit"),
        notice=_("Answers in {ticket} go to its new customer from now on."),
        icon="contact",
    ),
    form=CustomerForm,
    act=act,
)
