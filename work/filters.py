"""Filters of lists in the admin, of rows that are work."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class StateFilter(admin.SimpleListFilter):
    """By a state in words. Its table is not asked which states there are: that would read all of it."""

    title = _("state")
    parameter_name = "state__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, str | Promise], ...]:
        """The states that the model names."""
        states: tuple[tuple[str, str | Promise], ...] = model_admin.model.STATES
        return states

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows in the chosen state; all, where none was chosen."""
        return queryset.filter(state=self.value()) if self.value() else queryset
