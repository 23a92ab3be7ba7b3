"""A column for a secret: sealed in the database, and never a plain string by accident in Python.

A row can be loaded, listed and saved while its secret can't be read; only who needs the value asks for it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.text import capfirst

from vault.forms import SecretFormField
from vault.keys import MARK
from vault.secret import Secret


class SecretAttribute(DeferredAttribute):
    """Makes a `Secret` of a plain value that is given to the model."""

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = Secret.of(value) if isinstance(value, str) else value


class SecretField(models.Field["Secret | str", Secret]):
    """Takes a plain text or a `Secret`, and gives a `Secret`."""

    description = "A secret"
    descriptor_class = SecretAttribute
    empty_values: Sequence[Any] = (None, "", Secret())

    def get_internal_type(self) -> str:
        """A text: sealed, 500 characters may be 3,000."""
        return "TextField"

    def from_db_value(self, value: str, *_args: object) -> Secret:
        """What is kept, as it is."""
        return Secret(value)

    def get_prep_value(self, value: object) -> object:
        """What may be kept."""
        if isinstance(value, str):
            return Secret.of(value).kept
        return value.kept if isinstance(value, Secret) else value

    def to_python(self, value: object) -> object:
        """Of a text that was written out by `value_to_string`, or given."""
        if not isinstance(value, str):
            return value
        return Secret(value) if value.startswith(MARK) else Secret.of(value)

    def value_to_string(self, obj: models.Model) -> str:
        """As it is kept."""
        secret: Secret = self.value_from_object(obj)
        return secret.kept

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """A box that never shows it."""
        kept: Mapping[str, Any] = {name: kwargs[name] for name in ("label", "help_text") if name in kwargs}
        return SecretFormField(**{"label": capfirst(self.verbose_name), **kept})
