"""The programs of `make run` that are no servers: what each is started with, and where the web answers."""

from collections.abc import Mapping
from pathlib import Path

from kvv.embedded.places import BASE
from kvv.environment import TRUE_WORDS

LOCAL_HOST = "127.0.0.1"
ANY_HOST = "0.0.0.0"  # noqa: S104  (compared with, never bound to by us)


def is_demo(env: Mapping[str, str]) -> bool:
    """Whether what is started with this environment is a demo."""
    return env["KVV_DEMO"].strip().lower() in TRUE_WORDS


def web_address(env: Mapping[str, str]) -> str:
    """Where the web answers on this machine."""
    host = env.get("KVV_HOST", LOCAL_HOST)
    return f"http://{LOCAL_HOST if host == ANY_HOST else host}:{env['KVV_PORT']}"


def service_arguments(*, env: Mapping[str, str], var: Path) -> dict[str, list[str]]:
    """Name → what Python is to run, for each of them."""
    manage, schedule = str(BASE / "manage.py"), str(var / "beat")
    celery = ["-m", "celery", "--quiet", "-A", "kvv.celery"]
    services = {
        "web": [
            *("-m", "gunicorn", "kvv.wsgi", "--worker-class=gthread", "--workers=2", "--threads=4"),
            *(f"--bind={env.get('KVV_HOST', LOCAL_HOST)}:{env['KVV_PORT']}",),
            *("--graceful-timeout=4", "--log-level=warning", "--limit-request-line=8190"),
        ],
        "worker": [*celery, "worker", "--concurrency=2", "--loglevel=WARNING", "--without-gossip"],
        "beat": [*celery, "beat", f"--schedule={schedule}", "--pidfile=", "--loglevel=WARNING"],
        "listener": [manage, "listen"],
    }
    if is_demo(env):
        services["catcher"] = [manage, "catch_mail"]
    return services
