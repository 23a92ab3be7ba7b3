"""The token of a customer's page: says what was signed, and nothing that was not."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.signing import Signer, dumps

from queues.models import Queue
from tests.factories import NOW, customer_mail, make_ticket
from tickets.customer_link import (
    BETWEEN,
    HOLDS_FOR,
    PATH,
    PURPOSE,
    ExpiredLinkError,
    UnknownLinkError,
    address_of_page,
    make_token,
    read_token,
)
from tickets.models import Article, Ticket

pytestmark = pytest.mark.django_db

KARIN = "karin@post.example"
OLD_KEY, NEW_KEY = "the-key-of-last-year-0123456789-abcdefgh", "the-key-of-this-year-0123456789-abcdefgh"


@pytest.fixture
def token(ticket: Ticket) -> str:
    Article.objects.update(created=NOW)
    return make_token(ticket=ticket, address=KARIN)


def other_signature(token: str) -> str:
    """The token's words, signed by whoever knows the way but not the key."""
    words = token.rpartition(BETWEEN)[0]
    return Signer(key="guessed", salt=PURPOSE, sep=BETWEEN).sign(words)


def test_it_says_ticket_and_address_and_stays_the_same(ticket: Ticket, token: str) -> None:
    link = read_token(token, now=NOW)
    assert (link.ticket, link.address) == (ticket, KARIN)
    assert make_token(ticket=ticket, address="Karin@Post.example") == token


def test_it_stands_in_an_address_as_it_is(
    ticket: Ticket, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BASE_URL", "https://kvv.example")
    assert re.fullmatch(r"[A-Za-z0-9._-]+", token)
    assert address_of_page(ticket=ticket, address=KARIN) == f"https://kvv.example/{PATH}{token}/"


def test_one_that_was_cut_or_added_to_is_unknown(token: str) -> None:
    for length in range(len(token)):
        with pytest.raises(UnknownLinkError):
            read_token(token[:length], now=NOW)
    for longer in (f"{token}a", f"a{token}", f"{token}{BETWEEN}", f"{token}\x00", token + token):
        with pytest.raises(UnknownLinkError):
            read_token(longer, now=NOW)


def test_a_changed_letter_makes_it_unknown(token: str) -> None:
    for place, letter in enumerate(token):
        changed = token[:place] + ("B" if letter == "A" else "A") + token[place + 1 :]
        if changed != token:
            with pytest.raises(UnknownLinkError):
                read_token(changed, now=NOW)


def test_one_that_was_forged_is_unknown(token: str) -> None:
    for forged in (other_signature(token), "", BETWEEN, f"{BETWEEN}{BETWEEN}", "é.é", "x" * 100_000):
        with pytest.raises(UnknownLinkError):
            read_token(forged, now=NOW)


def test_the_words_of_one_do_not_go_with_the_signature_of_another(
    queue: Queue, ticket: Ticket, token: str
) -> None:
    other_ticket = make_token(ticket=make_ticket(queue), address=KARIN)
    other_address = make_token(ticket=ticket, address="els@post.example")
    signature = token.rpartition(BETWEEN)[2]
    for other in (other_ticket, other_address):
        with pytest.raises(UnknownLinkError):
            read_token(other.rpartition(BETWEEN)[0] + BETWEEN + signature, now=NOW)


def test_what_was_signed_for_another_purpose_is_unknown(ticket: Ticket) -> None:
    words = [ticket.pk, KARIN]
    for other in (dumps(words), Signer(salt="mail.confirm", sep=BETWEEN).sign_object(words)):
        with pytest.raises(UnknownLinkError):
            read_token(other, now=NOW)


def test_it_holds_until_ninety_days_after_the_last_visible_article(ticket: Ticket, token: str) -> None:
    assert read_token(token, now=NOW + HOLDS_FOR - timedelta(seconds=1)).ticket == ticket
    with pytest.raises(ExpiredLinkError) as expired:
        read_token(token, now=NOW + HOLDS_FOR)
    assert (expired.value.link.ticket, expired.value.link.address) == (ticket, KARIN)


def test_what_the_customer_does_not_see_makes_it_hold_no_longer(ticket: Ticket, token: str) -> None:
    note = ticket.articles.get()
    note.pk, note.is_visible, note.message_id, note.created = None, False, "", NOW + HOLDS_FOR
    note.save()
    with pytest.raises(ExpiredLinkError):
        read_token(token, now=NOW + HOLDS_FOR)
    Article.objects.filter(pk=note.pk).update(is_visible=True)
    assert read_token(token, now=NOW + HOLDS_FOR).ticket == ticket


def test_a_ticket_without_a_word_to_the_customer_has_no_page(ticket: Ticket, token: str) -> None:
    Article.objects.update(is_visible=False)
    with pytest.raises(UnknownLinkError):
        read_token(token, now=NOW)


def test_a_ticket_that_is_gone_has_no_page(queue: Queue, token: str) -> None:
    other = make_ticket(queue, article=customer_mail())
    other_token = make_token(ticket=other, address=KARIN)
    other.events.all().delete()
    other.articles.all().delete()
    Ticket.objects.filter(pk=other.pk).delete()
    with pytest.raises(UnknownLinkError):
        read_token(other_token, now=NOW)


def test_a_merged_ticket_s_link_leads_to_where_its_articles_are(
    queue: Queue, ticket: Ticket, token: str
) -> None:
    main = make_ticket(queue)
    ticket.articles.update(ticket=main)
    Article.objects.update(created=NOW)
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=main)
    assert read_token(token, now=NOW).ticket == main


def test_an_old_key_is_believed_while_it_is_named(ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    Article.objects.update(created=NOW)
    monkeypatch.setattr(settings, "SECRET_KEY", OLD_KEY)
    token = make_token(ticket=ticket, address=KARIN)
    monkeypatch.setattr(settings, "SECRET_KEY", NEW_KEY)
    with pytest.raises(UnknownLinkError):
        read_token(token, now=NOW)
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [OLD_KEY])
    assert read_token(token, now=NOW).ticket == ticket
    assert make_token(ticket=ticket, address=KARIN) != token
