"""Whether the agents of a group may keep an answer as a standard answer; none may until it is said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_after_a_ticket"),
    ]

    operations = [
        migrations.AddField(
            model_name="group",
            name="keeps_texts",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Its agents may keep an answer that was sent as a standard answer, for the queues in which this group may do everything.",
                verbose_name="may keep standard answers",
            ),
        ),
    ]
