"""What agents tell each other of a customer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_organisation_folded"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="comment",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="For agents only. Write nothing that the customer must not read: who asks gets to see it.",
                max_length=1000,
                verbose_name="comment",
            ),
        ),
    ]
