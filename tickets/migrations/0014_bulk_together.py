"""Many tickets become one, or are linked, by a bulk action."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0013_raw_is_whole"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulk",
            name="anyway",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="bulk",
            name="into",
            field=models.CharField(blank=True, db_default="", default="", max_length=50),
        ),
        migrations.AddField(
            model_name="bulk",
            name="together",
            field=models.CharField(
                blank=True,
                choices=[("merged", "merged into"), ("linked", "linked to"), ("parts", "parts of")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
    ]
