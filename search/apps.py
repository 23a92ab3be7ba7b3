"""The room 'search' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """What was said in tickets is found again."""

    name = "search"
    verbose_name = _("Finding what was said")
