"""The articles of mails of which only the beginning is kept say so."""

from django.db import migrations

BEGINNINGS = """
UPDATE tickets_article a SET raw_is_whole = false
FROM mailgate_inboundmessage m WHERE m.article_id = a.id AND m.full_size IS NOT NULL
"""


class Migration(migrations.Migration):
    """Nothing to take back: the column goes with its own migration."""

    dependencies = [("mailgate", "0005_no_index_twice"), ("tickets", "0013_raw_is_whole")]
    operations = [migrations.RunSQL(BEGINNINGS, migrations.RunSQL.noop)]
