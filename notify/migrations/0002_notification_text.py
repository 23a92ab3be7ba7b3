"""What an admin has mails to agents say."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notify", "0001_house"),
    ]

    operations = [
        migrations.CreateModel(
            name="NotificationText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=20, verbose_name="what happened")),
                (
                    "language",
                    models.CharField(
                        choices=[("nl", "Nederlands"), ("en", "English")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("short", models.CharField(blank=True, default="", max_length=100, verbose_name="in short")),
                (
                    "sentence",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="sentence"),
                ),
            ],
            options={
                "verbose_name": "text of mails to agents",
                "verbose_name_plural": "texts of mails to agents",
                "ordering": ("reason", "language"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reason", "language"),
                        name="notification_text_once",
                        violation_error_message="There is a text for this in this language already.",
                    )
                ],
            },
        ),
    ]
