"""The owner on a form that chooses a queue, too: each agent with the queues where they may own tickets."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from accounts.absence import name_now
from accounts.models import Agent
from queues.access import Rights
from queues.owners import owned_queues, possible_owners


class OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # of agents
    """An agent, who says so where they are away."""

    def label_from_instance(self, obj: Agent) -> str:
        """What colleagues call them now."""
        return name_now(obj)


class AgentsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # of agents
    """Several of them, likewise."""

    def label_from_instance(self, obj: Agent) -> str:
        """What colleagues call them now."""
        return name_now(obj)


class OwnerSelect(forms.Select):
    """Agents, each with the queues where they may own tickets: a script leaves those of the chosen queue."""

    def __init__(self) -> None:
        super().__init__(attrs={"data-of-queue": "queue"})
        self.owned: Mapping[int, Collection[int]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Django's, with the ids of the queues; a superuser needs none."""
        option = super().create_option(name, value, *args, **kwargs)
        agent = getattr(value, "instance", None)
        if agent is not None and not agent.is_superuser:
            option["attrs"]["data-queues"] = " ".join(map(str, sorted(self.owned.get(agent.pk, ()))))
        return option


class OwnersOf:
    """Who may own tickets in the queues where an agent has a right, as to move tickets into them."""

    def __init__(self, rights: Rights, right: str) -> None:
        self.able = possible_owners(rights=rights, right=right)
        self.owned = owned_queues(rights=rights, right=right)

    def offer(self, field: forms.Field, *, only: QuerySet[Agent] | None = None) -> None:
        """Let them be chosen in this field, all or `only` some of them."""
        owners = cast("forms.ModelChoiceField[Agent]", field)
        owners.queryset = self.able if only is None else only
        cast("OwnerSelect", owners.widget).owned = self.owned
