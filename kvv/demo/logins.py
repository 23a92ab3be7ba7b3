"""Who can sign in to the demo; read without Django, for the ready line."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One of the invented agents, and what anybody may know of them: it stands in the source, too."""

    username: str
    name: str
    groups: str
    password: str
    is_admin: bool


@cache
def demo_logins() -> tuple[DemoLogin, ...]:
    """All of them, in the order of the demo's plan."""
    plan = tomllib.loads((Path(__file__).parent / "data" / "house.toml").read_text(encoding="utf-8"))
    return tuple(
        DemoLogin(
            username=agent["username"],
            name=f"{agent['first_name']} {agent['last_name']}".removesuffix(" (demo)"),
            groups=", ".join(agent["groups"]),
            password=plan["password"],
            is_admin=agent.get("superuser", False),
        )
        for agent in plan["agents"]
    )


def logins() -> str:
    """'handleiding, joost, … (password …)'."""
    names = ", ".join(login.username for login in demo_logins())
    return f"{names} (password {demo_logins()[0].password})"
