"""Constraints that a form can meet say why in a sentence; the database itself stays as it is."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    """Only what Django knows of them changes."""

    dependencies = [("accounts", "0004_tallies_fall")]
    operations = [
        migrations.AlterConstraint(
            model_name="agent",
            name="agent_username_any_case_once",
            constraint=models.UniqueConstraint(
                Lower("username"),
                name="agent_username_any_case_once",
                violation_error_message="Another agent has this user name.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="customeraddress",
            name="customer_address_lower",
            constraint=models.CheckConstraint(
                condition=models.Q(address=Lower("address")),
                name="customer_address_lower",
                violation_error_message="An address is kept in lower case.",
            ),
        ),
    ]
