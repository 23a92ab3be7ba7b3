"""Refused mails are found as failed and doubtful ones are; the version that still runs needs no index for few."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

NO_LIMIT, LIMIT = "SET lock_timeout = 0", "RESET lock_timeout"


class Migration(migrations.Migration):
    """Concurrently, which waits for the transactions of all others, longer than our 3 seconds.

    Where it was killed before, a part of the index may stand there, which serves nobody and has its name.
    """

    atomic = False
    dependencies = [("outbox", "0003_undelivered")]
    operations = [
        migrations.RunSQL(NO_LIMIT, LIMIT),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS outbound_not_left", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="outboundmessage",
            index=models.Index(
                condition=models.Q(("state__in", ["failed", "doubtful", "refused"])),
                fields=["created"],
                name="outbound_not_left",
            ),
        ),
        RemoveIndexConcurrently(model_name="outboundmessage", name="outbound_stuck"),
        migrations.RunSQL(LIMIT, NO_LIMIT),
    ]
