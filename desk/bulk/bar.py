"""What the bar above tickets that can be ticked offers, for the page that has such a bar."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from desk.bulk.ticks import tick_all
from desk.bulk.verbs import MORE, NEAR, Verb


class PickBar:
    """The part of a list's page that its bar is made of."""

    __slots__ = ()

    @property
    def picks_key(self) -> str:
        """The list whose ticks are remembered together, from page to page; '': by its path."""
        return ""

    @property
    def tick_all(self) -> str:
        """The tick of the whole page."""
        return tick_all(word=pgettext("of the tickets", "All"), where=_("on this page"))

    @property
    def near_verbs(self) -> Iterable[tuple[str, Verb]]:
        """What is done to ticked tickets, as the bar has it."""
        return NEAR.items()

    @property
    def more_verbs(self) -> Iterable[tuple[str, Verb]]:
        """What else is done to them."""
        return MORE.items()
