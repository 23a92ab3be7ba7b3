"""A server that speaks OpenID Connect, as much of it as signing in needs, on a port of its own."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

CLIENT = "kvv"
KEY = "a key of the test's server, long enough for what it is"


class OpenIDServer:
    """`claims` is what it says of the person, `token` what differs in the id_token, `asked` what came."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.token: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.address = ""

    def sent(self, location: str) -> dict[str, str]:
        """The browser comes with what KVV sent it with; gives what it is sent back with."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        return {"code": "a-code", "state": self.asked["state"]}

    def answer(self, path: str, form: dict[str, list[str]]) -> dict[str, Any] | None:
        """What it says at an address; None where KVV may not have it."""
        if path.endswith("openid-configuration"):
            names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            ends = {f"{name}_endpoint": f"{self.address}/{end}" for name, end in names.items()}
            return {**ends, "issuer": self.address, "jwks_uri": f"{self.address}/keys"}
        if path.endswith("/userinfo"):
            return self.claims
        return (
            {"access_token": "t", "token_type": "Bearer", "id_token": self._id_token()}
            if self._proves(form)
            else None
        )

    def _proves(self, form: dict[str, list[str]]) -> bool:
        """Whether who asks for the token is who was sent away with the challenge (RFC 7636, 4.6)."""
        verifier = form.get("code_verifier", [""])[0]
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        return digest == self.asked.get("code_challenge")

    def _id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "sub": self.claims.get("sub"),
            "nonce": self.asked.get("nonce"),
        }
        return jwt.encode({**claims, **self.token}, KEY, algorithm="HS256")


@contextmanager
def openid_server() -> Iterator[OpenIDServer]:
    """Run one while it is needed."""
    server = OpenIDServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(server.answer(urlsplit(self.path).path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._say(server.answer(urlsplit(self.path).path, parse_qs(body)))

        def _say(self, what: dict[str, Any] | None) -> None:
            self.send_response(400 if what is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(what or {"error": "invalid_grant"}).encode())

        def log_message(self, *args: object) -> None:
            """Nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.address = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
