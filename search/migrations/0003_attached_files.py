"""What stands in attached files; the rows of tickets of before come later, by `search.filling`."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two tables that are new."""

    dependencies = [
        ("blobs", "0002_no_index_twice"),
        ("search", "0002_saved_search"),
        ("tickets", "0017_asked_of_who_is_away"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileText",
            fields=[
                (
                    "blob",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="blobs.blob",
                    ),
                ),
                ("text", models.TextField(blank=True, default="")),
                ("is_cut", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("is_final", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="UnreadFiles",
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
                ("is_late", models.BooleanField(default=False)),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "claimed"])),
                        fields=["is_late", "not_before", "id"],
                        name="unread_files_due",
                    )
                ],
            },
        ),
    ]
