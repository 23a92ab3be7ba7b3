"""What stands at the end of a start: where KVV is, who can sign in, where to write, how to stop it."""

from collections.abc import Mapping
from pathlib import Path

from kvv.demo.logins import an_address, demo_logins
from kvv.embedded.places import shown

DEMO_MAIL = "/demo/mail/"
MANAGE = ".venv/bin/python manage.py"


def announcement(*, env: Mapping[str, str], is_demo: bool, logs: Path) -> str:
    """The lines, for an installation with these settings whose logs are there."""
    address, port = env["KVV_BASE_URL"], env["KVV_MAIL_PORT"]
    told = {"Stop it": "Ctrl-C; the next start has your data, and `make empty` throws it away"}
    told |= {"Logs": f"{shown(logs)}/, a file for each program"}
    if is_demo:
        who = _demo_logins()
        mail = {
            "Be a customer": f"{address}{DEMO_MAIL} (Demo-mail in the menu): write, and get answers",
            "Or by SMTP": f"127.0.0.1:{port}, for instance to {an_address()}",
        }
    else:
        who = [f"The first administrator is made by `{MANAGE} createsuperuser`."]
        mail = {"Mail comes in": f"by SMTP on 127.0.0.1:{port}"}
    return "\n".join(["", f"KVV is ready: {address}", "", *who, "", *_table(mail | told)])


def _demo_logins() -> list[str]:
    rows = {login.username: login.does for login in demo_logins()}
    return [f"Sign in with the password {demo_logins()[0].password} as", *_table(rows)]


def _table(rows: Mapping[str, str]) -> list[str]:
    width = max(map(len, rows)) + 2
    return [f"  {name:{width}}{text}" for name, text in rows.items()]
