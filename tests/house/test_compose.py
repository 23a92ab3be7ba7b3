"""What `docker compose up` starts is open to its own machine alone, and gets what it needs and no more."""

import re
from typing import Any

import pytest
import yaml

from tests.house.rooms import BASE

COMPOSE: dict[str, Any] = yaml.safe_load((BASE / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
NO_MORE = "no-new-privileges:true"
SIGNS = {
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "KVV_SECRET_KEYS",
    "KVV_MESSAGE_ID_KEYS",
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
}
SECRETS: dict[str, set[str]] = {
    "proxy": set(),
    "web": SIGNS | {"KVV_OIDC_SECRET", "KVV_METRICS_TOKEN"},
    "worker": SIGNS,
    "beat": SIGNS,
    "listener": SIGNS,
    "fetchmail": SIGNS,
    "db": {"POSTGRES_PASSWORD"},
    "redis": {"REDIS_PASSWORD"},
}
"""Which secrets of `.env` each service gets."""


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_do_little_beside_its_work(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == [NO_MORE]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_gets_only_the_secrets_it_needs(name: str) -> None:
    given = SERVICES[name].get("environment", {})
    asked = set(re.findall(r"\$\{([A-Z_]+)", " ".join(map(str, given.values()))))
    assert asked == SECRETS[name]
    assert ".env" not in SERVICES[name].get("env_file", [])


@pytest.mark.parametrize("name", SERVICES)
def test_its_ports_are_for_its_own_machine(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))
    assert "network_mode" not in SERVICES[name]


def test_the_servers_are_reached_by_kvv_alone_and_with_a_password() -> None:
    assert COMPOSE["networks"]["data"] == {"internal": True}
    for server in ("db", "redis"):
        assert SERVICES[server]["networks"] == ["data"]
        assert "ports" not in SERVICES[server]
    assert "data" not in SERVICES["proxy"]["networks"]
    text = (BASE / "docker-compose.yml").read_text(encoding="utf-8")
    assert "--requirepass" in SERVICES["redis"]["command"]
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        assert set(re.findall(rf"\$\{{{name}(:.*?)\}}", text)) == {f":?{name} is missing in .env"}


def test_the_proxy_takes_all_of_a_request_before_kvv_does() -> None:
    settings = (BASE / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for line in ("proxy_request_buffering on;", "client_max_body_size 26m;", "client_header_timeout 10s;"):
        assert line in settings
    assert not re.search(r"proxy_pass http://web\b", settings)  # that keeps the address of its start
    assert "error_page 413 /413.html;" in settings
    assert "ports" not in SERVICES["web"]
    assert SERVICES["web"]["environment"]["KVV_BEHIND_PROXY"] == "1"


def megabytes(size: str) -> float:
    """Of 512m, or 1g."""
    return float(size[:-1]) * {"m": 1, "g": 1024}[size[-1]]


def room_of(name: str) -> float:
    """The megabytes of a service's /tmp."""
    (folder,) = SERVICES[name]["tmpfs"]
    return megabytes(folder.rpartition("=")[2])


def test_what_one_address_may_bring_at_once_has_room() -> None:
    settings = (BASE / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    most = {name: int(figure) for name, figure in re.findall(r"limit_conn (\w+) (\d+);", settings)}
    much = most["senders_of_much"]
    assert most["strangers"] < most["clients"]
    assert (
        much * 26 + (most["clients"] - much) * 1
        < room_of("proxy")
        < megabytes(SERVICES["proxy"]["mem_limit"])
    )


def test_what_waits_at_the_listener_has_room() -> None:
    listener = SERVICES["listener"]
    spool = int(listener["environment"]["KVV_MAIL_SPOOL_BYTES"]) / 1024**2
    assert spool < room_of("listener") < megabytes(listener["mem_limit"]) / 2
