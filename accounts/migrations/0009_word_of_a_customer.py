"""Of a customer, one word after another is asked for by an index that has them: none of the rows is read."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

NO_LIMIT, LIMIT = "SET lock_timeout = 0", "RESET lock_timeout"


class Migration(migrations.Migration):
    """Concurrently, which waits for the transactions of all others, longer than our 3 seconds.

    Where it was killed before, a part of the index may stand there, which serves nobody and has its name.
    """

    atomic = False
    dependencies = [("accounts", "0008_group_keeps_texts")]
    operations = [
        migrations.RunSQL(NO_LIMIT, LIMIT),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS customer_word", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="customerword",
            index=models.Index(fields=["customer", "word"], name="customer_word"),
        ),
        migrations.RunSQL(LIMIT, NO_LIMIT),
        migrations.AlterField(
            model_name="customerword",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="words",
                to="accounts.customer",
            ),
        ),
    ]
