"""The kinds of attributes that tickets are searched by: how each is read, and what it asks of tickets.

Times are in `filter_times.py`, free fields in `filter_free.py`. A filter belongs to a `TicketFilter`, which
knows who asks.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters import Filter

from search.language import LENGTH_MOST, TYPED_MOST, Asked, Attribute, Has, Where, read_search
from tickets.free_forms import Boxes
from tickets.models.ticket import TicketQuerySet

if TYPE_CHECKING:
    from search.filters import TicketFilter

Choice = tuple[str, str | Promise]
Pair = tuple[str, str]
"""A name and a value of a query string."""

TERMS_MOST: Final = 10
"""Words of a text that is looked for as it stands."""
GONE: Final = _("What was chosen here is not there for you (any more). Choose something else.")


class Chosen(NamedTuple):
    """One value of an attribute in words, and what of the query string asks for it."""

    words: str
    pairs: tuple[Pair, ...]


class AnyText(forms.CharField):
    """A text that is read, whatever it is: what can't be stored is a space."""

    def __init__(self, **kwargs: Any) -> None:
        box = forms.TextInput(attrs={"maxlength": TYPED_MOST, "autocomplete": "off", "spellcheck": "false"})
        super().__init__(**{"widget": box, **kwargs})
        self.validators = []

    def to_python(self, value: Any) -> str:
        """The text, as far as it is read."""
        return super().to_python(str(value or "")[: LENGTH_MOST + 1].replace("\0", " ")) or ""


class Together(forms.MultiWidget):
    """Controls that are one answer, each dressed as its own kind; a complaint leads to the first."""

    template_name = "kvv/together.html"
    between: str | Promise = ""

    def id_for_label(self, id_: str) -> str:
        """The id of the first control."""
        return f"{id_}_0"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With what stands between them; only the first takes the focus."""
        context = super().get_context(name, value, attrs)
        context["widget"]["between"] = self.between
        for place, part in enumerate(context["widget"]["subwidgets"]):
            if part["template_name"] == forms.Select.template_name:
                part["attrs"]["class"] = part["attrs"].get("class", "").replace("form-control", "form-select")
            if place:
                part["attrs"].pop("autofocus", None)
        return context


class SearchAttribute(Filter):  # type: ignore[misc]  # django-filter ships no types
    """An attribute: a name, a value of its kind, and a condition on tickets or a part of the asked tree.

    `group` is where it is offered; `suffixes` are what its names in a query string end with; without the
    attribute that it `needs` it says nothing.
    """

    parent: "TicketFilter"
    suffixes: ClassVar[tuple[str, ...]] = ("",)
    needs: ClassVar[str] = ""

    def __init__(self, *, label: str | Promise, group: str, **extra: Any) -> None:
        self.group = group
        super().__init__(label=label, **extra)

    def names(self, name: str) -> list[str]:
        """The names of its controls."""
        return [f"{name}{suffix}" for suffix in self.suffixes]

    def filter(self, queryset: TicketQuerySet, value: Any) -> TicketQuerySet:
        """The tickets that have it, each once."""
        condition = self.condition(value)
        return queryset if condition is None else queryset.filter(condition)

    def condition(self, value: Any) -> Q | None:
        """What it asks of tickets; None where it asks of their words."""
        return None

    def asked(self, value: Any) -> Asked | None:
        """What it asks beside what was typed; None where that is nothing."""
        return None

    def chosen(self, value: Any, pairs: Sequence[Pair]) -> list[Chosen]:
        """What it says, in words, with what of its pairs says that."""
        return [Chosen(self.words(value), tuple(pairs))]

    def words(self, value: Any) -> str:
        """The whole of it in words."""
        return str(value)


class Words(SearchAttribute):
    """Words in a part of tickets, in the language of the search."""

    field_class = AnyText

    def __init__(self, *, place: Where, **extra: Any) -> None:
        self.place = place
        super().__init__(**extra)

    def asked(self, value: str) -> Asked:
        """As if they were typed with this place before them."""
        return read_search(value, place=self.place)


class Named(SearchAttribute):
    """What a ticket has one of, by what it is called; several stand side by side."""

    field_class = AnyText

    def __init__(self, *, attribute: Attribute, **extra: Any) -> None:
        self.attribute = attribute
        super().__init__(**extra)

    def asked(self, value: str) -> Asked:
        """As if it was typed with this attribute before it."""
        text = value.rstrip("*")
        return Asked(tree=Has(self.attribute, text, is_beginning=text != value))


class Contained(SearchAttribute):
    """Words that a column has in it, wherever they stand; a `*` may be anything, too."""

    field_class = AnyText

    def __init__(self, *, column: str, **extra: Any) -> None:
        self.column = column
        super().__init__(**extra)

    def condition(self, value: str) -> Q:
        """All of the words."""
        words = value.replace("*", " ").split()[:TERMS_MOST]
        return all_of(Q(**{f"{self.column}__icontains": word}) for word in words)


class Choices(SearchAttribute):
    """One at least of what can be chosen: `offered` gives that for the one who asks.

    `where`: the condition of what is chosen, of which there is something.
    """

    field_class = forms.MultipleChoiceField

    def __init__(
        self,
        *,
        offered: Callable[["TicketFilter"], Sequence[Choice]],
        where: Callable[["TicketFilter", list[str]], Q],
        **extra: Any,
    ) -> None:
        self.offered, self.where = offered, where
        super().__init__(widget=Boxes, error_messages={"invalid_choice": GONE}, **extra)

    @property
    def field(self) -> forms.MultipleChoiceField:
        """Its field of a form. A form copies that, and would copy a method's object, too."""
        field: forms.MultipleChoiceField = super().field
        field.choices = lambda: self._choices()  # noqa: PLW0108  (a form would copy the method, and so all of this)
        return field

    def _choices(self) -> Sequence[Choice]:
        return self.offered(self.parent)

    def condition(self, value: list[str]) -> Q:
        """One of them."""
        return self.where(self.parent, value)

    def chosen(self, value: list[str], pairs: Sequence[Pair]) -> list[Chosen]:
        """Each by itself."""
        called = self.words_by_key
        return [Chosen(called[pair[1]], (pair,)) for pair in pairs]

    @property
    def words_by_key(self) -> dict[str, str]:
        """What can be chosen: what stands in a query string, and what it is called."""
        return {key: str(words) for key, words in self._choices()}


def one_of(column: str) -> Callable[["TicketFilter", list[str]], Q]:
    """That a column has one of the chosen numbers."""
    return lambda _filters, chosen: Q(**{f"{column}__in": [int(key) for key in chosen]})


def all_of(conditions: Iterable[Q]) -> Q:
    """All of these at once."""
    whole = Q()
    for condition in conditions:
        whole &= condition
    return whole


def pairs_in(data: Any, names: Sequence[str]) -> Iterator[Pair]:
    """What is filled in under these names, each once."""
    for name in names:
        for value in dict.fromkeys(data.getlist(name)):
            if value.strip():
                yield name, value[:LENGTH_MOST]
