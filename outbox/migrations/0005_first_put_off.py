"""When a mail was first put off; a column that is empty costs no rewriting, and the version before lets it be."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Nothing is filled in: what waits now was not put off, as far as anybody knows."""

    dependencies = [("outbox", "0004_refused_is_found")]
    operations = [
        migrations.AddField(
            model_name="outboundmessage",
            name="put_off_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
