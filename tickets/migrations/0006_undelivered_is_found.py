"""Tickets with an answer that did not arrive are found by an index of the few there are."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

NO_LIMIT, LIMIT = "SET lock_timeout = 0", "RESET lock_timeout"


class Migration(migrations.Migration):
    """Concurrently, which waits for the transactions of all others, longer than our 3 seconds.

    Where it was killed before, a part of the index may stand there, which serves nobody and has its name.
    """

    atomic = False
    dependencies = [("tickets", "0005_undelivered_article")]
    operations = [
        migrations.RunSQL(NO_LIMIT, LIMIT),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS ticket_undelivered", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(closed_at__isnull=True, undelivered_article__isnull=False),
                fields=["undelivered_article"],
                name="ticket_undelivered",
            ),
        ),
        migrations.RunSQL(LIMIT, NO_LIMIT),
    ]
