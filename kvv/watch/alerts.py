"""Telling the admins by another way than the page: a mail to each, and a POST to KVV_ALERT_URL.

Once when it begins and once when it is over. An `Outage` is written at the first look and told at the next
one, at least half a minute later: what mended itself meanwhile (as after a restart) is nobody's trouble. The
mails are queued in the transaction that notes the telling; the POST follows its commit, so that one that
fails is not repeated.
"""

import http.client
import logging
import urllib.request
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.administrators import administrators
from accounts.models import Agent
from accounts.preferences import preferences_of
from kvv.watch.kinds import kind_named
from kvv.watch.look import Trouble, look_everywhere
from kvv.watch.words import over_sentence, place, sentence
from outbox.backend import EmailBackend
from outbox.models import Transport
from outbox.transports import default_transport
from work.locks import Lock, try_lock
from work.models import Outage

logger = logging.getLogger(__name__)

BETWEEN_LOOKS = timedelta(seconds=30)
KEPT_FOR = timedelta(days=90)
POST_SECONDS = 5
HEADERS = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "KVV"}


def watch(*, now: datetime) -> None:
    """Look, note and tell; safe to call twice, or by two workers at the same moment."""
    for text in _note(now=now):
        _post(text)


@transaction.atomic
def _note(*, now: datetime) -> list[str]:
    """Write down what began and what is over; gives what is to be posted after the commit."""
    if not try_lock(Lock.WATCH):
        return []
    Outage.objects.filter(ended__lt=now - KEPT_FOR).delete()
    wrong = {(trouble.kind.name, trouble.key): trouble for trouble in _troubles_to_mail(now=now)}
    open_outages = {(outage.kind, outage.key): outage for outage in Outage.objects.filter(ended=None)}
    Outage.objects.bulk_create(
        Outage(kind=kind, key=key, name=trouble.name, since=trouble.since, seen=now)
        for (kind, key), trouble in wrong.items()
        if (kind, key) not in open_outages
    )
    posts = [
        _begun(outage, now=now)
        for which, outage in open_outages.items()
        if which in wrong and _is_news(outage, now=now)
    ]
    posts += [_over(outage, now=now) for which, outage in open_outages.items() if which not in wrong]
    return [text for text in posts if text]


def _troubles_to_mail(*, now: datetime) -> list[Trouble]:
    return [trouble for trouble in look_everywhere(now=now) if trouble.kind.over]


def _is_news(outage: Outage, *, now: datetime) -> bool:
    return outage.told is None and now - outage.seen >= BETWEEN_LOOKS


def _begun(outage: Outage, *, now: datetime) -> str:
    outage.told = now
    outage.save(update_fields=["told"])
    trouble = _as_trouble(outage)
    logger.error("%s %s has not worked since %s", outage.kind, outage.name, outage.since.isoformat())
    _mail_admins(trouble, is_over=False, now=now)
    with translation.override(settings.LANGUAGE_CODE):
        return sentence(trouble, now=now)


def _over(outage: Outage, *, now: datetime) -> str:
    """What nobody was told of ends without a word."""
    if outage.told is None:
        outage.delete()
        return ""
    outage.ended = now
    outage.save(update_fields=["ended"])
    trouble = _as_trouble(outage)
    logger.info("%s %s works again", outage.kind, outage.name)
    _mail_admins(trouble, is_over=True, now=now)
    with translation.override(settings.LANGUAGE_CODE):
        return over_sentence(trouble, now=now)


def _as_trouble(outage: Outage) -> Trouble:
    return Trouble(kind=kind_named(outage.kind), key=outage.key, name=outage.name, since=outage.since)


def _mail_admins(trouble: Trouble, *, is_over: bool, now: datetime) -> None:
    """Queue a mail to each admin, in their language, by a way that is not known to be closed.

    Where no mail leaves at all, one that says so would only come when it is over.
    """
    ways = _open_ways()
    if not ways and trouble.kind.stops_mail and not is_over:
        return
    backend = EmailBackend(transport=ways[0] if ways else None)
    for admin in _admins():
        with translation.override(preferences_of(admin).language):
            backend.send_messages([_letter(trouble, to=admin.email, is_over=is_over, now=now)])


def _letter(trouble: Trouble, *, to: str, is_over: bool, now: datetime) -> EmailMessage:
    text = over_sentence(trouble, now=now) if is_over else sentence(trouble, now=now)
    subject = _("KVV: it works again") if is_over else _("KVV: something does not work")
    address = place(trouble)
    lines = [text] if is_over or not address else [text, f"{settings.BASE_URL}{address}"]
    return EmailMessage(subject=subject, body="\n\n".join(lines) + "\n", to=[to])


def _open_ways() -> list[Transport]:
    """The transports that work, the default first."""
    usual = default_transport()
    working = Transport.objects.filter(is_active=True, failing_since=None).order_by("pk")
    return sorted(working, key=lambda transport: transport != usual)


def _admins() -> Iterable[Agent]:
    return administrators().exclude(email="").select_related("preferences")


def _post(text: str) -> None:
    """One try, of a few seconds; where to is the administrator's setting."""
    if not settings.ALERT_URL:
        return
    request: Any = urllib.request.Request(  # noqa: S310  (the setting is read as http or https only)
        settings.ALERT_URL, data=text.encode(), headers=HEADERS, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=POST_SECONDS) as answer:  # noqa: S310  (as above)
            answer.read(1)
    except (OSError, http.client.HTTPException) as error:
        logger.warning("could not post an alert to KVV_ALERT_URL: %s", error)
