"""Whose trouble makes a mail wait: its server's, which ends when that takes a mail, or its own."""

from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone

from kvv.watch.kinds import TRANSPORT
from kvv.watch.look import look
from outbox.models import OutboundMessage, Transport
from outbox.send import send_due
from tests.outbox.mailserver import MIME, queued, results, state_of
from tests.smtp_server import Server
from work.rows import WorkRow

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

FULL = "452 4.3.1 Insufficient system storage"


def become_due() -> None:
    """Time goes by."""
    OutboundMessage.objects.exclude(retry_at=None).update(retry_at=timezone.now())


@pytest.mark.parametrize(
    "trouble",
    [
        {"at_ehlo": "hang up"},
        {"at_mail": "hang up"},
        {"at_mail": FULL},
        {"at_mail": "421 4.3.2 Shutting down"},
        {"after_data": FULL},
    ],
)
def test_what_waits_for_the_servers_sake_is_told_and_leaves_with_the_first_that_it_takes(
    server: Server, trouble: dict[str, str]
) -> None:
    vars(server).update(trouble)
    old, beside = queued(), queued(key="naast", mime=MIME + b"n")
    for _try in range(8):
        become_due()
        send_due()
    assert (state_of(old), old.server_was_away) == (WorkRow.QUEUED, True)
    assert (old.attempts, state_of(beside)) == (8, WorkRow.QUEUED)
    (told,) = look(now=timezone.now() + timedelta(hours=2))
    assert told.kind == TRANSPORT
    vars(server).update(dict.fromkeys(trouble, "250 OK"))
    OutboundMessage.objects.update(retry_at=timezone.now() + timedelta(hours=3))
    new = queued(key="nieuw", mime=MIME + b"nieuw")
    send_due()
    assert {state_of(message) for message in (old, beside, new)} == {OutboundMessage.SENT}
    assert look(now=timezone.now() + timedelta(hours=2)) == []


class DislikesOne(Server):
    """Puts off one mail for what is in it, and takes all others."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if b"raar" in (envelope.original_content or b""):
            return "451 4.7.1 Greylisted"
        return await super().handle_DATA(server, session, envelope)


@pytest.mark.parametrize("server_class", [DislikesOne])
def test_a_mail_that_is_put_off_while_others_leave_waits_for_itself_longer_each_time(server: Server) -> None:
    disliked = queued(key="raar", mime=MIME + b"raar")
    send_due()
    assert (state_of(disliked), disliked.server_was_away) == (WorkRow.QUEUED, True)
    waits = []
    for turn in range(5):
        other = queued(key=f"gewoon {turn}", mime=MIME + str(turn).encode())
        send_due()
        assert state_of(other) == OutboundMessage.SENT
        assert Transport.objects.get().failing_since is None
        assert (state_of(disliked), disliked.server_was_away) == (WorkRow.QUEUED, False)
        assert disliked.retry_at is not None
        waits.append(disliked.retry_at - timezone.now())
        become_due()
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(hours=2)


def test_one_whose_recipient_is_put_off_says_nothing_of_the_server(server: Server) -> None:
    server.at_mail = FULL
    waiting = queued()
    send_due()
    server.at_mail, server.answers["traag@post.example"] = "250 OK", "451 Later"
    put_off = queued("traag@post.example", key="traag", mime=MIME + b"t")
    send_due()
    assert (state_of(put_off), put_off.server_was_away) == (WorkRow.QUEUED, False)
    assert (state_of(waiting), waiting.server_was_away) == (WorkRow.QUEUED, True)
    assert Transport.objects.get().failing_since is not None


def test_who_was_refused_stays_refused_where_the_mail_is_put_off(server: Server) -> None:
    server.after_data, server.answers["weg@post.example"] = FULL, "550 No such user"
    message = queued("karin@post.example", "weg@post.example")
    send_due()
    assert (state_of(message), message.server_was_away) == (WorkRow.QUEUED, True)
    assert results(message) == {"karin@post.example": "waiting", "weg@post.example": "refused"}
