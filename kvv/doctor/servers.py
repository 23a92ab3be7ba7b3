"""Database, broker, worker and beat."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from kvv.doctor.finding import Finding, fine, warning, wrong
from kvv.too_old import TOO_OLD, is_too_old
from kvv.watch.limits import HEARTBEAT_AFTER
from mailgate.restored import open_restore
from work.heartbeat import BEAT, WORKER, last_heartbeat
from work.identity import ROW, look
from work.models import DatabaseIdentity

POSTGRES_LEAST = 150_000
REDIS_LEAST = (6, 0)
CLOCKS_APART = timedelta(seconds=5)
PING_SECONDS = 3
TIMELINE_TOLD_FOR = timedelta(days=7)
HOW_STARTED = {
    WORKER: "`celery -A kvv.celery worker`",
    BEAT: "`celery -A kvv.celery beat`",
}


def database() -> Iterator[Finding]:
    """The database is new enough, UTF-8, ends each wait for a lock, and agrees with us about the time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'), "
            "pg_encoding_to_char(encoding), current_setting('lock_timeout'), clock_timestamp() "
            "FROM pg_database WHERE datname = current_database()"
        )
        number, version, encoding, lock_timeout, its_time = cursor.fetchone()
    if number < POSTGRES_LEAST:
        yield wrong("database", f"PostgreSQL {version} is too old: KVV needs 15 or newer.")
    else:
        yield fine("database", f"PostgreSQL {version} answers.")
    if encoding != "UTF8":
        yield wrong(
            "database", f"Its encoding is {encoding}: dump it and restore it into one made with UTF8."
        )
    if lock_timeout == "0":
        yield wrong(
            "database",
            "Who waits for a lock waits without end, as behind a pooler that ignores what KVV asks for: run "
            "`ALTER ROLE … SET lock_timeout = '3s'` for its user.",
        )
    yield _clocks("clock", its_time, whose="the database")


def time_zone() -> Iterator[Finding]:
    """The zone of days and working hours is known to the database, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_timezone_names WHERE name = %s", [settings.TIME_ZONE])
        is_known = cursor.fetchone() != (0,)
    here = timezone.localtime()
    if is_known:
        yield fine("time zone", f"{settings.TIME_ZONE}, where it is {here:%Y-%m-%d %H:%M}.")
    else:
        yield wrong(
            "time zone",
            f"PostgreSQL does not know {settings.TIME_ZONE}: update its time zone data, or choose another "
            "KVV_TIME_ZONE.",
        )


def restored() -> Iterator[Finding]:
    """The database is where it was; if it was put back, somebody has said what becomes of what waited."""
    here, before = look()
    restore = open_restore()
    kept = DatabaseIdentity.objects.filter(pk=ROW, timeline_since__gt=timezone.now() - TIMELINE_TOLD_FOR)
    since = kept.values_list("timeline_since", flat=True).first()
    if before is not None and here.is_elsewhere(before):
        yield wrong(
            "restore", "The database was restored, copied or moved: start KVV, so that it holds what was due."
        )
    if restore is not None:
        yield wrong(
            "restore",
            f"On {restore.noted:%Y-%m-%d %H:%M} UTC it was seen that the database, or a mail server, was put "
            f"back; {restore.held} mails and reactions are held. Look what has left since, then run "
            "`manage.py restored --release` or `manage.py restored --drop`.",
        )
    if since is not None:
        yield warning(
            "restore",
            f"The database has another timeline since {since:%Y-%m-%d %H:%M} UTC. After a failover that is "
            "right; after a recovery to a point in time run `manage.py restored`: it holds what was due.",
        )
    if restore is None and since is None:
        yield fine("restore", "The database is where it was, and nothing is held.")


def migrations() -> Iterator[Finding]:
    """The database is as this version expects it, or can be brought there."""
    if is_too_old(connection):
        yield wrong("migrations", TOO_OLD)
        return
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _back in waiting[:3])
        yield wrong("migrations", f"{len(waiting)} wait ({names} …): run `manage.py migrate`.")
    else:
        yield fine("migrations", "All are applied.")


def broker() -> Iterator[Finding]:
    """The broker can be reached, is new enough, evicts nothing, and has our time."""
    with current_app.connection_for_write(connect_timeout=2) as line:
        line.ensure_connection(max_retries=0, timeout=2)
        channel: Any = line.default_channel  # of Redis, which has more than others
        info = channel.client.info()
        seconds, _microseconds = channel.client.time()
    version = str(info.get("valkey_version") or info.get("redis_version") or "?")
    name = "Valkey" if info.get("valkey_version") else "Redis"
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < REDIS_LEAST:
        yield warning("broker", f"{name} {version} is old: take 6.0 or newer.")
    else:
        yield fine("broker", f"{name} {version} answers.")
    policy = info.get("maxmemory_policy", "noeviction")
    if info.get("maxmemory") and policy != "noeviction":
        yield warning(
            "broker",
            f"It throws away keys when its memory is full ({policy}): set maxmemory-policy to noeviction, "
            "or rings get lost and work is done seconds late.",
        )
    yield _clocks("broker clock", datetime.fromtimestamp(seconds, tz=UTC), whose="the broker")


def background() -> Iterator[Finding]:
    """A worker and beat live, by their signs of life and by asking."""
    now = timezone.now()
    for name, who in (("worker", WORKER), ("beat", BEAT)):
        last = last_heartbeat(who)
        if last is None:
            yield wrong(name, f"It has never run here: start {HOW_STARTED[who]} under your service manager.")
        elif now - last >= HEARTBEAT_AFTER:
            since = timezone.localtime(last)
            yield wrong(
                name,
                f"No sign of life since {since:%Y-%m-%d %H:%M}: start {HOW_STARTED[who]} and read its log.",
            )
        else:
            yield fine(name, f"It lived {(now - last).total_seconds():.0f} seconds ago.")
    answers = current_app.control.ping(timeout=PING_SECONDS)
    if answers:
        yield fine("workers", f"{len(answers)} answer a ping.")
    else:
        yield warning("workers", "None answers a ping: is one running, on the same REDIS_URL?")


def _clocks(name: str, its_time: datetime, *, whose: str) -> Finding:
    apart = abs(timezone.now() - its_time)
    if apart > CLOCKS_APART:
        return wrong(
            name,
            f"Ours and that of {whose} are {apart.total_seconds():.0f} seconds apart: let both machines set "
            "their clock by NTP.",
        )
    return fine(name, f"Ours and that of {whose} agree.")
