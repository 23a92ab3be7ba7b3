"""Mail servers whose reply does not end: the session does."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

import pytest

from outbox.models import Transport
from outbox.sentences import TransportError
from outbox.smtp import connect, hand_over
from tests.smtp_server import Server, serving
from work import pace


@contextmanager
def server_that_goes_on_at(word: str) -> Iterator[int]:
    """Answers 250 until a command begins with `word` ('': at once), and then says one reply for ever."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                if word:
                    self.wfile.write(b"220 ready\r\n")
                    while not self.rfile.readline().decode().upper().startswith(word):
                        self.wfile.write(b"250 ok\r\n")
                while True:
                    self.wfile.write(b"250-and so on\r\n" * 1000)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def send(transport: Transport) -> None:
    line = connect(transport)
    hand_over(
        line, sender="a@kvv.example", recipients=["b@x.example"], mime=b"x\r\n", before_data=lambda: None
    )


@pytest.mark.parametrize("word", ["", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_reply_without_end_is_a_line_that_broke(word: str) -> None:
    with server_that_goes_on_at(word) as port:
        plain = Transport.Security.PLAIN
        transport = Transport(host="127.0.0.1", port=port, security=plain, timeout_seconds=20)
        with pytest.raises(TransportError, match="SMTP" if word in ("", "EHLO") else "a reply without end"):
            send(transport)


def test_a_reply_that_dribbles_is_a_line_that_broke(monkeypatch: pytest.MonkeyPatch) -> None:
    times = count(step=700)
    monkeypatch.setattr(pace, "monotonic", lambda: next(times))
    with serving(Server()) as port, pytest.raises(TransportError, match="geen SMTP zoals verwacht"):
        send(Transport(host="127.0.0.1", port=port, security=Transport.Security.PLAIN))
