"""What an organisation is searched by is kept, not made of all of them at each search; there are few."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_word_of_a_customer")]
    operations = [
        migrations.AddField(
            model_name="organisation",
            name="folded",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    django.db.models.functions.text.Concat("name", models.Value(" "), "code"),
                    function="accounts_fold",
                ),
                output_field=models.TextField(),
                verbose_name="name and code, folded",
            ),
        ),
    ]
