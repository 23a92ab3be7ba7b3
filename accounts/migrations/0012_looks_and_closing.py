"""What an agent's pages look like, how often lists are read again, and what their letters end with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The database has the defaults, too: preferences are also made by code of before."""

    dependencies = [
        ("accounts", "0011_comment_on_a_customer"),
    ]

    operations = [
        migrations.AddField(
            model_name="preferences",
            name="closing",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=200, verbose_name="own closing line"
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="refresh_minutes",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="Minutes; 0 is never.",
                verbose_name="refresh interval of the overviews",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="skin",
            field=models.CharField(
                choices=[
                    ("standard", "Standard"),
                    ("dark", "Dark"),
                    ("contrast", "High contrast"),
                    ("slim", "Slim"),
                ],
                db_default="standard",
                default="standard",
                max_length=8,
                verbose_name="skin",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="theme",
            field=models.CharField(
                choices=[("dense", "Dense"), ("roomy", "Roomy")],
                db_default="dense",
                default="dense",
                max_length=5,
                verbose_name="theme",
            ),
        ),
    ]
