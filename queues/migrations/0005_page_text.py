"""What an admin writes for pages of the agents."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("queues", "0004_kinds_of_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="PageText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[("welcome", "Welcome! (on the dashboard)"), ("help", "Help")],
                        max_length=20,
                        verbose_name="place",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("nl", "Nederlands"), ("en", "English")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("html", models.TextField(max_length=10000, verbose_name="text")),
            ],
            options={
                "verbose_name": "text for agents",
                "verbose_name_plural": "texts for agents",
                "ordering": ("place", "language"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "language"),
                        name="page_text_once",
                        violation_error_message="There is a text for this place in this language already.",
                    )
                ],
            },
        ),
    ]
