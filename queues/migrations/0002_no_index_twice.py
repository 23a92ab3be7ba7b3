"""Indexes that another one begins with, or that nothing asks, go: each is written with every row.

By SQL, since Django would make the foreign key anew and read all rows for it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NOT_ASKED = """
    DROP INDEX IF EXISTS
        queues_queuepermission_group_id_8a6f44c7,
        queues_queuesubscription_agent_id_60bafa53
"""


class Migration(migrations.Migration):
    dependencies = [("queues", "0001_house"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(NOT_ASKED, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name="queuepermission",
                    name="group",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="permissions",
                        to="accounts.group",
                        verbose_name="group",
                    ),
                ),
                migrations.AlterField(
                    model_name="queuesubscription",
                    name="agent",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        )
    ]
