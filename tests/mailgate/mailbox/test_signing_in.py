"""Getting into a mailbox: names and passwords of any letters, and what a server means that lets nobody in."""

from collections.abc import Callable

import pytest
from django.utils import translation
from imapclient.exceptions import LoginError

from mailgate.mailbox.confirming import count_messages
from mailgate.mailbox.folder import MailboxError
from mailgate.mailbox.idle import IdleClient
from mailgate.mailbox.imap_sign_in import login_by_literals
from mailgate.models import Mailbox
from tests.dovecot import ANY_LETTERS, ITS_PASSWORD, PASSWORD, USER, Dovecot
from tests.imap_server import Store, imap_server
from tests.mailgate.mailbox.mailboxes import make_mailbox, make_pop3

pytestmark = [pytest.mark.mailserver, pytest.mark.django_db]


@pytest.mark.parametrize("make", [make_mailbox, make_pop3])
def test_a_name_and_a_password_of_any_letters_open_the_mailbox(
    dovecot: Dovecot, make: Callable[..., Mailbox]
) -> None:
    assert count_messages(make(dovecot, username=ANY_LETTERS, password=ITS_PASSWORD)) == 0
    with pytest.raises(MailboxError, match="weigert de gebruikersnaam of het wachtwoord"):
        count_messages(make(dovecot, name="fout", username=ANY_LETTERS, password=f"{ITS_PASSWORD}€"))


@pytest.mark.parametrize(("name", "password"), [(USER, PASSWORD), (ANY_LETTERS, ITS_PASSWORD)])
def test_so_they_do_by_literals_where_a_server_knows_nothing_else(
    dovecot: Dovecot, name: str, password: str
) -> None:
    with IdleClient("127.0.0.1", port=dovecot.port, ssl=False) as client:
        with pytest.raises(LoginError):
            login_by_literals(client, name, f"{password}€")
        login_by_literals(client, name, password)
        assert client.folder_exists("INBOX")


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("NO [AUTHENTICATIONFAILED] no", "127.0.0.1 refuses the user name or the password."),
        ("NO no", "127.0.0.1 refuses the user name or the password."),
        ("NO [UNAVAILABLE] later", "127.0.0.1 broke off: [UNAVAILABLE] later"),
        ("NO [LIMIT] too many of you", "127.0.0.1 broke off: [LIMIT] too many of you"),
        ("", "127.0.0.1 broke off"),
    ],
)
@pytest.mark.parametrize("password", ["geheim", "geheïm"])
def test_a_server_that_is_in_trouble_does_not_refuse_the_password(
    says: str, sentence: str, password: str
) -> None:
    with imap_server(Store(at_login=says)) as store, translation.override("en"):
        mailbox = Mailbox(
            host="127.0.0.1", port=store.port, security="plain", username=USER, password=password
        )
        with pytest.raises(MailboxError) as error:
            count_messages(mailbox)
    assert str(error.value).startswith(sentence)
