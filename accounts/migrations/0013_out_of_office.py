"""From when until when an agent is out of office, and who stands in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_looks_and_closing"),
    ]

    operations = [
        migrations.AddField(
            model_name="preferences",
            name="away_from",
            field=models.DateField(blank=True, null=True, verbose_name="out of office from"),
        ),
        migrations.AddField(
            model_name="preferences",
            name="away_until",
            field=models.DateField(blank=True, null=True, verbose_name="out of office until"),
        ),
        migrations.AddField(
            model_name="preferences",
            name="stand_in",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="stand-in",
            ),
        ),
        migrations.AddConstraint(
            model_name="preferences",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("away_from", None), ("away_until", None)),
                    ("away_from__lte", models.F("away_until")),
                    _connector="OR",
                ),
                name="preferences_away_in_order",
            ),
        ),
    ]
