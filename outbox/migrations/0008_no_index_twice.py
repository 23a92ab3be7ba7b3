"""Indexes that another one begins with, or that nothing asks, go: each is written with every row.

By SQL, since Django would make the foreign key anew and read all rows for it. What is unique
stays so under a name of ours: without it Django makes a second index, to search a text by its beginning.
"""

import django.db.models.deletion
from django.db import migrations, models

NOT_ASKED = """
    DROP INDEX IF EXISTS
        outbox_recipient_message_id_96cef01c,
        outbox_outboundmessage_dedupe_key_0c1fbdaa_like,
        outbox_outboundmessage_message_id_45fe9a98_like
"""
RENAME = "ALTER TABLE outbox_outboundmessage RENAME CONSTRAINT "
BY_ID = ("outbox_outboundmessage_message_id_key", "outbound_message_id_once")
BY_KEY = ("outbox_outboundmessage_dedupe_key_key", "outbound_once")
NAMES = ";".join(f"{RENAME}{old} TO {new}" for old, new in (BY_ID, BY_KEY))
OLD_NAMES = ";".join(f"{RENAME}{new} TO {old}" for old, new in (BY_ID, BY_KEY))


class Migration(migrations.Migration):
    dependencies = [("outbox", "0007_held_is_found")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(NOT_ASKED, migrations.RunSQL.noop),
                migrations.RunSQL(NAMES, OLD_NAMES),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="outboundmessage",
                    name="dedupe_key",
                    field=models.CharField(max_length=200),
                ),
                migrations.AlterField(
                    model_name="outboundmessage",
                    name="message_id",
                    field=models.CharField("Message-ID", max_length=500),
                ),
                migrations.AddConstraint(
                    model_name="outboundmessage",
                    constraint=models.UniqueConstraint(
                        fields=["message_id"], name="outbound_message_id_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="outboundmessage",
                    constraint=models.UniqueConstraint(fields=["dedupe_key"], name="outbound_once"),
                ),
                migrations.AlterField(
                    model_name="recipient",
                    name="message",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="outbox.outboundmessage",
                    ),
                ),
            ],
        )
    ]
