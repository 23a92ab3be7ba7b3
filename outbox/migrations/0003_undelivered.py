"""What our own mail server refuses is told, and waiting after trouble is a column of its own."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import work.trace


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0002_sealed_password"),
    ]

    operations = [
        migrations.CreateModel(
            name="Undelivered",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.CharField(default="queued", max_length=20, verbose_name="state")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "not_before",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="not before"
                    ),
                ),
                ("leased_until", models.DateTimeField(blank=True, null=True, verbose_name="leased until")),
                ("lease", models.UUIDField(blank=True, null=True, verbose_name="lease")),
                ("last_error", models.TextField(blank=True, default="", verbose_name="last error")),
                ("together", models.BooleanField(db_default=False, default=False, editable=False)),
                (
                    "trace",
                    models.CharField(
                        db_default="", default=work.trace.current_trace, editable=False, max_length=64
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="outbox.outboundmessage",
                    ),
                ),
                ("failures", models.JSONField(default=dict)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="outboundmessage",
            name="retry_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="tried again at"),
        ),
        migrations.AddField(
            model_name="outboundmessage",
            name="server_was_away",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
