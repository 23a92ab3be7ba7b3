"""Who may come in: connections in all and from one address, and the room for mails that are not whole yet."""

import asyncio
import ipaddress
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

logger = logging.getLogger(__name__)

IPV6_NETWORK_BITS = 64  # what one customer of a provider gets at least, to choose addresses from
TOO_MANY = b"421 4.7.0 Too many connections, please try again later\r\n"


@dataclass(slots=True)
class Connections:
    """Those that are open, in all and by where they come from."""

    most: int
    most_from_one: int
    counts: Counter[str] = field(default_factory=Counter)
    is_full: bool = False

    def enter(self, source: str) -> bool:
        """Count one more, if there is room for it."""
        if self.counts.total() >= self.most or self.counts[source] >= self.most_from_one:
            if not self.is_full:  # one line, however many come
                logger.warning(
                    "connections are refused: %d in all, %d from %s",
                    self.counts.total(),
                    self.counts[source],
                    source,
                )
            self.is_full = True
            return False
        self.counts[source] += 1
        return True

    def leave(self, source: str) -> None:
        """It is closed."""
        self.counts[source] -= 1
        self.counts += Counter()  # forgets who has none any more
        self.is_full = False


@dataclass(slots=True)
class Room:
    """Bytes on disk that unfinished mails may have together."""

    most: int
    used: int = 0

    def take(self, size: int) -> bool:
        """Use so much more, if it is there."""
        if self.used + size > self.most:
            return False
        self.used += size
        return True

    def give_back(self, size: int) -> None:
        """That mail is stored, or gone."""
        self.used -= size


class Door(asyncio.Protocol):
    """Meets each connection: a session is made for it, or it is sent away before anything is."""

    def __init__(self, connections: Connections, *, session: Callable[[str], asyncio.Protocol]) -> None:
        self.connections, self.session = connections, session

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let it in, or say why not."""
        line = cast("asyncio.Transport", transport)
        source = source_of(line.get_extra_info("peername"))
        if not self.connections.enter(source):
            line.write(TOO_MANY)
            line.close()
            return
        session = self.session(source)
        line.set_protocol(session)
        session.connection_made(line)


def source_of(peer: object) -> str:
    """The address that a connection is counted under; of IPv6 the network, which has one owner."""
    host = str(peer[0]).partition("%")[0] if isinstance(peer, tuple) and peer else ""
    with suppress(ValueError):
        address = ipaddress.ip_address(host)
        if isinstance(address, ipaddress.IPv6Address):
            if address.ipv4_mapped is not None:
                return str(address.ipv4_mapped)
            return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False))
    return host
