#!/usr/bin/env python3
"""The front-end files that come from npm packages: which they are, fetched anew, and compared.

    python -m scripts.vendor check     say which file differs from static/vendor/vendor.toml; exit 1 if any
    python -m scripts.vendor refresh   fetch all of them with npm, as vendor.toml says

To take a newer version, change it in vendor.toml, refresh, and write the printed checksums there.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
LIST = BASE / "static" / "vendor" / "vendor.toml"
# It names a file that is not kept; a browser would ask for it, and the static storage would miss it.
SOURCE_MAP = re.compile(rb"\n?(?://|/\*)# sourceMappingURL=[^\n]*\n?\Z")
CHARSET = b'@charset "UTF-8";'


@dataclass(frozen=True, slots=True)
class Vendored:
    """One file of one npm package, and where and how it is kept: a style sheet in the cascade layer named."""

    package: str
    version: str
    path: str
    target: str
    sha256: str
    layer: str = ""

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return BASE / self.target


def main() -> int:
    """Do what is asked; 0 if all is well."""
    match sys.argv[1:]:
        case ["check"]:
            wrong = differences()
            print("\n".join(wrong) or "The front-end files are what vendor.toml says.")
            return 1 if wrong else 0
        case ["refresh"]:
            for each in vendored():
                refresh(each)
            return 0
    print(__doc__)
    return 2


def vendored() -> list[Vendored]:
    """What vendor.toml lists."""
    return [Vendored(**entry) for entry in tomllib.loads(LIST.read_text(encoding="utf-8"))["file"]]


def differences() -> list[str]:
    """What is missing or not what it was, a line each."""
    return [
        f"{each.target}: not {each.package} {each.version} as listed"
        for each in vendored()
        if not each.file.is_file() or digest(each.file.read_bytes()) != each.sha256
    ]


def refresh(each: Vendored) -> None:
    """Fetch one file and keep it; needs npm."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{each.package}@{each.version}"
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", folder, wanted], check=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            member = package.extractfile(f"package/{each.path}")
            if member is None:
                raise SystemExit(f"{wanted} has no file {each.path}")
            data = kept(member.read(), layer=each.layer)
    each.file.parent.mkdir(parents=True, exist_ok=True)
    each.file.write_bytes(data)
    print(f'{each.target}: sha256 = "{digest(data)}"')


def kept(data: bytes, *, layer: str = "") -> bytes:
    """A package's file as it is kept: without its source map's address, a style sheet inside its layer.

    A page links a style sheet; only `@import` could give it a layer from outside, and then a browser would
    fetch it after the one that imports it instead of beside it.
    """
    data = SOURCE_MAP.sub(b"\n", data)
    if not layer:
        return data
    return CHARSET + b"@layer " + layer.encode() + b"{" + data.removeprefix(CHARSET) + b"}\n"


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
