"""What is wrong, in one sentence that says what it means for whoever reads it, and where to mend it."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kvv.watch.look import Trouble

RECENT = timedelta(hours=20)


def sentence(trouble: Trouble, *, now: datetime) -> str:
    """The sentence that tells the trouble, in the language of the moment."""
    words = {"name": trouble.name, "since": when(trouble.since, now=now), "n": trouble.n}
    return str(trouble.kind.sentence % words)


def over_sentence(trouble: Trouble, *, now: datetime) -> str:
    """The sentence that says the trouble is over, in the language of the moment."""
    since, until = when(trouble.since, now=now), when(now, now=now)
    return str(trouble.kind.over % {"name": trouble.name, "since": since, "until": until})


def place(trouble: Trouble) -> str:
    """Where an admin can look at it and mend it; '' where that is not in the browser."""
    return trouble.kind.place(trouble.key)


def when(moment: datetime, *, now: datetime) -> str:
    """'10:32', with its day where that is not clear."""
    local = timezone.localtime(moment)
    clock = f"{local:%H:%M}"
    if now - moment < RECENT:
        return clock
    return _("%(day)s, %(clock)s") % {"day": date_format(local, "j F"), "clock": clock}
