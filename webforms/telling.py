"""What the history of a ticket says of the form that it came by."""

from django.conf import settings
from django.utils.translation import gettext, override

from tickets.changing.changes import NOTHING, Side
from webforms.models import FormVersion


def told_of(version: FormVersion) -> dict[str, list[Side]]:
    """The change that a ticket's first event tells: by which form and version, in each language."""
    labels = dict[str, str]()
    for language, _name in settings.LANGUAGES:
        with override(language):
            words = {"form": version.spec.name.in_language(language), "number": version.number}
            labels[language] = gettext("%(form)s, version %(number)s") % words
    return {"form": [NOTHING, Side(id=version.pk, label=labels[settings.LANGUAGE_CODE], labels=labels)]}
