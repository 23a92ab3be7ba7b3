"""The fields of a search: the one in the bar of every page, and the one above the results."""

from functools import cache
from typing import Self

from crispy_forms.layout import Field, Layout
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from search.language import TYPED_MOST


class SearchForm(forms.Form):
    """What is looked for, above the results."""

    q = forms.CharField(
        label=_("Search in tickets"),
        required=False,
        max_length=TYPED_MOST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )

    layout = Layout(Field("q", template="kvv/unlabelled.html"))

    @classmethod
    def of(cls, typed: str, *, is_first: bool) -> Self:
        """What was typed, to be changed; `is_first`: nothing was, and one begins there."""
        form = cls(initial={"q": typed})
        form.fields["q"].widget.attrs["autofocus"] = is_first
        return form


class BarForm(SearchForm):
    """The same in the bar, to which a key leads."""

    layout = Layout(Field("q", template="kvv/keyed.html", placeholder=pgettext_lazy("screen", "Search")))


def search_field() -> SafeString:
    """The field of the bar, which is the same on every page: made once for each language."""
    return _field(get_language())


@cache
def _field(_language: str) -> SafeString:
    return render_to_string("desk/search/_bar.html", {"form": BarForm(auto_id="top-%s")})
