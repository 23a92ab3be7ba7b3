"""What leaves is said in the house's language, whatever language its agent reads KVV in."""

from email import message_from_bytes, policy

import pytest
import time_machine
from django.utils.translation import override

from accounts.models import Agent
from blobs.store import read_bytes
from tests.factories import NOW, actor, answer, stored_file
from tickets.actions.reply import reply_to_ticket
from tickets.letters.answering import prefill
from tickets.letters.bouncing import prefill_told
from tickets.letters.forwarding import names_of, prefill_forward
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@time_machine.travel(NOW, tick=False)
def test_the_language_of_the_screen_changes_no_byte_of_mail_to_customers(
    ticket: Ticket, owner: Agent
) -> None:
    """Nor of what an expert gets, to whom a message is forwarded, but for what is made anew each time."""
    mail = ticket.articles.get()

    def left(language: str) -> list[object]:
        with override(language):
            forwarded = prefill_forward(ticket=ticket, article=mail, agent=owner, quoted_html="")
            told = prefill_told(ticket=ticket, mail=mail, agent=owner)
            begun = prefill(ticket=ticket, article=mail, template=None, agent=owner)
            files = names_of([stored_file()], article=mail)
            asked = answer(ticket, html=begun.html + told.html + forwarded.html + files)
            sent = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=asked, now=NOW).article
        assert sent is not None
        assert sent.outbound is not None
        letter = message_from_bytes(read_bytes(sent.outbound.mime_id), policy=policy.default)
        heads = [
            (name, value) for name, value in letter.items() if name not in ("Message-ID", "Content-Type")
        ]
        return [heads, *(part.get_content() for part in letter.walk() if not part.is_multipart())]

    assert left("en") == left("nl")
    assert "Karin Klant schreef:" in str(left("en"))
