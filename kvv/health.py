"""`/healthz` and `/livez`: whether KVV works, for the supervisor, a container and a load balancer.

Anybody learns by the status whether all is well. What is not is told to who asks from the machine itself, or
brings the token of `/metrics`.
"""

import ipaddress
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from celery import current_app
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kvv.token import brings_token
from work.heartbeat import last_heartbeat

logger = logging.getLogger(__name__)

HEARTBEAT_MOST = timedelta(seconds=60)
MIGRATIONS, REMEMBERED_SECONDS = "health-migrations", 60
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")
"""Headers of proxies: one of them on this machine asks for somebody from anywhere."""


class HealthMiddleware:
    """Answers the health pages before anything looks at host or scheme.

    A container and a load balancer ask by plain http, and by an address that is no name of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages = {"/livez": livez, "/healthz": healthz}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.pages.get(request.path, self.get_response)(request)


@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """200 while this process and the database answer; 503 otherwise."""
    return _answer(request, {"database": database_answers})


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while database, broker, a worker and the migrations are as they should be; 503 otherwise."""
    return _answer(
        request,
        {
            "database": database_answers,
            "broker": broker_answers,
            "worker": worker_lives,
            "migrations": nothing_to_migrate,
        },
    )


def database_answers() -> bool:
    """Whether a query comes back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def broker_answers() -> bool:
    """Whether the broker takes a connection, within its short time-out."""
    with current_app.connection_for_write(connect_timeout=1) as line:
        line.ensure_connection(max_retries=0, timeout=1)
        return bool(line.connected)


def worker_lives() -> bool:
    """Whether a worker has run a task within the last minute."""
    beat = last_heartbeat()
    return beat is not None and timezone.now() - beat < HEARTBEAT_MOST


def nothing_to_migrate() -> bool:
    """Whether the database is as this version expects it, or was within the last minute.

    To find out, all migrations are read: not at each call, which anybody may make.
    """
    return bool(caches["local"].get_or_set(MIGRATIONS, _nothing_to_migrate, REMEMBERED_SECONDS))


def _nothing_to_migrate() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _answer(request: HttpRequest, checks: dict[str, Callable[[], bool]]) -> JsonResponse:
    """Run the checks in order; without a database there is no point in going on."""
    results: dict[str, bool] = {}
    for name, check in checks.items():
        try:
            results[name] = check()
        except Exception as error:  # noqa: BLE001  (whatever it is, the answer is 'not well', and the log says why)
            logger.warning("health: %s: %s", name, error)
            results[name] = False
            if isinstance(error, DatabaseError):
                break
    well = all(results.values()) and len(results) == len(checks)
    told = results if _may_know(request) else {}
    answer = JsonResponse({"ok": well, **told}, status=200 if well else 503)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001  (Django's mark: told above, no error of ours)
    return answer


def _may_know(request: HttpRequest) -> bool:
    """Whether the request comes from this machine, and not through it, or brings the token."""
    if brings_token(request):
        return True
    is_forwarded = any(name in request.headers for name in FORWARDED)
    with suppress(ValueError):
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback and not is_forwarded
    return False
