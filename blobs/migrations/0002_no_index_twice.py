"""Indexes that another one begins with, or that nothing asks, go: each is written with every row.

By SQL, since Django would make the foreign key anew and read all rows for it.
"""

import django.db.models.deletion
from django.db import migrations, models

NOT_ASKED = """
    DROP INDEX IF EXISTS
        blobs_blobpart_blob_id_4eb331d0
"""


class Migration(migrations.Migration):
    dependencies = [("blobs", "0001_house")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(NOT_ASKED, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name="blobpart",
                    name="blob",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="blobs.blob",
                    ),
                ),
            ],
        )
    ]
