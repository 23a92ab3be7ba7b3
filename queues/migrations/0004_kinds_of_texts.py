"""Standard answers for notes and phone calls, too; those that there are stay answers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("queues", "0003_told_of_merging"),
    ]

    operations = [
        migrations.AddField(
            model_name="responsetemplate",
            name="kind",
            field=models.CharField(
                choices=[("answer", "answer"), ("note", "note"), ("phone", "phone call")],
                db_default="answer",
                default="answer",
                help_text="Where it is offered: beside an answer, beside a note or a closing, or beside a call.",
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
