"""What tickets are found by; rows change with each article, so that their pages keep some room for it."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

ROOM = "ALTER TABLE search_tickettext SET (fillfactor = 80)"
NO_ROOM = "ALTER TABLE search_tickettext RESET (fillfactor)"


class Migration(migrations.Migration):
    """Rows come later: `search.filling`."""

    initial = True

    dependencies = [
        ("tickets", "0017_asked_of_who_is_away"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pass",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("rules", models.PositiveSmallIntegerField()),
                ("stems", models.CharField(max_length=32)),
                ("below", models.BigIntegerField(null=True)),
                ("is_whole", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="search_pass_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketText",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tickets.ticket",
                    ),
                ),
                ("everything", django.contrib.postgres.search.SearchVectorField()),
                ("subjects", django.contrib.postgres.search.SearchVectorField()),
                ("people", django.contrib.postgres.search.SearchVectorField()),
                ("is_cut", models.BooleanField(default=False)),
                ("version", models.IntegerField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["everything"], name="ticket_text_everything"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["subjects"], name="ticket_text_subjects"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["people"], name="ticket_text_people"
                    ),
                ],
            },
        ),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
