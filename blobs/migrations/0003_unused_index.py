"""The few blobs that nothing refers to, found without reading the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("blobs", "0002_unused_since")]

    operations = [
        # It waits for the transactions of all others, however long they are.
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        AddIndexConcurrently(
            model_name="blob",
            index=models.Index(
                condition=models.Q(("unused_since__isnull", False)),
                fields=["unused_since"],
                name="blob_unused",
            ),
        ),
        migrations.RunSQL("RESET lock_timeout", "RESET lock_timeout"),
    ]
