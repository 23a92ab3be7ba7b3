"""Held mails are counted by an index, as all mails that still want something are."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

NO_LIMIT, LIMIT = "SET lock_timeout = 0", "RESET lock_timeout"


class Migration(migrations.Migration):
    """Concurrently, which waits for the transactions of all others, longer than our 3 seconds.

    Where it was killed before, a part of the index may stand there, which serves nobody and has its name.
    """

    atomic = False
    dependencies = [("outbox", "0006_sentences")]
    operations = [
        migrations.RunSQL(NO_LIMIT, LIMIT),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS outbound_held", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="outboundmessage",
            index=models.Index(condition=models.Q(("state", "held")), fields=["id"], name="outbound_held"),
        ),
        migrations.RunSQL(LIMIT, NO_LIMIT),
    ]
