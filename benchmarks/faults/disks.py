"""A small disk that can be full: a tmpfs of its own, which only root may mount."""

import os
import pwd
import subprocess
from pathlib import Path

PAGE_BYTES = 4096


class Disk:
    """The folder `path` as a disk of `size` bytes; where that can't be had, an ordinary folder."""

    def __init__(self, path: Path, *, size: int, owner: str | None = None) -> None:
        self.path = path
        self.is_mounted = False
        path.mkdir(mode=0o700)
        user = pwd.getpwnam(owner) if owner and os.geteuid() == 0 else None
        options = f"size={size},mode=0700" + (f",uid={user.pw_uid},gid={user.pw_gid}" if user else "")
        if os.geteuid() == 0:
            command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(path)]
            self.is_mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
            if user and not self.is_mounted:
                os.chown(path, user.pw_uid, user.pw_gid)

    def fill(self) -> None:
        """Leave no free page, whoever else is writing; what is deleted later becomes free again."""
        filled, piece = 0, os.statvfs(self.path).f_bavail * os.statvfs(self.path).f_frsize
        with self._filler.open("wb") as file:
            while piece >= PAGE_BYTES:
                try:
                    os.posix_fallocate(file.fileno(), filled, piece)
                except OSError:
                    piece //= 2
                else:
                    filled += piece

    def relieve(self) -> None:
        """Give the space back."""
        self._filler.unlink(missing_ok=True)

    def unmount(self) -> None:
        """Forget the disk and what was on it."""
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.path)], check=False, capture_output=True)

    @property
    def _filler(self) -> Path:
        return self.path / "filler"
