"""Rows that are work, in the admin: looked at, and found by their state."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _


class StateFilter(admin.SimpleListFilter):
    """By a state in words. Its table is not asked which states there are: that would read all of it."""

    title = _("state")
    parameter_name = "state__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, Any], ...]:
        """The states that the model names."""
        states: tuple[tuple[str, Any], ...] = model_admin.model.STATES
        return states

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows in the chosen state; all, where none was chosen."""
        return queryset.filter(state=self.value()) if self.value() else queryset


class RelatedFilter(admin.RelatedFieldListFilter):
    """By what a row is tied to; that it is tied to nothing is said in a word."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.empty_value_display = conditional_escape(_("none"))


class OnlyLookedAt:
    """Rows that come and go by themselves: nothing is added, changed or deleted, and no button says it could.

    Its list has actions.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: what happens makes them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: they say what became of something."""
        return False

    @admin.display(description=_("state"), ordering="state")
    def state_name(self, row: Any) -> str:
        """The state in words; one of a newer version by its key."""
        return str(dict(row.STATES).get(row.state, row.state))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Without the buttons that save."""
        hidden = {"show_save": False, "show_save_and_continue": False}
        context = (extra_context or {}) | hidden
        return super().changeform_view(request, object_id, form_url, context)  # type: ignore[misc]  # a mixin
