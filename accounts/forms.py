"""Allauth's own forms with a layout, and in the words and for the password managers of KVV's pages."""

from typing import Any

from allauth.account import forms as allauth
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

USERNAME = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": 254}


class LoginForm(allauth.LoginForm):  # type: ignore[misc]  # allauth ships no types
    """Name and password; a mail address will do for a name, but that is not said."""

    layout = Layout("login", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username")
        self.fields["login"].widget.attrs = dict(USERNAME)
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""  # the page has the way to a new password


class ResetPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """The address that gets the link."""

    layout = Layout("email")


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth ships no types
    """A new password, by the link."""

    layout = Layout("password1", "password2")


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    """The present password and a new one; the name is there for password managers only, out of sight."""

    username = forms.CharField(
        required=False,
        widget=forms.TextInput(
            attrs={
                "class": "visually-hidden",
                "autocomplete": "username",
                "tabindex": -1,
                "aria-hidden": "true",
                "readonly": True,
            }
        ),
    )

    layout = Layout(Field("username", template="kvv/bare.html"), "oldpassword", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["username"] = self.user.username
