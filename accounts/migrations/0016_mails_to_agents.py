"""What agents are mailed about, and from which address mails about tickets came back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_dashboard"),
    ]

    operations = [
        migrations.AddField(
            model_name="preferences",
            name="mail_stopped_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="preferences",
            name="mail_stopped_for",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=320),
        ),
        migrations.AddField(
            model_name="preferences",
            name="mails_follow_up",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="e-mail on new reactions"
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="mails_followed",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="e-mail on followed tickets"
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="mails_moved",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="e-mail on a moved ticket"
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="mails_new",
            field=models.BooleanField(db_default=False, default=False, verbose_name="e-mail on a new ticket"),
        ),
        migrations.AddField(
            model_name="preferences",
            name="mails_time_out",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="e-mail on a lock time-out"
            ),
        ),
    ]
