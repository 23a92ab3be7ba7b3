"""A private Dovecot for tests: real IMAP and POP3 with and without TLS, gone after the run.

It runs in the foreground in a folder of its own, on free ports, as root or as an ordinary user. Who gives a
wrong password does not wait for the answer, nor does the next one from there.
"""

import grp
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from imapclient import IMAPClient

from kvv.embedded.ports import free_port

USER = "demo"
MORE_USERS = tuple(f"demo{number}" for number in range(1, 7))
PASSWORD = "demo password"
ANY_LETTERS, ITS_PASSWORD = "jörg mühle", 'wachtwöord "€" \\ 密'
"""A user whose name and password have more than ASCII, and what IMAP quotes."""
START_SECONDS = 20

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap pop3
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%n
mail_fsync = never
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
disable_plaintext_auth = no
auth_mechanisms = plain
auth_username_chars =
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n
}}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3_tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """One server with a few users, whose mailboxes can be emptied, filled and numbered anew."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kvv-imap-"))
        self.folder.chmod(0o755)
        self.port, self.tls_port = free_port(), free_port()
        self.pop3_port, self.pop3_tls_port = free_port(), free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def program() -> str | None:
        """Where Dovecot is on this machine, or None."""
        return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

    @property
    def argv(self) -> list[str]:
        """What runs it, in the foreground, once it is prepared."""
        return [self.program() or "dovecot", "-F", "-c", str(self.folder / "dovecot.conf")]

    def prepare(self) -> None:
        """Make certificate, configuration and the place for the mail."""
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-keyout",
                self.folder / "key.pem",
                "-out",
                self.folder / "cert.pem",
            ],
            check=True,
            capture_output=True,
        )
        users = "".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in (USER, *MORE_USERS))
        users += f"{ANY_LETTERS}:{{PLAIN}}{ITS_PASSWORD}\n"
        (self.folder / "users").write_text(users, encoding="utf-8")
        mail = self.folder / "mail"
        mail.mkdir()
        if os.geteuid() == 0:  # Dovecot serves no mail of root's
            shutil.chown(mail, user="nobody", group="nogroup")
        (self.folder / "dovecot.conf").write_text(self._config(), encoding="utf-8")

    def start(self) -> None:
        """Prepare it, start it, and wait until it answers."""
        self.prepare()
        self.process = subprocess.Popen(self.argv)
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise RuntimeError(f"Dovecot did not start:\n{self.log()}") from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop it and forget its mail."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        """What it wrote to its log."""
        log = self.folder / "log"
        return log.read_text(encoding="utf-8") if log.exists() else ""

    def client(self, user: str = USER) -> IMAPClient:
        """Another program that reads the same mailbox, signed in."""
        client = IMAPClient("127.0.0.1", port=self.port, ssl=False)
        client.login(user, PASSWORD)
        return client

    def hang_up(self, user: str = USER) -> None:
        """End the user's connections, as a server does that is started again."""
        config = self.folder / "dovecot.conf"
        subprocess.run(["doveadm", "-c", config, "kick", user], check=True, capture_output=True)

    def renumber(self) -> None:
        """Forget all UIDs, as a server does that was restored: the next one who looks sees new ones."""
        folder = self.folder / "mail" / USER
        for file in [*folder.glob("dovecot-uidlist*"), *folder.glob("dovecot.index*")]:
            file.unlink()

    def fill(self, mails: Iterable[bytes]) -> None:
        """Put mails into the inbox without going through IMAP, for many at once."""
        folder = self.folder / "mail" / USER
        for number, raw in enumerate(mails):
            file = folder / "new" / f"1700000000.M{number:06}P1.localhost"
            file.write_bytes(raw)
            if os.geteuid() == 0:
                shutil.chown(file, user="nobody", group="nogroup")

    def empty(self, user: str = USER) -> None:
        """Forget every mail and folder."""
        for file in (self.folder / "mail" / user).glob("[cn]*/*"):  # `cur` and `new`; by IMAP many take long
            file.unlink()
        with self.client(user) as client:
            client.select_folder("INBOX")
            client.delete_messages(client.search(), silent=True)
            client.expunge()
            client.unselect_folder()
            for _flags, _delimiter, name in client.list_folders():
                if name != "INBOX":
                    client.delete_folder(name)

    def _config(self) -> str:
        root = os.geteuid() == 0
        me, my_group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
        return CONFIG.format(
            folder=self.folder,
            plain=self.port,
            tls=self.tls_port,
            pop3=self.pop3_port,
            pop3_tls=self.pop3_tls_port,
            uid=pwd.getpwnam("nobody").pw_uid if root else os.geteuid(),
            gid=grp.getgrnam("nogroup").gr_gid if root else os.getegid(),
            internal="dovecot" if root else me,
            internal_group="dovecot" if root else my_group,
            login="dovenull" if root else me,
        )


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """A server for a fixture; where there is none to be had, its tests are skipped."""
    if Dovecot.program() is None:
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd, dovecot-pop3d)")
    server = Dovecot()
    try:
        server.start()
        yield server
    finally:
        server.stop()


def untrusting_context() -> ssl.SSLContext:
    """For a client that takes the server's self-signed certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
