"""The rights are a list in the code alone; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queues", "0002_postmaster")]

    operations = [
        migrations.AlterField(
            model_name="queuepermission",
            name="right",
            field=models.CharField(max_length=20, verbose_name="right"),
        ),
    ]
