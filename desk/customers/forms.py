"""Forms about a customer: what an agent may correct, what makes a new one, and all of it."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.customers import addresses_of, organisation_named
from accounts.models import COMMENT_HELP, COMMENT_MOST, Customer, Organisation
from desk.writing.layout import Part, Row
from outbox.addresses import compared, is_address, read_addresses
from queues.ours import ours_among
from tickets.letters.recipients import split_addresses

ADD_MOST, LINE_MOST = 20, 2_000
COLUMNS = ("first_name", "last_name", "phone", "code", "username", "comment")


class CorrectForm(forms.Form):
    """The name, and addresses to be added.

    Its page says what it was opened with: what is left alone stays as it is by then.
    """

    layout: ClassVar[Layout] = Layout(
        Row("first_name", "last_name", look="formgrid--2"),
        Part("desk/customers/_known.html"),
        "add",
        "comment",
    )

    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    add = forms.CharField(
        label=_("Add addresses"),
        required=False,
        max_length=LINE_MOST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Mail from these addresses belongs to this customer. Put commas between several."),
    )
    comment = forms.CharField(
        label=_("Comment"),
        max_length=COMMENT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=COMMENT_HELP,
    )

    def __init__(self, data: Any = None, *, customer: Customer | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.customer = customer
        if customer is not None:
            known = {name: getattr(customer, name) for name in COLUMNS if name in self.fields}
            self.initial = {**known, **self.initial}
            for name in (*known, "organisation"):
                if name in self.fields:
                    self.fields[name].show_hidden_initial = True

    def clean_add(self) -> list[str]:
        """The addresses, each once, as addresses are compared."""
        added: list[str] = []
        for piece in split_addresses(self.cleaned_data["add"]):
            pairs = read_addresses(piece)
            if len(pairs) != 1 or not is_address(pairs[0][1]):
                raise forms.ValidationError(
                    _("'%(address)s' is not a mail address."), params={"address": piece}
                )
            added.append(compared(pairs[0][1]))
        if len(added) > ADD_MOST:
            raise forms.ValidationError(
                _("At most %(n)s addresses can be added at a time."), params={"n": ADD_MOST}
            )
        if ours := ours_among(added):
            sentence = _("%(address)s is an address of our own. Give that of the customer.")
            raise forms.ValidationError(sentence, params={"address": min(ours)})
        return list(dict.fromkeys(added))

    @property
    def known_addresses(self) -> list[str]:
        """Those that the customer has already."""
        return addresses_of(self.customer) if self.customer else []

    @property
    def values(self) -> dict[str, Any]:
        """The customer's columns, of a form that is valid: of one who is there those that were changed."""
        names = self.fields.keys() if self.customer is None else self.changed_data
        return {name: self.cleaned_data[name] for name in names if name not in ("add", "remove")}

    @property
    def removed(self) -> Sequence[str]:
        """The addresses to be taken away."""
        return ()


class NewForm(CorrectForm):
    """All that is known of somebody new."""

    layout = Layout(
        Row("first_name", "last_name", look="formgrid--2"),
        "add",
        Row("phone", "code", look="formgrid--2"),
        "comment",
    )

    phone = forms.CharField(label=_("Phone"), max_length=50, required=False)
    code = forms.CharField(
        label=_("Customer code"),
        max_length=200,
        required=False,
        help_text=_("If you leave it empty, the first address is."),
    )

    def clean(self) -> dict[str, Any]:
        """Somebody is known by something."""
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("first_name", "last_name", "add")):
            self.add_error("first_name", _("Give a name or an address."))
        return cleaned


class WholeForm(CorrectForm):
    """Everything, for an administrator."""

    layout = Layout(
        Row("first_name", "last_name", look="formgrid--2"),
        Row("phone", "code", look="formgrid--2"),
        Row("organisation", "username", look="formgrid--2"),
        "add",
        "remove",
        "comment",
    )

    phone = forms.CharField(label=_("Phone"), max_length=50, required=False)
    code = forms.CharField(label=_("Customer code"), max_length=200, required=False)
    username = forms.CharField(label=_("Username"), max_length=150, required=False)
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        help_text=_("The name of one that there is; new ones are made under Administration."),
    )
    remove = forms.MultipleChoiceField(
        label=_("Take addresses away"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, customer: Customer, **kwargs: Any) -> None:
        super().__init__(data, customer=customer, **kwargs)
        self.initial.setdefault("organisation", str(customer.organisation or ""))
        addresses = addresses_of(customer)
        cast("forms.MultipleChoiceField", self.fields["remove"]).choices = [(row, row) for row in addresses]
        if not addresses:
            del self.fields["remove"]

    def clean_organisation(self) -> Organisation | None:
        """The one of this name."""
        name = self.cleaned_data["organisation"]
        if not name:
            return None
        organisation = organisation_named(name)
        if organisation is None:
            raise forms.ValidationError(_("There is no one organisation of this name."))
        return organisation

    @property
    def removed(self) -> Sequence[str]:
        """Those that were ticked."""
        return cast("list[str]", self.cleaned_data.get("remove", []))
