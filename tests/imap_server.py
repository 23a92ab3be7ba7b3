"""A small IMAP server that says what no honest one says; Dovecot is there for all else."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

OPENED = "* {exists} EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT {next}] ok\r\n"
DATE = '"28-Nov-2026 10:00:00 +0100"'


@dataclass(slots=True)
class Store:
    """What the server holds, whose UIDs are their places, and where it lies.

    `sizes` are what it says of messages instead of the truth, `found` what it adds to each search. Of what is
    asked for of a message it gives no more than `cap` bytes at once. What it says in answer to a word that is
    `endless` ("" is its greeting) goes on until the client hangs up. `at_login` is what it says to who signs
    in; "" hangs up.
    """

    messages: list[bytes] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)
    found: str = ""
    cap: int = 2**62
    endless: dict[str, bytes] = field(default_factory=dict)
    at_login: str = "OK done"
    port: int = 0
    sent: int = 0
    deleted: set[int] = field(default_factory=set)


@contextmanager
def imap_server(store: Store) -> Iterator[Store]:
    """Serves the store to whoever comes, on a free port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                _serve(store, self)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        store.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()


def _serve(store: Store, connection: socketserver.StreamRequestHandler) -> None:
    _go_on(store, connection, "")
    connection.wfile.write(b"* OK ready\r\n")
    while line := connection.rfile.readline().decode().strip():
        tag, _space, command = line.partition(" ")
        word = command.removeprefix("UID ").split()[0]
        _go_on(store, connection, word)
        if word == "LOGIN":
            _read_literals(connection, line)
            if not store.at_login:
                return
        ending = store.at_login if word == "LOGIN" else "OK done"
        connection.wfile.write(_answer(store, word, command) + f"{tag} {ending}\r\n".encode())


def _read_literals(connection: socketserver.StreamRequestHandler, line: str) -> None:
    """What a command announces at its end, as often as it does."""
    while announced := re.search(r"\{([0-9]+)\}$", line):
        connection.wfile.write(b"+ go on\r\n")
        connection.rfile.read(int(announced[1]))
        line = connection.rfile.readline().decode().strip()


def _go_on(store: Store, connection: socketserver.StreamRequestHandler, word: str) -> None:
    if word not in store.endless:
        return
    line = store.endless[word]
    piece = line * max(64 * 1024 // len(line), 1)
    while True:
        connection.wfile.write(piece)
        store.sent += len(piece)


def _answer(store: Store, word: str, command: str) -> bytes:
    there = [uid for uid in range(1, len(store.messages) + 1) if uid not in store.deleted]
    if word == "CAPABILITY":
        return b"* CAPABILITY IMAP4rev1 UIDPLUS\r\n"
    if word == "SELECT":
        return OPENED.format(exists=len(there), next=len(store.messages) + 1).encode()
    if word == "SEARCH":
        return f"* SEARCH {' '.join(map(str, there))} {store.found}\r\n".encode()
    if word == "STORE":
        store.deleted |= _uids(command)
    if word == "FETCH":
        return b"".join(_fetched(store, uid, command) for uid in there if uid in _uids(command))
    return b""


def _uids(command: str) -> set[int]:
    ranges = (part.split(":") for part in command.split()[2].split(","))
    return {uid for ends in ranges for uid in range(int(ends[0]), int(ends[-1]) + 1)}


def _fetched(store: Store, uid: int, command: str) -> bytes:
    raw = store.messages[uid - 1]
    piece = re.search(r"<([0-9]+)\.([0-9]+)>", command)
    if piece is None:
        size = store.sizes.get(uid, len(raw))
        return f"* {uid} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE {DATE})\r\n".encode()
    data = raw[int(piece[1]) : int(piece[1]) + min(int(piece[2]), store.cap)]
    return f"* {uid} FETCH (UID {uid} BODY[]<{piece[1]}> {{{len(data)}}}\r\n".encode() + data + b")\r\n"
