"""States in the admin; tickets themselves are changed at the desk, by the actions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tickets.models import State
from tickets.states import forget


@admin.register(State)
class StateAdmin(admin.ModelAdmin[State]):
    """An admin may add states; the type of one that is there is what the rules build on, and stays."""

    list_display = ("name", "type", "position", "is_active")
    list_filter = ("type", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Key and type are chosen once."""
        return ("key", "type") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: tickets are in it."""
        return False

    def save_model(self, request: HttpRequest, obj: State, form: Any, change: Any) -> None:
        """What is kept in memory is read afresh."""
        super().save_model(request, obj, form, change)
        forget()
