"""Agents, groups, customers and organisations in the admin; agents are registered by `kvv/changes/`."""

from collections.abc import Iterator
from typing import Any

import allauth.mfa.admin  # noqa: F401  # registers what is taken out below
from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, SetUnusablePasswordMixin, UserChangeForm
from django.db import models
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.utils.formats import localize
from django.utils.functional import Promise, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Agent, Customer, CustomerAddress, Group, Organisation
from accounts.notices import tell_of_changes
from work.deleting import WithoutTies
from work.inlines import FewRows
from work.looking import RelatedFilter

admin.site.unregister(Authenticator)  # its page shows the secret, and lets it be set


class AgentPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # Django takes none
    """Django's, but for the warning that its script shows: that one has no translation."""

    usable_password_help_text = lazy(format_html, SafeString)(
        '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        SetUnusablePasswordMixin.usable_password_help_text,
        _("With this off, the password that there is now is thrown away."),
    )


class OnlyToRemove:
    """A way in that its agent has made: an administrator sees that it is there, and can take it away."""

    extra = 0
    can_delete = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Agents make it by themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What it holds is nobody's business."""
        return False


class IdentityInline(OnlyToRemove, FewRows, admin.TabularInline[SocialAccount, Agent]):
    """The identities at the OpenID server by which the agent signs in."""

    model = SocialAccount
    fields = readonly_fields = ("provider", "uid", "date_joined", "last_login")
    verbose_name = _("OpenID identity")
    verbose_name_plural = _("OpenID identities")


class SecondFactorInline(OnlyToRemove, FewRows, admin.TabularInline[Authenticator, Agent]):
    """The second factors; who has lost theirs can make another once these are removed."""

    model = Authenticator
    fields = readonly_fields = ("kind", "since", "used")
    verbose_name = _("second factor")
    verbose_name_plural = _("second factors")

    @admin.display(description=_("kind"))
    def kind(self, factor: Authenticator) -> str:
        """What it is."""
        return str(factor.get_type_display())

    @admin.display(description=_("made"))
    def since(self, factor: Authenticator) -> str:
        """When it was made."""
        return localize(localtime(factor.created_at))

    @admin.display(description=_("last used"))
    def used(self, factor: Authenticator) -> str:
        """When it was used last, if ever."""
        return localize(localtime(factor.last_used_at)) if factor.last_used_at else "–"


@method_decorator(reauthentication_required(app="accounts"), name="changeform_view")
@method_decorator(reauthentication_required(app="accounts"), name="user_change_password")
class AgentAdmin(UserAdmin[Agent]):
    """Somebody who answers. Nobody is deleted: history keeps its names; take 'active' away instead.

    Whatever decides how an agent gets in is changed only by who has just given their own password.
    """

    inlines = (IdentityInline, SecondFactorInline)

    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser", ("groups", RelatedFilter))
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ()
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    ordering = ("username",)
    form: type[UserChangeForm[Agent]] = UserChangeForm
    change_password_form = AgentPasswordForm
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
        if not change:
            obj.password_given = obj.has_usable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Once all is saved, also tell the agent what of their ways in is another now."""
        super().save_related(request, form, formsets, change)
        if change:
            changes = list(_ways_in_changed(form, formsets))
            tell_of_changes(form.instance, changes, address=form.initial["email"])

    def log_change(self, request: HttpRequest, obj: Agent, message: Any) -> Any:
        """Where it was a password that was set or removed, also note that it is known, and tell the agent."""
        if (
            request.resolver_match is not None
            and request.resolver_match.url_name == "auth_user_password_change"
        ):
            obj.password_given = obj.has_usable_password() and obj != request.user
            obj.save(update_fields=["password_given"])
            password = notices.PASSWORD if obj.has_usable_password() else notices.NO_PASSWORD
            tell_of_changes(obj, [password], address=obj.email)
        return super().log_change(request, obj, message)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Ways in are there once the agent is."""
        return super().get_inlines(request, obj) if obj is not None else ()


def _ways_in_changed(form: Any, formsets: Any) -> Iterator[str | Promise]:
    """A sentence for each way in that a saved form has changed."""
    removed = {type(row) for formset in formsets for row in formset.deleted_objects}
    if form.instance.email != form.initial["email"]:
        yield notices.ADDRESS
    if form.instance.username != form.initial["username"]:
        yield notices.USERNAME
    if Authenticator in removed:
        yield notices.SECOND_FACTOR
    if SocialAccount in removed:
        yield notices.IDENTITY


@admin.register(Group)
class GroupAdmin(WithoutTies, admin.ModelAdmin[Group]):
    """A team; what it may do in a queue is set at the queue."""

    list_display = ("name", "comment", "keeps_texts")
    search_fields = ("name",)


class CustomerAddressForm(forms.ModelForm[CustomerAddress]):
    """An address is kept in lower case."""

    def clean_address(self) -> str:
        """Lower-case it before its uniqueness is checked."""
        address: str = self.cleaned_data["address"]
        return address.lower()


class CustomerForm(forms.ModelForm[Customer]):
    """A customer who can be told from others."""

    def clean(self) -> dict[str, Any]:
        """Raise a sentence where nothing names the customer: the lists would show an empty row."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        named = {"code", "first_name", "last_name"}
        if named <= given.keys() and not any(given[name] for name in named):
            self.add_error("code", _("Give a customer code, or a name: by that the customer is found."))
        return given


class AddressInline(FewRows, admin.StackedInline[CustomerAddress, Customer]):
    """A customer's mail addresses."""

    model = CustomerAddress
    form = CustomerAddressForm
    extra = 1
    verbose_name = _("address")
    verbose_name_plural = _("addresses")


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin[Customer]):
    """Somebody who asks."""

    form = CustomerForm
    list_display = ("code", "first_name", "last_name", "organisation")
    list_select_related = ("organisation",)
    search_fields = ("code", "first_name", "last_name", "addresses__address")
    raw_id_fields = ("organisation",)
    inlines = (AddressInline,)
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """When it was made is known once it is."""
        return ("created",) if obj else ()

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nobody sets it."""
        return () if obj else ("created",)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    """A customer's group, company or club."""

    list_display = ("name", "code")
    search_fields = ("name", "code")
