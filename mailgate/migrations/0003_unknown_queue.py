"""Queues that mail was handed over for by name, and that are not there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mailgate", "0002_sealed_password"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnknownQueue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                ("since", models.DateTimeField()),
                ("asked", models.DateTimeField()),
            ],
        ),
    ]
