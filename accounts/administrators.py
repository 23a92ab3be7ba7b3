"""Who looks after an installation."""

from django.db.models import QuerySet

from accounts.models import Agent


def administrators() -> QuerySet[Agent]:
    """The agents who may do everything and can sign in, the first one first."""
    return Agent.objects.filter(is_active=True, is_superuser=True).order_by("pk")
