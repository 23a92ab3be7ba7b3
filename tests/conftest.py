"""What every test runs on: real servers of its own, nothing beyond this machine, no undefined variables.

The servers are started while this file is imported, which is before Django's settings are read: the settings
take their addresses from the environment. The workers of xdist inherit it and share the servers; a part of
the whole suite finds them started.
"""

import gc
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

import django
import pytest
from django.conf import settings
from django.template import engines
from django.template.backends.django import DjangoTemplates
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from scripts.messages import compile_catalogues
from tests.database import ensure_template
from tests.servers import GIVEN, Servers, use_own_broker

# Nearly all that is loaded and made here stays: looking for garbage after each 700 things finds little.
gc.set_threshold(10_000)
SERVERS = None if GIVEN in os.environ else Servers()
if SERVERS is not None:
    compile_catalogues()
    SERVERS.start()
if "PYTEST_XDIST_WORKER" in os.environ:
    use_own_broker(worker=os.environ["PYTEST_XDIST_WORKER"])
os.environ["DJANGO_SETTINGS_MODULE"] = "kvv.settings"
django.setup()
# Each test makes its agents anew, and Argon2 takes its time on purpose.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Each test's client has middleware of its own, which would list all static files anew.
settings.WHITENOISE_AUTOREFRESH = True

pytest_plugins = ["tests.cast", "tests.clearing", "tests.mailservers"]

# The same examples each time; a slow machine is no failure.
hypothesis_settings.register_profile("kvv", derandomize=True, deadline=None, max_examples=100, database=None)
hypothesis_settings.load_profile("kvv")

MARKS_OF_PARTS = ("committed", "mailserver", "browser")
LOCAL_NAMES = {"localhost", "127.0.0.1", "::1", ""}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The suite reads only the files that name a part's mark: one from elsewhere would leave its test out."""
    for item in items:
        for mark in MARKS_OF_PARTS:
            if item.get_closest_marker(mark) and f"mark.{mark}" not in _source(item.path):
                raise pytest.UsageError(f"{item.nodeid}: its file must name mark.{mark} itself.")


@pytest.hookimpl(tryfirst=True)  # before xdist tells of their order
def pytest_collection_finish(session: pytest.Session) -> None:
    """What takes longest begins first, so that no worker is left alone with it at the end.

    Thousands of tests, and all they import, stay until then: no need to look for garbage there.
    """
    is_long = [item.get_closest_marker("long") is not None for item in session.items]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    session.items = [session.items[number] for number in long_ones_first(is_long, workers=workers)]
    gc.collect()
    gc.freeze()


def long_ones_first(is_long: Sequence[bool], *, workers: int) -> list[int]:
    """The order of tests that are long or not: each worker, who gets one even piece of it, begins with its
    share of the long ones.
    """
    order: list[int] = []
    long = [number for number, takes_long in enumerate(is_long) if takes_long]
    short = [number for number, takes_long in enumerate(is_long) if not takes_long]
    for worker in range(workers):
        size = (len(is_long) - len(order)) // (workers - worker)
        share = long[worker::workers]
        rest = max(size - len(share), 0)
        order += [*share, *short[:rest]]
        short = short[rest:]
    return order + short


@cache
def _source(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started, whatever became of the tests."""
    if SERVERS is not None:
        SERVERS.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Each worker's database is a clone of one that was migrated once."""
    with django_db_blocker.unblock():
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = ensure_template()


class OutsideWorldError(RuntimeError):
    """A test tried to reach something that is not on this machine."""


@pytest.fixture(autouse=True, scope="session")
def _only_this_machine() -> Iterator[None]:
    """No test reaches the network beyond loopback."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if (
            self.family != socket.AF_UNIX
            and not str(address[0]).startswith("127.")
            and address[0] not in LOCAL_NAMES
        ):
            raise OutsideWorldError(f"A test tried to reach {address[0]}.")
        real(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


class UndefinedVariable(str):
    """Django's `string_if_invalid` that fails instead of hiding a slip of the pen."""

    __slots__ = ()

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"The template names '{name}', which is not there.")


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail(_only_this_machine: None) -> None:
    """A template that prints a variable that is not there fails its test."""
    django_templates = cast("DjangoTemplates", engines["django"])
    django_templates.engine.string_if_invalid = UndefinedVariable("%s")


@contextmanager
def foreign_templates_allowed() -> Iterator[None]:
    """For pages of Django's own admin, whose templates count on undefined variables."""
    engine = cast("DjangoTemplates", engines["django"]).engine
    ours, engine.string_if_invalid = engine.string_if_invalid, ""
    try:
        yield
    finally:
        engine.string_if_invalid = ours


@pytest.fixture
def foreign_templates() -> Iterator[None]:
    """The same for a whole test."""
    with foreign_templates_allowed():
        yield
