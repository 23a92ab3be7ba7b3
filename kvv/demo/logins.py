"""Who can sign in to the demo; read without Django, for the ready line."""

import tomllib
from pathlib import Path


def logins() -> str:
    """'handleiding, joost, … (password …)'."""
    plan = tomllib.loads((Path(__file__).parent / "data" / "house.toml").read_text(encoding="utf-8"))
    names = ", ".join(agent["username"] for agent in plan["agents"])
    return f"{names} (password {plan['password']})"
