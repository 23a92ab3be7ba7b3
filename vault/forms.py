"""A secret in a form: it is set anew or removed, and never shown."""

from enum import Enum
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from vault.keys import Sealing, sealing_of
from vault.secret import Secret

LENGTH_MOST = 500
PORT_MOST = 65_535
LEADS_ELSEWHERE = frozenset({"protocol", "host", "port", "security", "username"})
"""Fields of a server that say to whom, and how readable on the way, its secret is told."""


class Wish(Enum):
    """What is wanted where no new secret was given."""

    KEEP = "keep"
    REMOVE = "remove"


class SecretWidget(forms.PasswordInput):
    """An empty box; beside it, where a secret is kept, that it is, and a box to tick that removes it."""

    template_name = "kvv/secret.html"

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "new-password"})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Also whether one is kept, and whether it can be read."""
        context = super().get_context(name, None, attrs)
        kept = value if isinstance(value, Secret) else Secret()
        context["widget"] |= {
            "is_kept": bool(kept),
            "is_unreadable": sealing_of(kept.kept) == Sealing.UNREADABLE,
            "remove": forms.CheckboxInput().render(_box(name), None),
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | Wish:
        """A new secret, or what else is wanted."""
        return (data.get(name) or "").strip() or (Wish.REMOVE if data.get(_box(name)) else Wish.KEEP)


def _box(name: str) -> str:
    return f"{name}-remove"


class SecretFormField(forms.CharField):
    """Gives a `Secret` that is new or empty, or `Wish.KEEP`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LENGTH_MOST, widget=SecretWidget(), **kwargs)

    def clean(self, value: str | Wish) -> Secret | Wish:
        """Seal what was given."""
        if isinstance(value, Wish):
            return Secret() if value == Wish.REMOVE else value
        return Secret.of(super().clean(value))

    def has_changed(self, initial: object, data: object) -> bool:
        """A form that was left alone says nothing."""
        return data != Wish.KEEP


class ServerForm(forms.ModelForm[Any]):
    """A server that we sign in to with `password`.

    What leads elsewhere asks for it again: else whoever may change the server could have it told to another.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["port"].validators.append(MaxValueValidator(PORT_MOST))

    def clean_password(self) -> Secret:
        """The one that is kept, where nothing else is wanted."""
        wanted: Secret | Wish = self.cleaned_data["password"]
        return wanted if isinstance(wanted, Secret) else self.initial.get("password", Secret())

    def clean(self) -> dict[str, Any]:
        """Refuse to take a kept password along."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.initial.get("password") and "password" not in self.changed_data and self._leads_elsewhere():
            self.add_error("password", _("Give the password again: it would be told to another server."))
        return given

    def _leads_elsewhere(self) -> bool:
        changed = set(self.changed_data)
        stops_checking = not self.cleaned_data.get("check_certificate", True)
        return bool(changed & LEADS_ELSEWHERE) or ("check_certificate" in changed and stops_checking)
