"""The embedded Valkey: our own child, on a unix socket, its appends kept."""

import socket
from dataclasses import dataclass
from pathlib import Path

from kvv.embedded.children import Command, clean_environment
from kvv.embedded.places import Place, valkey_binary


@dataclass(frozen=True, slots=True)
class Valkey:
    """One embedded Valkey. It runs as ourselves: unlike PostgreSQL it does not mind root."""

    place: Place
    data: Path
    durable: bool = True

    @property
    def socket(self) -> Path:
        """Its socket."""
        return self.place.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """What REDIS_URL says to reach it."""
        return f"redis+socket://{self.socket}"

    def prepare(self) -> None:
        """Make its data folder."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)

    def command(self) -> Command:
        """How to start it."""
        argv = [
            str(valkey_binary()),
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--dir",
            str(self.data),
        ]
        argv += ["--unixsocketperm", "700", "--appendonly", "yes" if self.durable else "no", "--save", ""]
        argv += ["--daemonize", "no", "--loglevel", "warning"]
        return Command(name="valkey", argv=argv, env=clean_environment(), log=self.data / "valkey.log")

    def is_ready(self) -> bool:
        """Whether it answers a PING now."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
