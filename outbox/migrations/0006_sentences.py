"""A constraint that a form can meet says why in a sentence; the database itself stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Only what Django knows of it changes."""

    dependencies = [("outbox", "0005_first_put_off")]
    operations = [
        migrations.AlterConstraint(
            model_name="transport",
            name="transport_one_default",
            constraint=models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="transport_one_default",
                violation_error_message="Another server is the default.",
            ),
        ),
    ]
