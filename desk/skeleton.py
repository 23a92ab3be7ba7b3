"""A template whose words differ in each of many rows: rendered once, with holes, and filled for each of them.

A template pays for every condition and every look-up, and a list has fifty rows of them.
"""

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

_OPENS, _CLOSES = "\ue000", "\ue001"
"""Of no alphabet (Unicode, private use)."""


def hole(name: str) -> SafeString:
    """What stands in a template's context for a word that each row has of its own."""
    return SafeString(f"{_OPENS}{name}{_CLOSES}")


class Skeleton:
    """The template with this context, whose holes wait for words.

    All words are put in at once: what somebody wrote is never looked through for another hole.
    """

    def __init__(self, template: str, context: Mapping[str, object]) -> None:
        whole = render_to_string(template, dict(context))
        self.whole = whole.replace("%", "%%").replace(_OPENS, "%(").replace(_CLOSES, ")s")

    def filled(self, **words: str) -> SafeString:
        """With a word for each hole; the words are escaped already."""
        return SafeString(self.whole % words)
