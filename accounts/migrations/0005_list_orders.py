"""How an agent has each kind of list sorted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="preferences",
            name="orders",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, output_field=models.JSONField()),
                default=dict,
                editable=False,
                help_text="ListKind → 'column:up' or 'column:down'.",
            ),
        ),
    ]
