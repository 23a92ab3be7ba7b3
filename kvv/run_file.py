"""`var/run.env`: what `make run` started, left where `manage.py` in another terminal finds it."""

import os
from collections.abc import Mapping
from pathlib import Path

NAME = "run.env"


def read_run_file(var: Path) -> dict[str, str]:
    """What the last start left there; nothing where there was none."""
    file = var / NAME
    if not file.is_file():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def write_run_file(var: Path, values: Mapping[str, str]) -> None:
    """Leave these, whole or not at all, for nobody else to read."""
    half = (var / NAME).with_suffix(".part")
    lines = [f"{name}={value}" for name, value in values.items()]
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as new:
        new.write("# What `make run` started; written afresh at each start.\n" + "\n".join(lines) + "\n")
    half.rename(var / NAME)
