"""Indexes that another one begins with, or that nothing asks, go: each is written with every row.

By SQL, since Django would make the foreign key anew and read all rows for it. What is unique
stays so under a name of ours: without it Django makes a second index, to search a text by its beginning.
"""

import django.db.models.deletion
from django.db import migrations, models

NOT_ASKED = """
    DROP INDEX IF EXISTS
        mailgate_canary_mailbox_id_a22096e5,
        mailgate_inboundmessage_article_id_61324406,
        mailgate_inboundmessage_mailbox_id_7806dc2b,
        mailgate_inboundmessage_queue_id_42909175,
        mailgate_inboundmessage_digest_c896e36d_like,
        mailgate_inboundmessage_identity_11e10191_like
"""
NAMES = """
    ALTER TABLE mailgate_inboundmessage
        RENAME CONSTRAINT mailgate_inboundmessage_identity_key TO inbound_once;
    ALTER INDEX mailgate_inboundmessage_digest_c896e36d RENAME TO inbound_digest
"""
OLD_NAMES = """
    ALTER TABLE mailgate_inboundmessage
        RENAME CONSTRAINT inbound_once TO mailgate_inboundmessage_identity_key;
    ALTER INDEX inbound_digest RENAME TO mailgate_inboundmessage_digest_c896e36d
"""


class Migration(migrations.Migration):
    dependencies = [("mailgate", "0004_quiet_before")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(NOT_ASKED, migrations.RunSQL.noop),
                migrations.RunSQL(NAMES, OLD_NAMES),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="inboundmessage",
                    name="digest",
                    field=models.CharField(max_length=64),
                ),
                migrations.AlterField(
                    model_name="inboundmessage",
                    name="identity",
                    field=models.CharField(max_length=200, null=True, blank=True),
                ),
                migrations.AddIndex(
                    model_name="inboundmessage", index=models.Index(fields=["digest"], name="inbound_digest")
                ),
                migrations.AddConstraint(
                    model_name="inboundmessage",
                    constraint=models.UniqueConstraint(fields=["identity"], name="inbound_once"),
                ),
                migrations.AlterField(
                    model_name="canary",
                    name="mailbox",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mailgate.mailbox",
                    ),
                ),
                migrations.AlterField(
                    model_name="inboundmessage",
                    name="article",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tickets.article",
                    ),
                ),
                migrations.AlterField(
                    model_name="inboundmessage",
                    name="mailbox",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="mailgate.mailbox",
                        verbose_name="mailbox",
                    ),
                ),
                migrations.AlterField(
                    model_name="inboundmessage",
                    name="queue",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="queues.queue",
                        verbose_name="queue",
                    ),
                ),
            ],
        )
    ]
