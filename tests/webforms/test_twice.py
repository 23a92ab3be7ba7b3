"""A form that is sent twice at the same moment makes one ticket, with its files once."""

import re
from functools import partial
from typing import Any

import pytest

from queues.models import Queue
from tests.races.meeting import at_the_lock
from tests.webforms.visiting import add_field, file, filled, make_form, opened, send
from tickets.models import Attachment, Ticket
from webforms.models import Submission, SubmissionFile
from webforms.spec import Kind

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

REMEMBERS = re.compile('INSERT INTO "webforms_submission" ')


def test_a_form_sent_twice_makes_one_ticket_with_its_files_once(queue: Queue) -> None:
    category = make_form(queue)
    add_field(category, "bewijs", Kind.FILE)
    token = opened(category)
    deed = partial(send, category, token=token)
    forms = [filled(f_bewijs=[file(), file("b.txt", b"b")]) for _browser in range(2)]
    answers: list[Any] = at_the_lock(*(partial(deed, form) for form in forms), lock=REMEMBERS)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert (Ticket.objects.count(), Submission.objects.count()) == (1, 1)
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["b.txt", "pas.png"]
    assert SubmissionFile.objects.count() == 0
