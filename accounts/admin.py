"""Agents, groups, customers and organisations in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Agent, Customer, CustomerAddress, Group, Organisation


@admin.register(Agent)
class AgentAdmin(UserAdmin[Agent]):
    """Somebody who answers. Nobody is deleted: history keeps its names; take 'active' away instead."""

    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser", "groups")
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ()
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    ordering = ("username",)
    form: type[UserChangeForm[Agent]] = UserChangeForm
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Rights"), {"fields": ("is_active", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "first_name",
                    "last_name",
                    "email",
                    "password1",
                    "password2",
                    "groups",
                ),
            },
        ),
    )
    readonly_fields = ("last_login", "date_joined")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What an agent wrote and did keeps its name: who is gone is made inactive."""
        return False

    def save_model(self, request: HttpRequest, obj: Agent, form: Any, change: Any) -> None:
        """An administrator may come here; nobody else may."""
        obj.is_staff = obj.is_superuser
        super().save_model(request, obj, form, change)


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin[Group]):
    """A team; what it may do in a queue is set at the queue."""

    list_display = ("name", "comment")
    search_fields = ("name",)


class AddressInline(admin.StackedInline[CustomerAddress, Customer]):
    """A customer's mail addresses."""

    model = CustomerAddress
    extra = 1


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin[Customer]):
    """Somebody who asks."""

    list_display = ("code", "first_name", "last_name", "organisation")
    list_select_related = ("organisation",)
    search_fields = ("code", "first_name", "last_name", "addresses__address")
    raw_id_fields = ("organisation",)
    readonly_fields = ("created",)
    inlines = (AddressInline,)
    show_full_result_count = False


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    """A customer's group, company or club."""

    list_display = ("name", "code")
    search_fields = ("name", "code")
