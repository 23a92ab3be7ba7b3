"""Of the servers and files of `make run` nothing is for other users of the machine."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from kvv.embedded.places import Place, find_place, make_private
from kvv.embedded.postgres import Postgres

CONNECT = """
import os, psycopg2, sys
if sys.argv[3:]:
    os.setgroups([])
    os.setuid(int(sys.argv[3]))
psycopg2.connect(host=sys.argv[1], user=sys.argv[2], dbname="postgres")
"""


@pytest.fixture
def sockets() -> str:
    """The folder of the sockets of the tests' own PostgreSQL."""
    return unquote(urlsplit(os.environ["DATABASE_URL"]).hostname or "")


def connect(sockets: str, *, role: str = "kvv", uid: int | None = None) -> str:
    """What PostgreSQL says to a process of this user: nothing if it is let in."""
    argv = [sys.executable, "-c", CONNECT, sockets, role, *([] if uid is None else [str(uid)])]
    done = subprocess.run(argv, stderr=subprocess.PIPE, text=True, check=False)
    return done.stderr


def test_postgresql_lets_in_only_who_started_it(sockets: str) -> None:
    assert connect(sockets) == ""
    assert "no pg_hba.conf entry" in connect(sockets, role="postgres")
    if os.geteuid() == 0:
        # Its own user gets past the permissions of the folder, as others of its number would.
        assert "Peer authentication failed" in connect(sockets, uid=Path(sockets).stat().st_uid)
        assert "Permission denied" in connect(sockets, uid=65_533)


def test_the_servers_are_nobody_elses() -> None:
    place = find_place(var=Path(os.environ["KVV_VAR"]))
    assert place.uid != 65_534
    for folder in (place.home, place.sockets, Postgres(place=place).data):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == (os.geteuid() if place.uid is None else place.uid)


def test_data_that_was_open_to_all_of_its_machine_is_so_no_more(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    for file in ("PG_VERSION", "global/pg_control", "pg_hba.conf"):
        (data / file).parent.mkdir(exist_ok=True)
        (data / file).write_text("local all all trust\n")
    Postgres(place=Place(uid=None, gid=None, home=tmp_path, site=tmp_path, sockets=tmp_path)).prepare()
    assert "trust" not in (data / "pg_hba.conf").read_text()
    assert "peer" in (data / "pg_hba.conf").read_text()


def test_what_an_earlier_start_left_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir(mode=0o755)
    (tmp_path / "run.env").touch(mode=0o644)
    (tmp_path / "somebody's").touch(mode=0o644)
    before = tmp_path.stat().st_mode
    make_private(tmp_path)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"outbox": 0o700, "run.env": 0o600, "somebody's": 0o644}
    assert tmp_path.stat().st_mode == before  # a folder that was chosen may hold more than ours
