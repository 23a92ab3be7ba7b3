"""The archive is not sorted any more by when its tickets were made: the index for that goes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0007_no_index_twice"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_closed_created",
        ),
    ]
