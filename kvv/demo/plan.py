"""The demo's files: what is invented, as plain values."""

import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def read_plan(name: str) -> dict[str, Any]:
    """One of them."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
