"""The nine states, the number sequence, and the triggers that keep the tallies."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tickets.shipped import add_states

FUNCTION = """
CREATE FUNCTION tickets_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO tickets_tickettallydelta (queue_id, state_type, locked, n)
        SELECT queue_id, state_type, locked, count(*) FROM added GROUP BY queue_id, state_type, locked;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO tickets_tickettallydelta (queue_id, state_type, locked, n)
        SELECT queue_id, state_type, locked, -count(*) FROM gone GROUP BY queue_id, state_type, locked;
    ELSE
        INSERT INTO tickets_tickettallydelta (queue_id, state_type, locked, n)
        SELECT queue_id, state_type, locked, sum(n) FROM (
            SELECT queue_id, state_type, locked, 1 AS n FROM added
            UNION ALL SELECT queue_id, state_type, locked, -1 FROM gone
        ) AS sums GROUP BY queue_id, state_type, locked HAVING sum(n) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_tally_insert AFTER INSERT ON tickets_ticket
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tickets_tally();
CREATE TRIGGER tickets_tally_delete AFTER DELETE ON tickets_ticket
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tickets_tally();
CREATE TRIGGER tickets_tally_update AFTER UPDATE ON tickets_ticket
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tickets_tally();
"""
NO_FUNCTION = """
DROP TRIGGER tickets_tally_insert ON tickets_ticket;
DROP TRIGGER tickets_tally_delete ON tickets_ticket;
DROP TRIGGER tickets_tally_update ON tickets_ticket;
DROP FUNCTION tickets_tally();
"""


def ship_states(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the states that ship."""
    add_states(apps)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE tickets_number", "DROP SEQUENCE tickets_number"),
        migrations.RunPython(ship_states, migrations.RunPython.noop),
        migrations.RunSQL(FUNCTION, NO_FUNCTION),
    ]
