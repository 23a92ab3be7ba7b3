import django.core.validators
from django.db import migrations, models

import webforms.models


class Migration(migrations.Migration):
    dependencies = [("webforms", "0002_skin")]

    operations = [
        migrations.AlterField(
            model_name="category",
            name="files_mb",
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text="What the files of one question may be together.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(webforms.models.files_mb_most),
                ],
                verbose_name="files, in MB",
            ),
        ),
    ]
