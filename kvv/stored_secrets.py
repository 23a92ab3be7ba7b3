"""All secrets that the database keeps sealed, whatever table they stand in."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction

from vault.fields import SecretField
from vault.keys import Sealing, reseal, sealing_of
from vault.secret import Secret

IN_SECOND_FACTOR = ("secret", "seed")
"""What an authenticator's data have sealed: of one-time codes, and of recovery codes."""


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A secret as it is kept, what people call it, and writing it anew: False where it changed meanwhile."""

    name: str
    kept: str
    replace: Callable[[str], bool]

    @property
    def sealing(self) -> Sealing:
        """How it is kept."""
        return sealing_of(self.kept)

    def rotate(self) -> bool:
        """Seal it with the first key; raises `UnreadableSecretError`."""
        return self.replace(reseal(self.kept))


def stored_secrets() -> Iterator[StoredSecret]:
    """Each of them, but for empty ones."""
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, SecretField):
                yield from _in_column(model, field.name)
    for factor in Authenticator.objects.select_related("user").order_by("pk"):
        for part in IN_SECOND_FACTOR:
            if part in factor.data:
                yield StoredSecret(
                    name=f"second factor of {factor.user}",
                    kept=factor.data[part],
                    replace=partial(_replace_in_factor, factor.pk, part, factor.data[part]),
                )


def by_sealing(secrets: Iterable[StoredSecret]) -> dict[Sealing, list[StoredSecret]]:
    """Sorted by how they are kept."""
    sorted_secrets: dict[Sealing, list[StoredSecret]] = defaultdict(list)
    for secret in secrets:
        sorted_secrets[secret.sealing].append(secret)
    return sorted_secrets


def _in_column(model: type[models.Model], name: str) -> Iterator[StoredSecret]:
    for row in model._default_manager.exclude(**{name: ""}).order_by("pk"):
        secret: Secret = getattr(row, name)
        yield StoredSecret(
            name=f"{model._meta.verbose_name} {row}",
            kept=secret.kept,
            replace=partial(_replace_in_column, model, name, row.pk, secret),
        )


def _replace_in_column(model: type[models.Model], name: str, pk: int, before: Secret, after: str) -> bool:
    unchanged = model._default_manager.filter(pk=pk, **{name: before})
    return bool(unchanged.update(**{name: Secret(after)}))


@transaction.atomic
def _replace_in_factor(pk: int, part: str, before: str, after: str) -> bool:
    factor = Authenticator.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if factor is None or factor.data.get(part) != before:
        return False
    factor.data[part] = after
    factor.save(update_fields=["data"])
    return True
