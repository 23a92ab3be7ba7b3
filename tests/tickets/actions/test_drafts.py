"""A form that is being written: made at its first file, held by one agent, and gone in the end."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import Settings

from accounts.models import Agent
from queues.models import Queue
from tests.factories import NOW, actor, answer, make_ticket, make_upload
from tickets.actions.drafts import forget_old_drafts
from tickets.actions.reply import reply_to_ticket
from tickets.actions.uploads import (
    Composing,
    NewFile,
    add_upload,
    find_inline_upload,
    remove_upload,
    uploads_of,
)
from tickets.errors import BadInput
from tickets.models import Draft, Ticket, Upload

pytestmark = pytest.mark.django_db
FILE = NewFile(name="a.txt", content_type="text/plain", data=b"a")


def composing(agent: Agent, ticket: Ticket) -> Composing:
    return Composing(submission=uuid.uuid4(), screen="reply", actor=actor(agent), ticket=ticket)


def test_the_first_file_makes_the_draft_and_the_next_touches_it(ticket: Ticket, owner: Agent) -> None:
    form = composing(owner, ticket)
    add_upload(form, FILE, now=NOW)
    add_upload(form, FILE, now=NOW + timedelta(hours=1))
    draft = Draft.objects.get()
    assert (draft.submission, draft.screen, draft.ticket) == (form.submission, "reply", ticket)
    assert (draft.writer, draft.holder, draft.uploads.count()) == (owner, owner, 2)
    assert draft.changed == NOW + timedelta(hours=1)


@pytest.mark.parametrize(("files", "size"), [(3, 100), (100, 3)], ids=["number", "bytes"])
def test_the_files_of_all_forms_that_one_agent_did_not_send_have_a_limit(
    ticket: Ticket, owner: Agent, colleague: Agent, settings: Settings, files: int, size: int
) -> None:
    settings.UNSENT_FILES, settings.UNSENT_BYTES = files, size
    forms = [composing(owner, ticket) for _ in range(4)]
    for form in forms[:3]:
        add_upload(form, FILE, now=NOW)
    with pytest.raises(BadInput, match="niet hebt verstuurd"):
        add_upload(forms[3], FILE, now=NOW)
    add_upload(composing(colleague, ticket), FILE, now=NOW)
    remove_upload(
        actor=actor(owner), upload_id=uploads_of(actor=actor(owner), submission=forms[0].submission)[0].pk
    )
    add_upload(forms[3], FILE, now=NOW)
    assert Upload.objects.filter(draft__holder=owner).count() == 3


def test_a_form_that_another_agent_holds_takes_no_file_and_shows_none(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    form = composing(owner, ticket)
    add_upload(form, FILE, now=NOW)
    theirs = Composing(submission=form.submission, screen="reply", actor=actor(colleague), ticket=ticket)
    with pytest.raises(BadInput):
        add_upload(theirs, FILE, now=NOW)
    assert uploads_of(actor=actor(colleague), submission=form.submission) == []


def test_who_was_given_a_draft_sends_it_and_the_article_says_who_wrote_it(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    filled = answer(ticket)
    make_upload(owner, filled.submission)
    Draft.objects.update(holder=colleague)
    files = tuple(uploads_of(actor=actor(colleague), submission=filled.submission))
    sent = reply_to_ticket(
        actor=actor(colleague), ticket=ticket, answer=replace(filled, uploads=files), now=NOW
    ).written
    assert (sent.agent, sent.writer, sent.attachments.count()) == (colleague, owner, 1)
    again = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW)
    assert again.article == sent


def test_who_gave_their_draft_away_sends_it_no_more(ticket: Ticket, owner: Agent, colleague: Agent) -> None:
    filled = answer(ticket)
    make_upload(owner, filled.submission)
    Draft.objects.update(holder=colleague)
    with pytest.raises(BadInput):
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW)
    assert Draft.objects.get().holder == colleague


def test_a_file_that_was_added_while_the_form_was_sent_is_not_lost(ticket: Ticket, owner: Agent) -> None:
    filled = answer(ticket)
    make_upload(owner, filled.submission)
    with pytest.raises(BadInput) as refusal:
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW)
    assert (refusal.value.field, Upload.objects.count()) == ("uploads", 1)


def test_a_form_takes_files_for_its_own_screen_and_ticket_only(
    ticket: Ticket, owner: Agent, queue: Queue
) -> None:
    form = composing(owner, ticket)
    add_upload(form, FILE, now=NOW)
    for other in (replace(form, screen="note"), replace(form, ticket=make_ticket(queue))):
        with pytest.raises(BadInput):
            add_upload(other, FILE, now=NOW)
    assert Upload.objects.count() == 1


def test_files_about_a_ticket_that_is_out_of_sight_are_out_of_sight_too(
    ticket: Ticket, owner: Agent, other_queue: Queue
) -> None:
    form = composing(owner, ticket)
    image = add_upload(form, replace(FILE, content_type="image/png", is_inline=True), now=NOW)
    Ticket.objects.update(queue=other_queue)
    assert uploads_of(actor=actor(owner), submission=form.submission) == []
    with pytest.raises(Upload.DoesNotExist):
        find_inline_upload(actor=actor(owner), upload_id=image.pk)
    remove_upload(actor=actor(owner), upload_id=image.pk)
    assert Upload.objects.exists()


def test_what_is_sent_leaves_no_draft(ticket: Ticket, owner: Agent) -> None:
    filled = answer(ticket)
    filled = replace(filled, uploads=(make_upload(owner, filled.submission),))
    make_upload(owner, uuid.uuid4())
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW)
    assert Draft.objects.count() == Upload.objects.count() == 1


def test_a_draft_is_dropped_a_week_after_its_last_change_unless_it_is_kept(
    ticket: Ticket, owner: Agent
) -> None:
    for age, is_kept in ((8, False), (8, True), (6, False)):
        draft = make_upload(owner, uuid.uuid4()).draft
        Draft.objects.filter(pk=draft.pk).update(changed=NOW - timedelta(days=age), is_kept=is_kept)
    assert forget_old_drafts(now=NOW) == 1
    assert Draft.objects.count() == Upload.objects.count() == 2
