"""The language of what leaves: the house's, whatever language its agent reads KVV in."""

from django.conf import settings
from django.utils.translation import override


def letters_language() -> override:
    """In which our own words in a letter are said, as a context."""
    return override(settings.LANGUAGE_CODE)
