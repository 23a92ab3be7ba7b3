"""Jumping in the archive: the day from which its tickets are shown, the newest first."""

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _


class JumpForm(forms.Form):
    """One day, sent by GET beside what else the list was asked."""

    until = forms.DateField(
        label=_("Closed on or before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    layout = Layout(Field("until", template="kvv/beside.html"))
