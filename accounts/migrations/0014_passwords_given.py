"""Whether an administrator knows an agent's password, and how often the agent has signed out everywhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_out_of_office"),
    ]

    operations = [
        migrations.AddField(
            model_name="agent",
            name="password_given",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Whether an administrator knows it: the next sign-in by it asks for a new one.",
                verbose_name="password given",
            ),
        ),
        migrations.AddField(
            model_name="agent",
            name="times_signed_out",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="How often the agent has signed out everywhere.",
            ),
        ),
    ]
