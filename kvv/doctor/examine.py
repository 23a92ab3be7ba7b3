"""All checks, in the order in which one looks when something is wrong."""

from collections.abc import Iterator

from django.db import Error as DatabaseError

from kvv.doctor import data, mail, search, servers, setup
from kvv.doctor.finding import Check, Finding, Level, examine, wrong

FIRST: dict[str, Check] = {"database": servers.database, "migrations": servers.migrations}
WITHOUT_DATABASE: dict[str, Check] = {
    "broker": servers.broker,
    "secrets": setup.secrets,
    "web": setup.exposure,
}
REST: dict[str, Check] = {
    "broker": servers.broker,
    "worker": servers.background,
    "time zone": servers.time_zone,
    "restore": servers.restored,
    "mail": mail.waiting,
    "transports": mail.ways,
    "counts": data.tallies,
    "search": search.searchable,
    "files": search.files,
    "storage": data.storage,
    "disk": data.disk,
    "queues": setup.queues,
    "admins": setup.people,
    "secrets": setup.secrets,
    "stored secrets": setup.stored,
    "web": setup.exposure,
}


def examine_all() -> Iterator[Finding]:
    """Every finding; without a database in order only what can be seen without one."""
    well = True
    for finding in examine(FIRST):
        well = well and (finding.level != Level.WRONG or "clock" in finding.name)
        yield finding
    if not well:
        yield from examine(WITHOUT_DATABASE)
        return
    yield from examine(REST)
    try:
        of_mail = mail.mail_checks()
    except DatabaseError as error:
        yield wrong("mail", f"The database went away: {error}")
    else:
        yield from examine(of_mail)
