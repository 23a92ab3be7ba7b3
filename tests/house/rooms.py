"""The rooms and their floors, read from the one list of them, in `pyproject.toml`."""

import tomllib
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent.parent
IMPORTS: dict[str, Any] = tomllib.loads((BASE / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]
CONTRACTS: list[dict[str, Any]] = IMPORTS["contracts"]

FLOORS: list[frozenset[str]] = [
    frozenset({"kvv"}),
    *(
        frozenset(room.strip() for room in floor.split("|"))
        for contract in CONTRACTS
        if contract["type"] == "layers" and "containers" not in contract  # those are floors within a room
        for floor in contract["layers"]
    ),
]
"""From the top down; rooms on one floor don't know each other. `kvv` knows all."""

ROOMS = tuple(sorted(room for floor in FLOORS for room in floor))


def floor_of(room: str) -> int:
    """How many floors are above it; what is no room of ours is the ground that all stand on."""
    return next((number for number, floor in enumerate(FLOORS) if room in floor), len(FLOORS))
