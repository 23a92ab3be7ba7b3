"""Buiten kantoortijd: from when until when an agent is away, and who stands in for them."""

from typing import Any, Self, cast

from crispy_forms.layout import Layout
from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Agent
from accounts.preferences import keep, preferences_of
from desk.frame import AgentRequest
from desk.preferences.form import SettingForm
from desk.writing.layout import Part
from desk.writing.owners import OwnerField
from queues.owners import colleagues

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AbsenceForm(SettingForm):
    """Whether one is away, the first and the last day of it, and a colleague of one's queues."""

    name, path, title = "absence", "afwezig", _("Out of office")
    is_seen_around = True
    is_away = forms.TypedChoiceField(
        label=pgettext_lazy("out of office", "Active"),
        choices=((True, _("On")), (False, _("Off"))),
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )
    away_from = forms.DateField(label=_("From"), required=False, widget=DAY)
    away_until = forms.DateField(label=_("Up to and including"), required=False, widget=DAY)
    stand_in = OwnerField(
        label=_("Who stands in?"),
        queryset=None,
        required=False,
        empty_label=_("nobody"),
        help_text=_(
            "Colleagues see who it is. Your stand-in gets your notifications, but no rights: only those of "
            "tickets that they may see themselves."
        ),
    )
    layout = Layout(Part("desk/preferences/absence.html", "is_away", "away_from", "away_until", "stand_in"))

    def __init__(self, *args: Any, request: AgentRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("OwnerField", self.fields["stand_in"]).queryset = colleagues(rights=request.rights)

    @classmethod
    def of(cls, request: AgentRequest, data: QueryDict | None = None) -> Self:
        """The form as it is now for this agent; with `data`, as it was sent."""
        return cls(data, initial=cls.kept(request.user), request=request)

    @classmethod
    def kept(cls, agent: Agent) -> dict[str, object]:
        """The days of an absence that is, or is to come; who stood in last."""
        likes, today = preferences_of(agent), timezone.localdate()
        is_on = likes.away_until is not None and likes.away_until >= today
        days = {"away_from": likes.away_from, "away_until": likes.away_until} if is_on else {}
        return {"is_away": is_on, "stand_in": likes.stand_in_id, **days}

    def clean(self) -> dict[str, Any]:
        """What was filled in; both days are asked for, in their order, of who says to be away."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("is_away"):
            return given
        first, last = given.get("away_from"), given.get("away_until")
        for name in ("away_from", "away_until"):
            if given.get(name) is None and name not in self.errors:
                self.add_error(name, _("Fill in the first day and the last."))
        if first and last and last < first:
            self.add_error("away_until", _("The last day is before the first."))
        elif last and last < timezone.localdate():
            self.add_error("away_until", _("This day is over."))
        return given

    def keep(self, request: AgentRequest) -> None:
        """Keep the days, or that there are none, and who stands in."""
        chosen = self.cleaned_data
        days = {name: chosen[name] if chosen["is_away"] else None for name in ("away_from", "away_until")}
        keep(agent=request.user, stand_in=chosen["stand_in"], **days)
