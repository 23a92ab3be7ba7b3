"""Articles of one Message-ID in their order, so that the newest are found without reading all of them.

The version that still runs asks by the Message-ID alone, which the new index serves as well as the old one.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

NO_LIMIT, LIMIT = "SET lock_timeout = 0", "RESET lock_timeout"


class Migration(migrations.Migration):
    """Concurrently, which waits for the transactions of all others, longer than our 3 seconds.

    Where it was killed before, a part of the index may stand there, which serves nobody and has its name.
    """

    atomic = False
    dependencies = [("tickets", "0001_house")]
    operations = [
        migrations.RunSQL(NO_LIMIT, LIMIT),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS article_message_id_order", migrations.RunSQL.noop
        ),
        AddIndexConcurrently(
            model_name="article",
            index=models.Index(
                condition=models.Q(("message_id", ""), _negated=True),
                fields=["message_id", "direction", "id"],
                name="article_message_id_order",
            ),
        ),
        RemoveIndexConcurrently(model_name="article", name="article_message_id"),
        migrations.RunSQL(LIMIT, NO_LIMIT),
    ]
