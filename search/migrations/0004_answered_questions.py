"""Questions that were answered, and which of their answers are of no use for another.

Of a word that one in some thousand questions has PostgreSQL is to know how many have it.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

KNOW_MORE = "ALTER TABLE search_answeredquestion ALTER COLUMN words SET STATISTICS 1000"
KNOW_AS_USUAL = "ALTER TABLE search_answeredquestion ALTER COLUMN words SET STATISTICS -1"


class Migration(migrations.Migration):
    """Rows come later: `search.filling`."""

    dependencies = [
        ("search", "0003_attached_files"),
        ("tickets", "0017_asked_of_who_is_away"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnsweredQuestion",
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
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words"], name="answered_question_words"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NotUseful",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("ticket", "other"), name="not_useful_once")],
            },
        ),
        migrations.RunSQL(KNOW_MORE, KNOW_AS_USUAL),
    ]
