"""The texts of admins: the editor where one is needed, the words that KVV fills in, and a preview."""

import re
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from desk.texts.sample import known_words, preview
from desk.texts.words import ANSWERS, AUTOMATIC
from outbox.models import OutboundMessage
from queues.models import AutoResponse, Queue, ResponseTemplate, Salutation, Signature, Text
from queues.placeholders import TAG
from richtext.convert import html_to_text
from tests.factories import make_queue
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

KINDS = (Salutation, Signature, ResponseTemplate, AutoResponse)
HOSTILE = '<p style="position:fixed">Hoi</p><script>a()</script><img src="x" onerror="a()"><form action="/">'


def page_of(kind: type[Text], page: str) -> str:
    return reverse(f"admin:queues_{kind._meta.model_name}_{page}")


@pytest.fixture
def office(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    return client


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_text_has_the_editor_its_words_and_its_policy_and_other_pages_do_not(
    office: Client, kind: type[Text]
) -> None:
    answer = office.get(page_of(kind, "add"))
    page = answer.content.decode()
    assert 'data-editor="html"' in page
    assert "style-src-attr 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    shown = re.findall(r'data-insert="&lt;(\S+)&gt;"', page)
    words = AUTOMATIC if kind is AutoResponse else ANSWERS
    assert shown == [word.name for word in words]
    for other in (page_of(kind, "changelist"), reverse("admin:queues_queue_add")):
        answer = office.get(other)
        assert "style-src-attr" not in answer.headers["Content-Security-Policy"]
        assert "editor.js" not in answer.content.decode()


def test_a_text_about_merging_knows_the_numbers_of_both_tickets(superuser: Agent) -> None:
    html = "<p>:<KVV_TICKET>: :<KVV_MERGE_TO_TICKET>:</p>"
    for kind, is_known in ((AutoResponse.Kind.MERGED, True), (AutoResponse.Kind.FOLLOW_UP, False)):
        text = AutoResponse(kind=kind, html=html)
        names = {"TICKET", "MERGE_TO_TICKET"} & known_words(text, agent=superuser)
        assert (len(names) == 2) == is_known
        assert (":-:" in html_to_text(preview(text, agent=superuser).html)) != is_known


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_word_that_is_offered_is_filled_in(superuser: Agent, kind: type[Text]) -> None:
    words = AUTOMATIC if kind is AutoResponse else ANSWERS
    text = kind(html="".join(f"<p>:{word.tag}:</p>" for word in words))
    shown = html_to_text(preview(text, agent=superuser).html)
    assert shown.count(":") > len(words)
    assert ":-:" not in shown
    assert not TAG.search(shown)
    names = {TAG.fullmatch(word.tag)[1] for word in words}  # type: ignore[index]  # each is one
    assert names <= known_words(text, agent=superuser)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_preview_shows_an_answer_with_the_text_that_is_typed_cleaned_and_keeps_nothing(
    office: Client, queue: Queue, kind: type[Text]
) -> None:
    queue.salutation = Salutation.objects.create(name="Beste", html="Beste <KVV_CUSTOMER_REALNAME>,")
    queue.signature = Signature.objects.create(name="Groet", html="Groet,\n<KVV_QUEUE>")
    queue.save(update_fields=["salutation", "signature"])
    before = [each.objects.count() for each in KINDS]
    given = {"html": f"{HOSTILE}Karin heet <KVV_CUSTOMER_REALNAME>", "subject": "Over <KVV_TICKET_NUMBER>"}
    answer = office.post(page_of(kind, "preview"), given)
    box = answer.content.decode().partition('editor__area">')[2].partition("</div></div>")[0]
    assert "Karin heet Karin" in box
    assert ("Mogen er ook helpers mee" in box) == (kind is not AutoResponse)
    for bad in ("script", "onerror", "<form", "position", "data-here", "KVV_"):
        assert bad not in box
    assert [each.objects.count() for each in KINDS] == before
    assert not Ticket.objects.exists()
    assert not OutboundMessage.objects.exists()


def test_a_preview_takes_the_texts_of_the_queue_that_is_chosen(office: Client, queue: Queue) -> None:
    other = make_queue("Zomer")
    for each, words in ((queue, "Beste"), (other, "Hoi")):
        each.salutation = Salutation.objects.create(name=words, html=words)
        each.save(update_fields=["salutation"])
    address = page_of(ResponseTemplate, "preview")
    assert "Hoi" in office.post(address, {"html": "Ja.", "queues": [other.pk]}).content.decode()
    assert "Beste" in office.post(address, {"html": "Ja.", "queues": ["x"]}).content.decode()


def test_a_preview_is_for_administrators_by_a_press_and_says_what_is_too_long(
    office: Client, owner: Agent
) -> None:
    address = page_of(Signature, "preview")
    assert "te lang" in office.post(address, {"html": "x" * 10_300}).content.decode()
    assert office.get(address).status_code == 405
    office.force_login(owner)
    assert office.post(address, {"html": "x"}, follow=True).status_code == 403


def test_text_without_tags_is_kept_with_its_lines_and_unknown_words_are_named(office: Client) -> None:
    typed = "Hallo <KVV_CUSTMER_NAME>,\r\n\r\nTot dan!\r\n<KVV_CURRENT_USERFULLNAME>"
    answer = office.post(page_of(Signature, "add"), {"name": "Kort", "html": typed})
    assert html_to_text(Signature.objects.get().html) == typed.replace("\r\n", "\n")
    assert ": CUSTMER_NAME." in " ".join(str(message) for message in get_messages(answer.wsgi_request))
    Signature.objects.update(html="Zo &amp; zo\nverder")  # as it was kept before
    address = reverse("admin:queues_signature_change", args=[Signature.objects.get().pk])
    shown = unescape(office.get(address).content.decode().partition("<textarea")[2].partition(">")[2])
    assert html_to_text(shown.partition("</textarea>")[0]) == "Zo & zo\nverder"


def test_the_list_of_standard_answers_says_what_each_is_for_and_can_show_one_kind(
    office: Client, queue: Queue
) -> None:
    note = ResponseTemplate.objects.create(name="Navraag gedaan", kind="note")
    ResponseTemplate.objects.create(name="Bedankt")
    note.queues.add(queue)
    address = page_of(ResponseTemplate, "changelist")
    everything = office.get(address).content.decode()
    assert ("Navraag gedaan" in everything, "Bedankt" in everything) == (True, True)
    assert '<td class="field-kind">notitie</td>' in everything
    for asked in ({"kind__exact": "note"}, {"queues__id__exact": queue.pk}):
        found = office.get(address, asked).content.decode()
        assert ("Navraag gedaan" in found, "Bedankt" in found) == (True, False)
