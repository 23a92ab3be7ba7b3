"""The customer on a form: typed with completion, or looked for by a button and chosen out of a list.

A form that takes one inherits `CustomerFields` and puts `WhichCustomer()` into its layout; once it is valid
`form.whom` is whom it means.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar, cast

from django import forms
from django.forms import BaseForm
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.customers import customer_named
from accounts.models import Customer
from desk.customers.completion import NEW_ADDRESS, NEW_NAME
from desk.customers.words import FoundCustomer, found_ones
from desk.writing.layout import Part
from desk.writing.screen_form import ScreenForm, Step, Writing
from desk.writing.typed import read_number
from tickets.actor import Actor
from tickets.errors import BadInput
from tickets.queries.customers import TYPED_MOST, NewCustomer, customer_meant

NOBODY = 0
"""What is chosen where it is to be somebody new."""


class CustomerFields(ScreenForm):
    """Whom it is about: `customer` is typed, `customer_id` chosen, of those found for `customer_for`.

    What was chosen holds as long as the text stays as it was. `takes_new`: what is enough to know of a new
    customer, an address or a name; '' where the customer has to be there already. `is_written_to`: one of
    their addresses is meant.
    """

    takes_new: ClassVar[str] = NEW_ADDRESS
    is_written_to: ClassVar[bool] = False

    customer = forms.CharField(
        label=_("Customer"),
        max_length=TYPED_MOST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "maxlength": TYPED_MOST}),
        help_text=_("Name, e-mail address or customer code."),
        error_messages={"required": _("Say who the customer is.")},
    )
    customer_id = forms.IntegerField(
        required=False, min_value=NOBODY, max_value=2**63 - 1, widget=forms.HiddenInput
    )
    customer_for = forms.CharField(required=False, max_length=TYPED_MOST, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, writing: Writing, **kwargs: Any) -> None:
        self.actor = writing.actor
        self.meant: Customer | NewCustomer | None = None
        self.offers_found = False
        super().__init__(data, writing=writing, **kwargs)

    def first(self, writing: Writing) -> dict[str, object]:
        """Whom the address names, as if that was typed; one who is found by it is chosen already."""
        begun = super().first(writing)
        typed = _typed(writing.query)
        if not typed:
            return begun
        chosen = read_number(writing.query.get("customer_id")) or None
        with suppress(BadInput):
            self.meant = customer_meant(actor=self.actor, typed=typed, chosen=chosen)
        known = self.meant.pk if isinstance(self.meant, Customer) else None
        return begun | {"customer": typed, "customer_id": known, "customer_for": typed}

    def find_customer(self) -> None:
        """Look for whom was typed, and offer those that were found."""
        self.offers_found = True
        self.put("customer_for", str(self["customer"].value() or "").strip()[:TYPED_MOST])

    steps: ClassVar[Mapping[str, Step]] = {"find_customer": find_customer}

    @cached_property
    def found(self) -> list[FoundCustomer]:
        """Those to choose from."""
        typed = str(self["customer"].value() or "")[:TYPED_MOST]
        return found_ones(self.actor, typed=typed)

    @property
    def chosen(self) -> str:
        """The id that is chosen, as it was sent."""
        return str(self["customer_id"].value() or "")

    @property
    def new_by_name(self) -> str:
        """Whom they could be beside those found: somebody new, of that name."""
        typed = str(self["customer"].value() or "").strip()[:TYPED_MOST]
        return typed if self.takes_new == NEW_NAME and "@" not in typed else ""

    @property
    def whom(self) -> Customer | NewCustomer:
        """Whom it means, of a form that is valid; raises `LookupError` before."""
        if self.meant is None:
            raise LookupError("Nobody is known to be meant yet.")
        return self.meant

    def clean(self) -> dict[str, object]:
        """Whom it means, if that can be known; else they are to be chosen."""
        cleaned = super().clean()
        typed = str(cleaned.get("customer") or "")
        if not typed:
            return cleaned
        chosen = cleaned.get("customer_id") if cleaned.get("customer_for") == typed else None
        try:
            self.meant = customer_meant(
                actor=self.actor, typed=typed, chosen=cast("int | None", chosen) or None
            )
        except BadInput as refusal:
            self.refuse(refusal)
            return cleaned
        if isinstance(self.meant, NewCustomer) and not self.takes_new:
            self.meant = None
        if self.meant is None and self.new_by_name and (chosen == NOBODY or not self.found):
            self.meant = NewCustomer(name=typed)
        if self.meant is None:
            self.find_customer()
            self.add_error("customer", self._unclear())
        return cleaned

    def _unclear(self) -> str:
        if self.found:
            return str(_("Choose who it is."))
        if self.takes_new:
            return str(_("Nobody was found. Give the whole e-mail address of a new customer."))
        return str(_("Nobody was found. Give another name, address or customer code."))


def customer_said(sent: QueryDict, *, actor: Actor) -> Customer | None:
    """Whom the fields mean as they were sent, judged or not; new ones, too, are not kept. None for nobody."""
    typed = _typed(sent)
    chosen = read_number(sent.get("customer_id")) if sent.get("customer_for") == typed else None
    try:
        meant = customer_meant(actor=actor, typed=typed, chosen=chosen or None)
    except BadInput:
        return None
    return customer_named(meant.name) if isinstance(meant, NewCustomer) else meant


def _typed(sent: QueryDict) -> str:
    return sent.get("customer", "").replace("\0", "").strip()[:TYPED_MOST]


class WhichCustomer(Part):
    """The field of a form with `CustomerFields`, with its completion, and those found to choose from.

    `opens_in_place`: the lines of the completion push down what is below, in a dialog that is short.
    """

    def __init__(self, *, opens_in_place: bool = False) -> None:
        super().__init__("desk/writing/_customer.html", "customer", "customer_id", "customer_for")
        self.opens_in_place = opens_in_place

    def values(self, form: BaseForm) -> dict[str, Any]:
        """The form, and how its lines open."""
        return {"form": form, "field": form["customer"], "opens_in_place": self.opens_in_place}
