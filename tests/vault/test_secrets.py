"""Secrets in the database: sealed, rotated, unreadable without their key, and never shown."""

import base64
import pickle
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import LogEntry
from django.core import serializers
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from accounts.models import Agent
from kvv.doctor import setup
from kvv.management.commands.rotate_secrets import ROUNDS_MOST
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.models import Mailbox
from outbox.models import Transport
from outbox.sentences import TransportError
from outbox.smtp import connect
from tests.factories import PASSWORD
from tests.kvv.doctor.reading import levels, text
from tests.kvv.watch.situations import make_mailbox, make_transport
from vault.keys import UnreadableSecretError, seal, unseal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

VALUE = "wáchtwöord van de demo"
FIRST, FORMER, OTHER = ("een sleutel voor de proef, nummer " + n for n in ("een", "twee", "drie"))


def in_database(table: str, column: str = "password") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}::text FROM {table}")  # noqa: S608  (a table of ours)
        return " ".join(value for (value,) in cursor.fetchall())


def lay_open(value: str) -> None:
    """As a version before wrote it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_transport SET password = %s", [value])


@pytest.fixture
def desk(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    return client


@pytest.mark.parametrize("how", ["created", "saved", "updated", "bulk"])
def test_a_password_is_never_in_the_database_and_is_there_for_who_asks(how: str) -> None:
    transport = make_transport(password=VALUE if how == "created" else "")
    if how == "saved":
        transport.password = VALUE
        transport.save(update_fields=["password"])
    elif how == "updated":
        Transport.objects.update(password=VALUE)
    elif how == "bulk":
        transport.password = VALUE
        Transport.objects.bulk_update([transport], ["password"])
    assert VALUE not in in_database("outbox_transport")
    assert Transport.objects.get().password.reveal() == VALUE
    assert transport.password.reveal() == (VALUE if how != "updated" else "")


def test_a_second_factor_is_never_in_the_database(owner: Agent) -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    TOTP.activate(owner, secret)
    codes = RecoveryCodes.activate(owner)
    kept = in_database("mfa_authenticator", "data")
    assert secret not in kept
    assert kept.count("sealed:") == 2
    again = RecoveryCodes(Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES))
    assert again.generate_codes() == codes.generate_codes()
    assert again.validate_code(codes.generate_codes()[0])


def test_a_secret_shows_itself_nowhere_by_accident() -> None:
    box = make_mailbox(password=VALUE)
    written = [str(box.password), repr(box.password), f"{box.password}", repr(vars(box))]
    written += [serializers.serialize("json", [box]), repr(pickle.dumps(box.password))]
    assert not [line for line in written if VALUE in line]
    (loaded,) = serializers.deserialize("json", serializers.serialize("json", [box]))
    loaded.save()
    assert Mailbox.objects.get().password.reveal() == VALUE


@pytest.mark.parametrize("damage", ["another key", "cut", "turned"])
def test_what_no_key_fits_is_an_error_and_never_a_value(settings: Settings, damage: str) -> None:
    kept = seal(VALUE)
    if damage == "another key":
        settings.SECRET_KEYS = [OTHER]
    else:
        kept = kept[:-9] if damage == "cut" else kept[:-9] + kept[-9:][::-1]
    with pytest.raises(UnreadableSecretError):
        unseal(kept)


def test_the_first_key_seals_and_all_of_them_unseal(settings: Settings) -> None:
    settings.SECRET_KEYS = [FORMER]
    kept = seal(VALUE)
    settings.SECRET_KEYS = [FIRST, FORMER]
    assert unseal(kept) == VALUE
    sealed_now = seal(VALUE)
    settings.SECRET_KEYS = [FIRST]
    assert unseal(sealed_now) == VALUE
    with pytest.raises(UnreadableSecretError):
        unseal(kept)


def test_what_was_kept_before_there_were_keys_is_itself_until_it_is_sealed(owner: Agent) -> None:
    make_transport()
    lay_open(VALUE)
    transport = Transport.objects.get()
    assert transport.password.reveal() == VALUE
    transport.save()  # what nobody touched stays as it is
    assert levels(setup.stored()) == [("stored secrets", "warning")]
    call_command("rotate_secrets", stdout=StringIO())
    assert VALUE not in in_database("outbox_transport")
    assert Transport.objects.get().password.reveal() == VALUE


def test_rotating_seals_all_with_the_first_key_so_that_the_others_may_go(
    settings: Settings, owner: Agent
) -> None:
    settings.SECRET_KEYS = [FORMER]
    make_mailbox(password=VALUE)
    make_transport(password=VALUE)
    TOTP.activate(owner, "geheim")
    RecoveryCodes.activate(owner)
    settings.SECRET_KEYS = [FIRST, FORMER]
    assert levels(setup.stored()) == [("stored secrets", "warning")]
    said = StringIO()
    call_command("rotate_secrets", stdout=said)
    call_command("rotate_secrets", stdout=said)
    assert said.getvalue().splitlines() == [
        "4 sealed anew, 0 were already.",
        "0 sealed anew, 4 were already.",
    ]
    settings.SECRET_KEYS = [FIRST]
    assert levels(setup.stored()) == [("stored secrets", "ok")]
    assert {Mailbox.objects.get().password.reveal(), Transport.objects.get().password.reveal()} == {VALUE}
    assert unseal(Authenticator.objects.get(type="totp").data["secret"]) == "geheim"


@pytest.mark.parametrize(("times", "is_done"), [(1, True), (100, False)])
def test_what_is_saved_while_keys_are_rotated_is_rotated_too_or_the_command_fails(
    settings: Settings, times: int, *, is_done: bool
) -> None:
    settings.SECRET_KEYS = [FORMER]
    make_transport(password=VALUE)
    settings.SECRET_KEYS = [FIRST, FORMER]
    saved: list[str] = []

    def save_before(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "outbox_transport"') and len(saved) < times:
            saved.append(sql)
            settings.SECRET_KEYS = [FORMER]
            execute(sql.partition(" SET ")[0] + " SET password = %s", [seal(VALUE)], *rest[1:])
            settings.SECRET_KEYS = [FIRST, FORMER]
        return execute(sql, *rest)

    said = StringIO()
    with connection.execute_wrapper(save_before), suppress(SystemExit):
        call_command("rotate_secrets", stdout=StringIO(), stderr=said)
        assert is_done
    assert ("post" in said.getvalue()) == (not is_done)
    assert (Transport.objects.get().password.reveal(), len(saved)) == (VALUE, min(times, ROUNDS_MOST))
    assert levels(setup.stored()) == [("stored secrets", "ok" if is_done else "warning")]


def test_a_lost_key_is_told_and_breaks_nothing_else(
    settings: Settings, desk: Client, owner: Agent, caplog: pytest.LogCaptureFixture
) -> None:
    box = make_mailbox(password=VALUE, port=1)
    transport = make_transport(password=VALUE, username="demo", security="plain")
    TOTP.activate(owner, "geheim")
    settings.SECRET_KEYS = [OTHER]
    assert fetch_mailbox(box.pk) == 0
    box.refresh_from_db()
    assert "KVV_SECRET_KEYS" in box.last_error
    with pytest.raises(TransportError, match="KVV_SECRET_KEYS"):
        connect(transport)
    for name, row in (("mailgate_mailbox", box), ("outbox_transport", transport)):
        for page in ("changelist", "change"):
            args = [row.pk] if page == "change" else []
            assert desk.get(reverse(f"admin:{name}_{page}", args=args)).status_code == 200
        assert "KVV_SECRET_KEYS" in desk.get(reverse(f"admin:{name}_change", args=[row.pk])).content.decode()
    sentences = text(setup.stored())
    assert levels(setup.stored()) == [("stored secrets", "wrong")]
    assert all(name in sentences for name in (str(box), str(transport), str(owner)))
    with pytest.raises(SystemExit):
        call_command("rotate_secrets", stdout=StringIO(), stderr=StringIO())
    assert VALUE not in caplog.text


def test_who_has_a_factor_that_can_not_be_read_is_told_and_not_let_in(
    settings: Settings, client: Client, owner: Agent
) -> None:
    TOTP.activate(owner, "geheim")
    settings.SECRET_KEYS = [OTHER]
    client.post(reverse("account_login"), {"login": owner.username, "password": PASSWORD})
    answer = client.post(reverse("mfa_authenticate"), {"code": "123456"})
    assert answer.status_code == 403
    assert "Een beheerder kan dat verhelpen" in answer.content.decode()
    assert client.get("/").status_code == 302


# In the admin: set anew, or removed.

SERVERS = {"mailgate_mailbox": make_mailbox, "outbox_transport": make_transport}
of_servers = pytest.mark.parametrize("name", SERVERS)


def make_server(name: str, **values: Any) -> Any:
    return SERVERS[name](username="demo", password=VALUE, security="starttls", **values)


def sent(desk: Client, admin: str, row: Any, **changes: object) -> Any:
    """The form of a server, as its page gives it, with these changes."""
    address = reverse(f"admin:{admin}_change", args=[row.pk])
    form = desk.get(address).context["adminform"].form
    given = {key: form[key].value() for key in form.fields if key != "password"}
    values = {key: value for key, value in (given | changes).items() if value not in (None, False)}
    answer = desk.post(address, values)
    row.refresh_from_db()
    return answer


@of_servers
def test_a_password_is_never_shown_and_stays_when_nothing_else_is_said(desk: Client, name: str) -> None:
    row = make_server(name)
    address = reverse(f"admin:{name}_change", args=[row.pk])
    page = desk.get(address).content.decode()
    assert 'type="password"' in page
    assert '<input type="checkbox" name="password-remove">' in page
    assert not [text for text in (VALUE, row.password.kept) if text in page]
    assert sent(desk, name, row, name="anders").status_code == 302
    assert (row.name, row.password.reveal()) == ("anders", VALUE)
    wrong = sent(desk, name, row, port="no number", password="nieuw en geheim")
    assert "nieuw en geheim" not in wrong.content.decode()


@of_servers
def test_a_password_is_set_anew_or_removed_and_the_log_says_only_that(desk: Client, name: str) -> None:
    row = make_server(name)
    assert sent(desk, name, row, password="nieuw en geheim").status_code == 302
    assert row.password.reveal() == "nieuw en geheim"
    assert sent(desk, name, row, **{"password-remove": "on", "is_active": False}).status_code == 302
    assert not row.password
    told = " ".join(LogEntry.objects.values_list("change_message", flat=True))
    assert "assword" in told
    assert "geheim" not in told
    assert "sealed:" not in told


@of_servers
@pytest.mark.parametrize(
    "change",
    [
        {"host": "evil.example"},
        {"port": 2143},
        {"username": "iemand"},
        {"security": "plain"},
        {"check_certificate": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_would_lead_a_password_elsewhere_asks_for_it_again(
    desk: Client, name: str, change: dict[str, object]
) -> None:
    row = make_server(name)
    before = {key: getattr(row, key) for key in change}
    assert "Vul het wachtwoord opnieuw in" in sent(desk, name, row, **change).content.decode()
    assert {key: getattr(row, key) for key in change} == before
    assert sent(desk, name, row, **change, password=" nieuw ").status_code == 302
    assert (row.password.reveal(), {key: getattr(row, key) for key in change}) == ("nieuw", change)


def test_a_mailbox_that_is_fetched_needs_a_password(desk: Client) -> None:
    row = make_server("mailgate_mailbox")
    answer = sent(desk, "mailgate_mailbox", row, **{"password-remove": "on"})
    assert "heeft een wachtwoord nodig" in answer.content.decode()
    assert row.password.reveal() == VALUE


def test_second_factors_have_no_page_of_their_own(desk: Client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("admin:mfa_authenticator_changelist")
