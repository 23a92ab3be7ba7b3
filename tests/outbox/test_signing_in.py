"""Getting through to a mail server: any letters in a password, and one sentence for what keeps us out."""

import hmac
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from kvv.embedded.ports import free_port
from outbox.models import Transport
from outbox.sentences import UnreachableError
from outbox.smtp import connect
from tests.smtp_server import Server, serving

NAME, PASSWORD = "jörg", "wachtwöord €"
MECHANISMS = ("CRAM-MD5", "PLAIN", "LOGIN")


class KnowsOne:
    """A handler that knows one name by CRAM-MD5, too, which aiosmtpd does not have."""

    async def auth_CRAM__MD5(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802  (aiosmtpd's)
        challenge = "<1896.697170952@post.example>"
        answer = await server.challenge_auth(challenge)
        digest = hmac.new(PASSWORD.encode(), challenge.encode(), "md5").hexdigest()
        return AuthResult(success=answer == f"{NAME} {digest}".encode(), handled=False)


def lets_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    return AuthResult(success=data == LoginPassword(NAME.encode(), PASSWORD.encode()), handled=False)


@contextmanager
def knows_one(mechanism: str) -> Iterator[int]:
    controller = Controller(
        KnowsOne(),
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=lets_in,
        auth_require_tls=False,
        auth_exclude_mechanism=[other for other in MECHANISMS if other != mechanism],
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def way(**values: Any) -> Transport:
    given = {"host": "127.0.0.1", "security": Transport.Security.PLAIN, "timeout_seconds": 5} | values
    return Transport(name="Test", **given)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_name_and_password_may_have_any_letters(mechanism: str) -> None:
    with knows_one(mechanism) as port:
        connect(way(port=port, username=NAME, password=PASSWORD)).quit()
        with pytest.raises(UnreachableError, match="weigert de gebruikersnaam of het wachtwoord"):
            connect(way(port=port, username=NAME, password=f"{PASSWORD}€"))


@contextmanager
def says(words: bytes) -> Iterator[int]:
    """Something that is no mail server, and says this once."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]

        def answer() -> None:
            line, _address = listening.accept()
            with line:
                line.sendall(words)

        speaker = threading.Thread(target=answer)
        speaker.start()
        yield port
        speaker.join()


@pytest.mark.parametrize(
    ("words", "values", "sentence"),
    [
        (b"* OK IMAP4rev1\r\n", {}, "spreekt op poort {port} geen SMTP zoals verwacht"),
        (b"", {}, "spreekt op poort {port} geen SMTP zoals verwacht"),
        (b"220 clear\r\n", {"security": "tls"}, "spreekt geen TLS op poort {port}"),
        (None, {"security": "starttls"}, "biedt geen STARTTLS op poort {port}: kies een andere beveiliging"),
        (None, {"username": "spel"}, "laat op poort {port} niemand inloggen: laat de gebruikersnaam weg"),
        (None, {"port": 1}, "weigert verbindingen op poort 1"),
        (None, {"host": "mail..example"}, "Er is geen server met de naam"),
    ],
)
def test_what_keeps_us_out_is_one_sentence(
    words: bytes | None, values: dict[str, Any], sentence: str
) -> None:
    with (
        serving(Server()) if words is None else says(words) as port,
        pytest.raises(UnreachableError) as error,
    ):
        connect(way(**({"port": port} | values)))
    assert sentence.format(port=port) in str(error.value)
    assert "rrno" not in str(error.value)
