"""Of the tickets of some queues agents are mailed without text."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("queues", "0005_page_text"),
    ]

    operations = [
        migrations.AddField(
            model_name="queue",
            name="mails_without_text",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="What agents are mailed of its tickets names the number and a link, and nothing of the question.",
                verbose_name="e-mail to agents without text",
            ),
        ),
    ]
