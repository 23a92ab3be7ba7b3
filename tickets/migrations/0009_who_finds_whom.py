"""Who finds which customer: their words in each queue that has a ticket of theirs, and how many tickets.

Two sorts of statements come to it, of tickets and of words, and what they append is added up: it does not
matter who comes first. But each has to see what the other has done: who makes a ticket holds the customer's
row shared, who changes their words holds it alone (`accounts.0006_words`).
"""

import django.db.models.deletion
from django.db import migrations, models

KEEP = """
CREATE FUNCTION tickets_find_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE queues bigint[]; customers bigint[]; counts integer[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(queue_id), array_agg(customer_id), array_agg(n) INTO queues, customers, counts FROM (
            SELECT queue_id, customer_id, count(*) AS n FROM added
            WHERE customer_id IS NOT NULL GROUP BY queue_id, customer_id
        ) AS sums;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(queue_id), array_agg(customer_id), array_agg(n) INTO queues, customers, counts FROM (
            SELECT queue_id, customer_id, -count(*) AS n FROM gone
            WHERE customer_id IS NOT NULL GROUP BY queue_id, customer_id
        ) AS sums;
    ELSIF EXISTS (
        SELECT FROM gone JOIN added USING (id)
        WHERE (gone.queue_id, gone.customer_id) IS DISTINCT FROM (added.queue_id, added.customer_id)
    ) THEN  -- most changes are of neither
        SELECT array_agg(queue_id), array_agg(customer_id), array_agg(n) INTO queues, customers, counts FROM (
            SELECT queue_id, customer_id, sum(n) AS n FROM (
                SELECT queue_id, customer_id, 1 AS n FROM added
                UNION ALL SELECT queue_id, customer_id, -1 FROM gone
            ) AS rows WHERE customer_id IS NOT NULL GROUP BY queue_id, customer_id HAVING sum(n) <> 0
        ) AS sums;
    END IF;
    IF customers IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM accounts_customer WHERE id = ANY(customers) ORDER BY id FOR SHARE;
    INSERT INTO tickets_customerqueuedelta (queue_id, customer_id, word, n)
    SELECT changed.queue_id, changed.customer_id, words.word, changed.n
    FROM unnest(queues, customers, counts) AS changed (queue_id, customer_id, n)
    JOIN accounts_customerword AS words ON words.customer_id = changed.customer_id;
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_find_insert AFTER INSERT ON tickets_ticket
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tickets_find_tickets();
CREATE TRIGGER tickets_find_delete AFTER DELETE ON tickets_ticket
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tickets_find_tickets();
CREATE TRIGGER tickets_find_update AFTER UPDATE ON tickets_ticket
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tickets_find_tickets();

CREATE FUNCTION tickets_find_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO tickets_customerqueuedelta (queue_id, customer_id, word, n)
        SELECT ticket.queue_id, ticket.customer_id, added.word, count(*)
        FROM added JOIN tickets_ticket AS ticket ON ticket.customer_id = added.customer_id
        GROUP BY ticket.queue_id, ticket.customer_id, added.word;
    ELSE
        INSERT INTO tickets_customerqueuedelta (queue_id, customer_id, word, n)
        SELECT ticket.queue_id, ticket.customer_id, gone.word, -count(*)
        FROM gone JOIN tickets_ticket AS ticket ON ticket.customer_id = gone.customer_id
        GROUP BY ticket.queue_id, ticket.customer_id, gone.word;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_find_insert AFTER INSERT ON accounts_customerword
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tickets_find_words();
CREATE TRIGGER tickets_find_delete AFTER DELETE ON accounts_customerword
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tickets_find_words();

INSERT INTO tickets_customerqueue (queue_id, customer_id, word, n)
SELECT ticket.queue_id, ticket.customer_id, words.word, count(*)
FROM tickets_ticket AS ticket JOIN accounts_customerword AS words ON words.customer_id = ticket.customer_id
GROUP BY ticket.queue_id, ticket.customer_id, words.word;
"""
KEEP_NOT = """
DROP TRIGGER tickets_find_insert ON tickets_ticket;
DROP TRIGGER tickets_find_delete ON tickets_ticket;
DROP TRIGGER tickets_find_update ON tickets_ticket;
DROP TRIGGER tickets_find_insert ON accounts_customerword;
DROP TRIGGER tickets_find_delete ON accounts_customerword;
DROP FUNCTION tickets_find_tickets();
DROP FUNCTION tickets_find_words();
"""


def customer() -> "models.ForeignKey[models.Model, models.Model]":
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="accounts.customer",
    )


def queue() -> "models.ForeignKey[models.Model, models.Model]":
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="queues.queue",
    )


class Migration(migrations.Migration):
    """The triggers hold off whoever writes tickets until all that there are are counted."""

    dependencies = [
        ("accounts", "0006_words"),
        ("queues", "0002_no_index_twice"),
        ("tickets", "0008_no_archive_by_creation"),
    ]
    operations = [
        migrations.CreateModel(
            name="CustomerQueue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        *("queue", "word", "customer"),
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("word", models.CharField(db_collation="C", max_length=100)),
                ("n", models.IntegerField()),
                ("customer", customer()),
                ("queue", queue()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="CustomerQueueDelta",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(db_collation="C", max_length=100)),
                ("n", models.IntegerField()),
                ("customer", customer()),
                ("queue", queue()),
            ],
            options={
                "indexes": [models.Index(fields=["queue", "word", "customer"], name="customer_queue_delta")],
            },
        ),
        migrations.RunSQL(KEEP, KEEP_NOT),
    ]
