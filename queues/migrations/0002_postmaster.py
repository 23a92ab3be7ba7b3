"""The queue for mail that no address leads anywhere else."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTMASTER = "Postmaster"


def add_postmaster(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A mail always finds a queue."""
    apps.get_model("queues", "Queue").objects.get_or_create(name=POSTMASTER)


class Migration(migrations.Migration):
    dependencies = [("queues", "0001_initial")]

    operations = [migrations.RunPython(add_postmaster, migrations.RunPython.noop)]
