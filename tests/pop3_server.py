"""A POP3 server with the faults that real ones have and Dovecot has not: no UIDL, one twice, no TOP, lies."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class Maildrop:
    """What the server holds: messages, their UIDLs (None: the server has no UIDL), and what it refuses.

    `sizes` are what it says of messages instead of the truth; what it says in answer to a command, or of one
    message, that is `endless` goes on until the client hangs up. TOP gives no more than `cap` bytes.
    """

    messages: list[bytes] = field(default_factory=list)
    names: list[str] | None = None
    refuses: set[str] = field(default_factory=set)
    says: str = "-ERR not here"
    port: int = 0
    retrieved: int = 0
    sizes: dict[int, int] = field(default_factory=dict)
    cap: int = 2**62
    endless: dict[str, bytes] = field(default_factory=dict)
    sent: int = 0


@contextmanager
def pop3_server(maildrop: Maildrop) -> Iterator[Maildrop]:
    """Serves the maildrop to whoever comes, on a free port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            Session(maildrop).serve(self)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        maildrop.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield maildrop
        finally:
            server.shutdown()
            thread.join()


class Session:
    """One client's session: what it deletes goes at QUIT."""

    def __init__(self, maildrop: Maildrop) -> None:
        self.maildrop, self.deleted = maildrop, set[int]()

    def serve(self, connection: socketserver.StreamRequestHandler) -> None:
        """Answer until the client leaves."""
        connection.wfile.write(b"+OK\r\n")
        while line := connection.rfile.readline():
            command = line.decode().strip()
            for name in {command, command.split()[0]} & self.maildrop.endless.keys():
                self._go_on(connection, self.maildrop.endless[name])
                return
            connection.wfile.write(self._answer(command))
            if command == "QUIT":
                return

    def _go_on(self, connection: socketserver.StreamRequestHandler, line: bytes) -> None:
        piece = line * (64 * 1024 // len(line))
        with suppress(OSError):
            connection.wfile.write(b"+OK\r\n")
            while True:
                connection.wfile.write(piece)
                self.maildrop.sent += len(piece)

    def _answer(self, command: str) -> bytes:
        word, *arguments = command.split()
        if command in self.maildrop.refuses or word in self.maildrop.refuses:
            return f"{self.maildrop.says}\r\n".encode()
        number = int(arguments[0]) if arguments and arguments[0].isdecimal() else 0
        if word == "DELE":
            self.deleted.add(number)
        if word == "QUIT":
            self._leave()
        if word in ("RETR", "TOP"):
            return self._message(number, lines=int(arguments[1]) if word == "TOP" else None)
        return self._about_all(word)

    def _message(self, number: int, *, lines: int | None) -> bytes:
        raw = self.maildrop.messages[number - 1]
        self.maildrop.retrieved += lines is None
        head, _empty, body = raw.partition(b"\r\n\r\n")
        if lines is not None:
            raw = head + b"\r\n\r\n" + b"".join(body.splitlines(keepends=True)[:lines])
            raw = raw if len(raw) <= self.maildrop.cap else raw[: self.maildrop.cap] + b"\r\n"
        return b"+OK\r\n" + raw + b".\r\n"

    def _about_all(self, word: str) -> bytes:
        messages, names = self.maildrop.messages, self.maildrop.names
        if word == "LIST":
            sizes = self.maildrop.sizes
            return _lines(f"{n} {sizes.get(n, len(raw))}" for n, raw in enumerate(messages, start=1))
        if word == "UIDL" and names is None:
            return b"-ERR what?\r\n"
        if word == "UIDL":
            return _lines(f"{n} {name}" for n, name in enumerate(names or [], start=1))
        return f"+OK {len(messages)} 0\r\n".encode()

    def _leave(self) -> None:
        stays = [n for n in range(len(self.maildrop.messages)) if n + 1 not in self.deleted]
        self.maildrop.messages = [self.maildrop.messages[n] for n in stays]
        if self.maildrop.names is not None:
            self.maildrop.names = [self.maildrop.names[n] for n in stays]


def _lines(lines: Iterator[str]) -> bytes:
    return b"+OK\r\n" + b"".join(f"{line}\r\n".encode() for line in lines) + b".\r\n"
