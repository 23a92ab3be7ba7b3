"""An article says whether its mail is kept to its end: what is cut off is not sent on as if it were whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Mails are whole; those of before that are not are told by the mail gate, which knows them."""

    dependencies = [("tickets", "0012_bulk")]
    operations = [
        migrations.AddField(
            model_name="article",
            name="raw_is_whole",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
