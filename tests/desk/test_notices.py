"""The texts of mails to agents in the admin: what is refused, and the preview."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from desk.texts.sample import known_to_agents
from desk.texts.words import NOTIFYING
from notify.models import Notification, NotificationText
from notify.reasons import Reason
from outbox.models import OutboundMessage
from queues.placeholders import TAG

pytestmark = pytest.mark.django_db

ADD = reverse("admin:notify_notificationtext_add")
PREVIEW = reverse("admin:notify_notificationtext_preview")


@pytest.fixture
def office(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    return client


def typed(**values: str) -> dict[str, Any]:
    return {"reason": Reason.NOTE, "language": "nl", "short": "", "sentence": ""} | values


def test_a_text_is_kept_in_one_line_and_its_page_shows_kvvs_own_words_and_those_that_are_filled_in(
    office: Client,
) -> None:
    page = office.get(ADD).content.decode()
    assert all(f'data-insert="&lt;{word.name}&gt;"' in page for word in NOTIFYING)
    assert "&lt;KVV_CURRENT_USERFULLNAME&gt; heeft een notitie geschreven in dit ticket." in page
    office.post(ADD, typed(short="Notitie\r\nBcc: x@post.example", sentence="Van\n<KVV_QUEUE>"))
    text = NotificationText.objects.get()
    assert (text.short, text.sentence) == ("Notitie Bcc: x@post.example", "Van <KVV_QUEUE>")
    change = reverse("admin:notify_notificationtext_change", args=[text.pk])
    own = office.get(change).content.decode().partition('class="ownwords">')[2].partition("</div>")[0]
    assert own.count("<p>") == 1
    listed = office.get(reverse("admin:notify_notificationtext_changelist")).content.decode()
    assert "Nieuwe notitie (Nederlands)" in listed
    again = office.post(ADD, typed(short="Ook")).content.decode()
    assert "Hiervoor is er al een tekst in deze taal." in again


WRONG = (
    ({"short": "<KVV_CUSTOMER_REALNAME>"}, "KVV vult deze woorden hier niet in: CUSTOMER_REALNAME. "),
    ({"sentence": "<OTRS_TICKET_ID> <b>"}, "KVV vult deze woorden hier niet in: TICKET_ID. "),
    ({"sentence": "<b>Let op</b> <KVV_QUEUE>"}, "Schrijf gewone tekst, zonder HTML"),
    ({"short": "x" * 101}, "(het zijn er nu 101)"),
    ({"sentence": "x" * 301}, "(het zijn er nu 301)"),
    ({"reason": "other"}, "other"),
)


def test_what_cannot_stand_there_is_refused_with_a_sentence_in_the_preview_too(office: Client) -> None:
    for wrong, said in WRONG:
        for address in (ADD, PREVIEW):
            assert said in office.post(address, typed(**wrong)).content.decode()
    assert not NotificationText.objects.exists()


def test_a_preview_shows_the_mail_in_both_languages_with_what_is_typed_and_what_is_kept(
    office: Client,
) -> None:
    words = "".join(f":{word.tag}:" for word in NOTIFYING)
    for reason in Reason:
        NotificationText.objects.create(reason=reason, language="nl", short="Oud", sentence="Oud")
        NotificationText.objects.create(reason=reason, language="en", short="Kept <KVV_QUEUE>")
        page = office.post(PREVIEW, typed(reason=reason, short="Getypt", sentence=words)).content.decode()
        dutch, english = page.partition("<h2>Nederlands</h2>")[2].split("<h2>English</h2>")
        assert "] Getypt: " in dutch
        assert ":-:" not in dutch
        assert not TAG.search(page)
        assert "Oud" not in page
        assert "] Kept " in english
        assert "You get this mail because" in english
        assert "verzonnen" in page
    assert not Notification.objects.exists()
    assert not OutboundMessage.objects.exists()


def test_what_is_offered_is_filled_in_and_the_preview_is_for_administrators_by_a_press(
    office: Client, owner: Agent
) -> None:
    assert {TAG.fullmatch(word.tag)[1] for word in NOTIFYING} == known_to_agents()  # type: ignore[index]  # each is one
    assert office.get(PREVIEW).status_code == 405
    office.force_login(owner)
    assert office.post(PREVIEW, typed(), follow=True).status_code == 403
