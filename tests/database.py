"""One migrated template database a run, cloned for each worker of xdist; and how others reach the clone.

`python -m tests.database` makes it on servers that run: the suite has it made while its first tests are read.
"""

import fcntl
import os
from pathlib import Path

import django
import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection


def template_name() -> str:
    """The template of this run: named for its folder, so that runs on one outside server don't meet."""
    return Path(os.environ["KVV_VAR"]).name.replace("-", "_")


def ensure_template() -> str:
    """Make and migrate the template, once a run (by whichever worker needs it first); gives its name."""
    name = template_name()
    with (Path(os.environ["KVV_VAR"]) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _run_outside("SELECT 1 FROM pg_database WHERE datname = %s", name):
            return name
        _run_outside(f'DROP DATABASE IF EXISTS "{name}_raw"')
        _run_outside(f'CREATE DATABASE "{name}_raw"')
        _migrate(f"{name}_raw")
        _run_outside(f'ALTER DATABASE "{name}_raw" RENAME TO "{name}"')
    return name


def _migrate(name: str) -> None:
    original = settings.DATABASES["default"]["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original


def _run_outside(statement: str, *values: str) -> bool:
    """Run one statement outside any transaction, past pytest-django's guard; says whether it gave a row.

    Without Django: the suite, which stops the servers, reads no settings.
    """
    line = psycopg2.connect(os.environ["DATABASE_URL"], dbname="postgres")
    try:
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.description is not None and cursor.fetchone() is not None
    finally:
        line.close()


def drop_template() -> None:
    """Forget the template; the server may be somebody else's."""
    _run_outside(f'DROP DATABASE IF EXISTS "{template_name()}"')


def database_url() -> str:
    """The database of this test, for another process."""
    values = connection.get_connection_params()
    host = str(values.get("host", "")).replace("/", "%2F")
    login = f"{values.get('user')}:{values.get('password', '')}"
    return f"postgres://{login}@{host}:{values.get('port') or 5432}/{values['dbname']}"


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "kvv.settings"
    django.setup()
    ensure_template()
