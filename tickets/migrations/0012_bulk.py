"""What is done to many tickets at once: asked for once, a row of work for each, kept for a week."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import work.trace


class Migration(migrations.Migration):
    dependencies = [
        ("queues", "0002_no_index_twice"),
        ("tickets", "0011_watchers_and_merges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bulk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("submission", models.UUIDField(unique=True)),
                ("created", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("asked", models.DateTimeField(blank=True, null=True)),
                ("leads_to", models.CharField(blank=True, default="", max_length=500)),
                ("form_digest", models.CharField(blank=True, default="", max_length=32)),
                ("priority", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("pending_until", models.DateTimeField(blank=True, null=True)),
                ("lock", models.BooleanField(blank=True, null=True)),
                ("subject", models.CharField(blank=True, default="", max_length=300)),
                ("html", models.TextField(blank=True, default="")),
                ("is_visible", models.BooleanField(default=False)),
                ("time_units", models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                (
                    "uploads",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "new_owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="queues.queue",
                    ),
                ),
                (
                    "state",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.state",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulk action",
                "verbose_name_plural": "bulk actions",
            },
        ),
        migrations.CreateModel(
            name="BulkTicket",
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
                ("seen_event", models.BigIntegerField()),
                ("seen_queue", models.BigIntegerField()),
                ("seen_owner", models.BigIntegerField(blank=True, null=True)),
                ("seen_priority", models.PositiveSmallIntegerField()),
                ("refusal", models.TextField(blank=True, default="", verbose_name="why it was skipped")),
                (
                    "bulk",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="tickets.bulk",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.event",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket of a bulk action",
                "verbose_name_plural": "tickets of bulk actions",
            },
        ),
        migrations.AddIndex(
            model_name="bulk",
            index=models.Index(fields=["created"], name="bulk_old"),
        ),
        migrations.AddIndex(
            model_name="bulkticket",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "claimed", "failed"))),
                fields=["not_before"],
                name="bulk_ticket_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkticket",
            constraint=models.UniqueConstraint(fields=("bulk", "ticket"), name="bulk_ticket_once"),
        ),
    ]
