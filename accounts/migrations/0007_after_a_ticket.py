"""Where an agent goes after an answer and after a new ticket, and whether single keys do something."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The database has the defaults, too: preferences are also made by code of before."""

    dependencies = [("accounts", "0006_words")]
    operations = [
        migrations.AddField(
            model_name="preferences",
            name="after_answer",
            field=models.CharField(
                choices=[
                    ("list", "The list, if the ticket is done"),
                    ("next", "The next ticket of the list"),
                    ("ticket", "The ticket"),
                ],
                db_default="list",
                default="list",
                max_length=6,
                verbose_name="after an answer",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="after_new_ticket",
            field=models.CharField(
                choices=[
                    ("form", "Another new ticket"),
                    ("ticket", "The new ticket"),
                    ("queue", "The queue of the new ticket"),
                ],
                db_default="form",
                default="form",
                max_length=6,
                verbose_name="after a new ticket",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="has_keys",
            field=models.BooleanField(db_default=True, default=True, verbose_name="keyboard shortcuts"),
        ),
    ]
