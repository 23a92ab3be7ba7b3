"""The overviews name a ticket of which an answer did not arrive."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0004_who_wrote"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="undelivered_article",
            field=models.BigIntegerField(blank=True, null=True),
        ),
    ]
