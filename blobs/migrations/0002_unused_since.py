"""Since when nothing refers to a blob, and how far the sweeper has come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blobs", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SweepRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began", models.DateTimeField()),
                ("upto", models.BigIntegerField(default=0, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="blob",
            name="unused_since",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
