"""What stands at the end of a start is all that a newcomer needs, and it is true."""

from pathlib import Path

from django.urls import reverse

from kvv.embedded.announcement import DEMO_MAIL, announcement
from kvv.embedded.places import BASE

ENVIRONMENT = {"KVV_BASE_URL": "http://localhost:8001", "KVV_MAIL_PORT": "2626"}


def lines(*, is_demo: bool = True, logs: Path = BASE / "var" / "log") -> list[str]:
    return announcement(env=ENVIRONMENT, is_demo=is_demo, logs=logs).splitlines()


def test_it_says_where_kvv_is_and_who_does_what() -> None:
    said = lines()
    assert said[1] == "KVV is ready: http://localhost:8001"
    assert "Sign in with the password demo-demo-demo as" in said
    assert "  handleiding  answers in Spel, Veiligheid, Verzekeringen, Helpdesk" in said
    assert "  meelezer     only reads Spel" in said
    assert "  beheer       is administrator (Beheer in the menu), answers in Postmaster, Webmaster" in said


def test_it_says_where_to_write_how_to_stop_and_where_the_logs_are() -> None:
    text = "\n".join(lines())
    assert f"http://localhost:8001{reverse('demo:mail')}" in text
    assert reverse("demo:mail") == DEMO_MAIL
    assert "127.0.0.1:2626, for instance to spel@kvv.example" in text
    assert "Ctrl-C" in text
    assert " var/log/" in text


def test_without_a_demo_it_says_how_the_first_administrator_is_made() -> None:
    text = "\n".join(lines(is_demo=False, logs=Path("/srv/log")))
    assert "createsuperuser" in text
    assert "127.0.0.1:2626" in text
    assert " /srv/log/" in text
    assert "demo" not in text


def test_the_readme_shows_what_is_printed() -> None:
    env = {"KVV_BASE_URL": "http://localhost:8000", "KVV_MAIL_PORT": "2525"}
    text = announcement(env=env, is_demo=True, logs=BASE / "var" / "log")
    shown = "\n".join(f"    {line}" if line else "" for line in text.splitlines())
    assert shown in (BASE / "README.md").read_text(encoding="utf-8")


def test_no_line_is_wider_than_a_terminal_of_a_hundred_columns() -> None:
    assert [line for line in lines() if len(line) > 100] == []
