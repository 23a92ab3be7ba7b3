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
    def kept_at(self) -> Path:
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
            for file in vendored():
                refresh(file)
            return 0
    print(__doc__)
    return 2


def vendored() -> list[Vendored]:
    """What vendor.toml lists."""
    return [Vendored(**entry) for entry in tomllib.loads(LIST.read_text(encoding="utf-8"))["file"]]


def differences() -> list[str]:
    """What is missing or not what it was, a line each."""
    return [
        f"{file.target}: not {file.package} {file.version} as listed"
        for file in vendored()
        if not file.kept_at.is_file() or digest(file.kept_at.read_bytes()) != file.sha256
    ]


def refresh(file: Vendored) -> None:
    """Fetch one file and keep it; needs npm."""
    with tempfile.TemporaryDirectory() as folder:
        spec = f"{file.package}@{file.version}"
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", folder, spec], check=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            member = package.extractfile(f"package/{file.path}")
            if member is None:
                raise SystemExit(f"{spec} has no file {file.path}")
            data = kept(member.read(), layer=file.layer)
    file.kept_at.parent.mkdir(parents=True, exist_ok=True)
    file.kept_at.write_bytes(data)
    print(f'{file.target}: sha256 = "{digest(data)}"')


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
