"""Allauth's own forms with a layout, and in the words and for the password managers of KVV's pages."""

from typing import Any

from allauth.account import forms as allauth
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import decrypt, encrypt
from crispy_forms.layout import Field, Layout
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Agent
from accounts.notices import OWN_PASSWORD, tell_of_changes
from accounts.tries import forget_passwords, try_code, try_password, try_reset

USERNAME = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": 254}
FOUR = 4
OUT_OF_SIGHT = {"class": "visually-hidden", "tabindex": -1, "aria-hidden": "true", "readonly": True}


class Plain(forms.Form):
    """A form without allauth's grey words, which repeat the labels; who comes to it can type at once.

    Where something was wrong, the page puts the focus on its summary instead (`kvv/errors.html`).
    """

    typed_first = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if self.typed_first and not self.is_bound:
            self.fields[self.typed_first].widget.attrs["autofocus"] = True


class _ChoosesPassword(Plain):
    """Where a new password is given twice: all that is wrong with it is said at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password2"].label = _("Confirm password")

    def clean(self) -> dict[str, Any]:
        """What was filled in; allauth compares the two only where the first is good enough."""
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}
        first, second = (self.data.get(self.add_prefix(name), "") for name in ("password1", "password2"))
        if first and second and first != second:
            self.add_error("password2", _("The two new passwords are not the same."))
        return cleaned


class _KnowsWho(forms.Form):
    """A form for a password alone: the name is there for password managers only, out of sight."""

    username = forms.CharField(
        label=_("Username"),
        required=False,
        widget=forms.TextInput(attrs=OUT_OF_SIGHT | {"autocomplete": "username"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["username"] = self.user.username  # type: ignore[attr-defined]  # allauth's form is behind


class LoginForm(Plain, allauth.LoginForm):  # type: ignore[misc]  # allauth ships no types
    """Name and password; a mail address will do for a name, but that is not said."""

    layout = Layout("login", "password")
    typed_first = "login"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username")
        self.fields["login"].widget.attrs |= USERNAME
        self.fields["password"].help_text = ""  # the page has the way to a new password


class ResetPasswordForm(Plain, allauth.ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """The address that gets the link."""

    layout = Layout("email")
    typed_first = "email"

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send it; raises `TooManyTries` where it was asked for too often from there."""
        try_reset(request, self.cleaned_data["email"])
        return str(super().save(request, **kwargs))


class ResetPasswordKeyForm(_ChoosesPassword, allauth.ResetPasswordKeyForm):  # type: ignore[misc]  # no types
    """A new password, by the link."""

    layout = Layout("password1", "password2")
    typed_first = "password1"

    def save(self) -> None:
        """Keep it; who mistyped the old one before need not wait."""
        super().save()
        forget_passwords(context.request, self.user)


class ChangePasswordForm(_KnowsWho, _ChoosesPassword, allauth.ChangePasswordForm):  # type: ignore[misc]  # no types
    """The present password and a new one."""

    layout = Layout(Field("username", template="kvv/bare.html"), "oldpassword", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""  # who is in and has forgotten it asks an administrator

    def clean(self) -> dict[str, Any]:
        """What was filled in; the new one is another than the present one."""
        cleaned = super().clean()
        if "oldpassword" in cleaned and cleaned["oldpassword"] == cleaned.get("password1"):
            self.add_error("password1", _("This is the password that you have now: choose another."))
        return cleaned

    def clean_oldpassword(self) -> str:
        """The present password; raises `TooManyTries`, for who sits there may not be the agent."""
        trying = try_password(context.request, self.user.username)
        try:
            password: str = super().clean_oldpassword()
        except forms.ValidationError:
            trying.failed()
            raise
        trying.succeeded()
        return password

    def save(self) -> None:
        """Keep it; its agent is told, for who sits there may not be them."""
        super().save()
        tell_of_changes(self.user, [OWN_PASSWORD], address=self.user.email)


class PasswordAgainForm(_KnowsWho, Plain, allauth.ReauthenticateForm):  # type: ignore[misc]  # no types
    """The password of who is in already, before something that changes how one gets in."""

    layout = Layout(Field("username", template="kvv/bare.html"), "password")
    typed_first = "password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class ActivateTOTPForm(Plain, totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    """The first code of a second factor that is being made, whose seed is sealed in the session, too."""

    typed_first = "code"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session = context.request.session
        sealed = session.pop(SECRET_SESSION_KEY, None)
        if sealed and "data" in kwargs:
            session[SECRET_SESSION_KEY] = decrypt(sealed)
        super().__init__(*args, **kwargs)
        session[SECRET_SESSION_KEY] = encrypt(self.secret)
        self.fields["code"].label = _("2. Fill in the six digits")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    @property
    def secret_to_copy(self) -> str:
        """The seed as one types it over, in fours."""
        return " ".join(self.secret[at : at + FOUR] for at in range(0, len(self.secret), FOUR))


class _SlowedCode(Plain):
    """A code of a second factor, which is not tried too often."""

    user: Agent
    typed_first = "code"

    def clean_code(self) -> str:
        """The code that was right; raises `TooManyTries`."""
        trying = try_code(context.request, self.user)
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # allauth's form is behind this one
        except forms.ValidationError:
            trying.failed()
            raise
        trying.succeeded()
        return code


class AuthenticateForm(_SlowedCode, mfa.AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The second factor of who signs in."""


class ReauthenticateForm(_SlowedCode, mfa.ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The second factor of who is in already, before something that changes how one gets in."""
