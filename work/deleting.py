"""What an admin's page says will be deleted: what has words, and not the rows that only tie two things."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.utils.text import capfirst


class WithoutTies:
    """Its question before deleting leaves out the rows of many-to-many fields, which have no name."""

    def get_deleted_objects(self, *asked: Any) -> Any:
        """Django's answer without them."""
        nested, counts, lacking, protected = super().get_deleted_objects(*asked)  # type: ignore[misc]  # a mixin
        ties = {str(many): capfirst(one) for one, many in _ties()}
        told = {name: n for name, n in counts.items() if str(name) not in ties}
        return _without(nested, tuple(f"{head}: " for head in ties.values())), told, lacking, protected


def _ties() -> Iterator[tuple[Any, Any]]:
    """What Django calls a row that it made up for a many-to-many field, and several of them."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.auto_created:
            yield model._meta.verbose_name, model._meta.verbose_name_plural


def _without(nested: list[Any], heads: tuple[str, ...]) -> list[Any]:
    """Lines, and lists of what hangs on the line before, without those that begin so."""
    below = (_without(part, heads) if isinstance(part, list) else part for part in nested)
    return [part for part in below if (part if isinstance(part, list) else not part.startswith(heads))]
