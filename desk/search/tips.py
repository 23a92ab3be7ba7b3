"""What can be typed into a search, by examples."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TIPS: Final[tuple[tuple[str | Promise, str | Promise], ...]] = (
    (pgettext_lazy("search", "camp tent"), _("tickets with both words, wherever they stand")),
    (pgettext_lazy("search", "'group insurance'"), _("these words one behind the other")),
    (pgettext_lazy("search", "insur*"), _("words that begin so")),
    (pgettext_lazy("search", "camp OR hike"), _("one of both; AND, NOT and brackets can be used as well")),
    (pgettext_lazy("search", "camp -tent"), _("without the second word")),
    (
        pgettext_lazy("search", "subject:camp"),
        _("in the subject alone; likewise text:, from:, to: and attachment:"),
    ),
    (
        pgettext_lazy("search", "queue:Training state:open"),
        _("in this queue and this state; likewise customer: and number:"),
    ),
)
"""What is typed, and what it finds."""
