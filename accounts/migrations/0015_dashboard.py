"""How an agent likes the dashboard: tabs, boxes in their order, and what is folded away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The database has the defaults, too: preferences are also made by code of before."""

    dependencies = [
        ("accounts", "0014_passwords_given"),
    ]

    operations = [
        migrations.AddField(
            model_name="preferences",
            name="box_order",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], output_field=models.JSONField()),
                default=list,
                editable=False,
                help_text="Names of the boxes of the dashboard; one that came later is not among them.",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="box_rows",
            field=models.PositiveSmallIntegerField(db_default=10, default=10, verbose_name="tickets per box"),
        ),
        migrations.AddField(
            model_name="preferences",
            name="box_tabs",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, output_field=models.JSONField()),
                default=dict,
                editable=False,
                help_text="Name of a box of the dashboard → name of its tab.",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="hidden_boxes",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], output_field=models.JSONField()),
                default=list,
                editable=False,
                help_text="Names of the boxes of the dashboard that are not shown.",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="welcome_is_folded",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
