"""What a list of customers is asked."""

from dataclasses import dataclass

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet, NumberFilter

from accounts.models import Customer
from desk.writing.layout import Part
from tickets.queries.customers import TYPED_MOST

LAYOUT = Layout(Part("desk/writing/_customer_search.html", "q", "organisation"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed, and which organisation (by id) was chosen."""

    typed: str
    organisation: int | None


class CustomerFilter(FilterSet):  # type: ignore[misc]  # django-filter ships no types
    """The attributes that customers are searched by.

    It reads and shows them; who that finds the index of words says (`tickets.queries.customer_keys`), as it
    depends on who asks, and no filter of the ORM pages half a million by key.
    """

    q = CharFilter(
        label=_("Search for a customer"),
        max_length=TYPED_MOST,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Name, e-mail, customer code or organisation")}
        ),
    )
    organisation = NumberFilter(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    class Meta:
        model = Customer
        fields: tuple[str, ...] = ()

    def asked(self) -> Asked:
        """What was asked; nonsense is the same as nothing."""
        self.form.layout = LAYOUT
        self.form.is_valid()
        organisation = self.form.cleaned_data.get("organisation")
        return Asked(
            typed=str(self.form.cleaned_data.get("q") or ""),
            organisation=None if organisation is None else int(organisation),
        )
