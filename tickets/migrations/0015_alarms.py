"""A ticket says when the clock has something to tell of it: a warning, the end of a term, a date."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Open tickets of before learn it from the sweeper of terms, for they were computed by other rules."""

    dependencies = [("tickets", "0014_bulk_together")]
    operations = [
        migrations.AddField(
            model_name="ticket",
            name="alarm_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
