"""What refers to a blob is known to the sweeper, whatever room it is in: else bytes in use would go."""

import uuid

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Agent
from blobs.models import Blob, BlobPart
from blobs.store import store_bytes
from blobs.sweep import GRACE, references, sweep
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from queues.models import Queue
from search.models import FileText
from tests.factories import customer_mail, make_ticket, make_upload, stored_file
from tests.outbox.mailserver import queued
from tests.search.exported import asked_for
from tests.webforms.visiting import file, make_skin
from webforms.files import keep

pytestmark = pytest.mark.django_db

FOREIGN_KEYS = """
SELECT k.conrelid::regclass::text, a.attname::text, EXISTS (
    SELECT 1 FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1] AND i.indpred IS NULL
)
FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
WHERE k.contype = 'f' AND k.confrelid = 'blobs_blob'::regclass
"""


def test_the_sweeper_knows_every_foreign_key_that_the_database_has() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        keys = {(table, column): has_index for table, column, has_index in cursor.fetchall()}
    known = {(reference.model._meta.db_table, reference.column) for reference in references()}
    goes_with_it = {(model._meta.db_table, "blob_id") for model in (BlobPart, FileText)}
    assert known | goes_with_it == set(keys)
    assert all(keys.values()), "without an index the sweeper reads the whole table, for each part of a round"


@pytest.fixture
def something_of_everything(queue: Queue, owner: Agent) -> None:
    """A row, at least, in each table that refers to a blob."""
    take_in_many([Arrival(raw=b"Subject: Vraag\r\n\r\n", way=InboundMessage.Way.PIPE)])
    make_ticket(queue, article=customer_mail(files=(stored_file(),)))
    make_upload(agent=owner, submission=uuid.uuid4())
    queued()
    asked_for(owner)
    make_skin()
    keep(uuid.uuid4(), {"bewijs": [file()]}, most=1000, now=timezone.now())


def test_each_way_to_refer_to_a_blob_keeps_it(something_of_everything: None) -> None:
    now = timezone.now()
    for reference in references():
        rows = reference.model._base_manager.all()
        row = rows.order_by("-pk").first()
        assert row is not None, f"make a row of {reference.model.__name__} for this test"
        blob = store_bytes(uuid.uuid4().bytes)
        before = getattr(row, reference.attname)
        rows.filter(pk=row.pk).update(**{reference.attname: blob.pk})
        Blob.objects.filter(pk=blob.pk).update(unused_since=now - GRACE)
        sweep(now=now)
        assert Blob.objects.filter(pk=blob.pk).exists(), f"{reference} does not keep what it refers to"
        rows.filter(pk=row.pk).update(**{reference.attname: before})
        Blob.objects.filter(pk=blob.pk).update(unused_since=now - GRACE)
        sweep(now=now)
        assert not Blob.objects.filter(pk=blob.pk).exists()
