"""How KVV is set up: secrets, addresses, queues and people."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from accounts.administrators import administrators
from kvv.doctor.finding import Finding, fine, warning, wrong
from kvv.stored_secrets import by_sealing, stored_secrets
from queues.models import MailAddress, Queue, QueuePermission
from vault.keys import Sealing

DIFFERENT_CHARACTERS_LEAST = 12
NAMED_MOST = 5
KNOWN_PARTS = ("django-insecure", "changeme", "change-me", "nobody-uses-this-key", "for the tests only")


def secrets() -> Iterator[Finding]:
    """Keys that nobody can guess."""
    weak = False
    for name, key in _keys():
        if any(part in key.lower() for part in KNOWN_PARTS):
            weak = True
            yield wrong(name, "It is a key that others know: make a new one (`openssl rand -base64 48`).")
        elif len(key) < 32 or len(set(key)) < DIFFERENT_CHARACTERS_LEAST:
            weak = True
            yield wrong(name, "It is short or simple: use 32 random characters (`openssl rand -base64 48`).")
    if not weak:
        yield fine("secrets", "They are long and not known to be used elsewhere.")


def stored() -> Iterator[Finding]:
    """Every secret that the database keeps is sealed with a key that we have."""
    named = {sealing: [s.name for s in kept] for sealing, kept in by_sealing(stored_secrets()).items()}
    if unreadable := named.get(Sealing.UNREADABLE):
        yield wrong(
            "stored secrets",
            f"Can't be read with the keys in KVV_SECRET_KEYS: {_some(unreadable)}. Put the key there that "
            "they were sealed with; if it is lost, set them anew.",
        )
    if plain := named.get(Sealing.PLAIN):
        yield warning(
            "stored secrets",
            f"Readable in the database and in each dump: {_some(plain)}. Run `manage.py rotate_secrets`.",
        )
    if former := named.get(Sealing.FORMER):
        yield warning(
            "stored secrets",
            f"Sealed with a key that is not the first in KVV_SECRET_KEYS: {_some(former)}. "
            "Run `manage.py rotate_secrets` before you take that key away.",
        )
    if not (unreadable or plain or former):
        yield fine("stored secrets", f"{len(named.get(Sealing.FIRST, []))} are kept, all sealed.")


def _keys() -> Iterator[tuple[str, str]]:
    yield "SECRET_KEY", settings.SECRET_KEY
    for key in settings.SECRET_KEYS:
        yield "KVV_SECRET_KEYS", key
    for key in settings.MESSAGE_ID_KEYS:
        if key != settings.SECRET_KEY:
            yield "KVV_MESSAGE_ID_KEYS", key
    if settings.METRICS_TOKEN:
        yield "KVV_METRICS_TOKEN", settings.METRICS_TOKEN


def exposure() -> Iterator[Finding]:
    """What the outside may see."""
    if settings.DEBUG:
        yield wrong("KVV_DEBUG", "It is on: error pages show settings and data to everybody. Set it to 0.")
    if settings.DEMO:
        yield warning("KVV_DEMO", "It is on: everybody can read what KVV sends. Set it to 0 for real use.")
    if "*" in settings.ALLOWED_HOSTS:
        yield wrong("KVV_HOSTS", "It allows every name: list the names that people use.")
    host = settings.BASE_URL.partition("://")[2].partition(":")[0]
    if host not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        yield wrong("KVV_HOSTS", f"{host}, the name in KVV_BASE_URL, is not in it: add it.")
    if not settings.HTTPS:
        yield warning(
            "KVV_BASE_URL", "It begins with http://: passwords cross the network readable. Use https."
        )
    for name, value in (
        ("KVV_MAIL_DOMAIN", settings.MAIL_DOMAIN),
        ("KVV_MAIL_FROM", settings.DEFAULT_FROM_EMAIL),
    ):
        if value.endswith("localhost"):
            yield warning(name, f"It is still {value}: many servers refuse such mail. Set it to yours.")
    if not settings.DEBUG and settings.HTTPS:
        yield fine("web", f"{settings.BASE_URL}, by https.")


def queues() -> Iterator[Finding]:
    """Each queue has a sender and somebody who answers, each address a queue."""
    active = Queue.objects.filter(is_active=True)
    silent = _names(active.filter(sender=None))
    if silent:
        yield warning(
            "queues",
            f"Without a sender address, so that nobody can answer from there: {silent}. Give them one.",
        )
    answering = QueuePermission.objects.filter(
        queue=OuterRef("pk"), right=QueuePermission.Right.ALL, group__agents__is_active=True
    )
    alone = _names(active.filter(~Exists(answering)))
    if alone:
        yield warning("queues", f"Nobody but superusers may answer in: {alone}. Give a group the right to.")
    lost = _names(MailAddress.objects.filter(is_active=True, is_form=False, queue=None))
    if lost:
        yield warning("addresses", f"Lead to no queue, so their mail goes to Postmaster: {lost}.")
    closed = _names(MailAddress.objects.filter(is_active=True, queue__is_active=False))
    if closed:
        yield warning("addresses", f"Lead to a queue that is not active: {closed}.")
    if not Queue.objects.exists():
        yield wrong("queues", "There is none, so no mail can be delivered: make one, named Postmaster.")
    if not (silent or alone or lost or closed):
        yield fine("queues", f"{active.count()} are active; each has a sender and somebody who answers.")


def people() -> Iterator[Finding]:
    """Somebody can be told when something is wrong."""
    admins = administrators()
    if not admins.exists():
        yield wrong("admins", "There is none: make one with `manage.py createsuperuser`.")
    elif not admins.exclude(email="").exists():
        yield warning("admins", "None has a mail address: nobody is told when mail does not come in.")
    else:
        yield fine("admins", f"{admins.exclude(email='').count()} are told by mail when something is wrong.")


def _names(rows: QuerySet[Queue] | QuerySet[MailAddress]) -> str:
    """The first few, and how many more; '' for none."""
    names = [str(row) for row in rows[: NAMED_MOST + 1]]
    return _some(names, of=len(names) if len(names) <= NAMED_MOST else rows.count())


def _some(names: Sequence[str], *, of: int | None = None) -> str:
    """The first few of so many, and how many more; '' for none."""
    number = len(names) if of is None else of
    if number <= NAMED_MOST:
        return ", ".join(names)
    return f"{', '.join(names[:NAMED_MOST])} and {number - NAMED_MOST} more"
