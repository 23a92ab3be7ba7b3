from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.functions import Lower


def one_spelling(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Agents' addresses in lower case, and allauth's table with the same ones, vouched for."""
    Agent = apps.get_model("accounts", "Agent")
    EmailAddress = apps.get_model("account", "EmailAddress")
    EmailAddress.objects.all().delete()
    for agent in Agent.objects.exclude(email=""):
        agent.email = agent.email.strip().lower()
        agent.save(update_fields=["email"])
        EmailAddress.objects.create(user_id=agent.pk, email=agent.email, verified=True, primary=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_house"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunPython(one_spelling, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="agent",
            constraint=models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="agent_email_any_case_once",
                violation_error_message="Another agent has this e-mail address.",
            ),
        ),
    ]
