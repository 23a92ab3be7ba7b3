"""The words that each customer is found by, folded as `accounts.words` folds them, and kept by triggers.

A change of a customer's words waits for whoever is making a ticket of theirs, and the other way round: the
row of the customer is locked for it. Several are locked in order.
"""

import django.db.models.deletion
from django.db import migrations, models

FOLD = r"""
CREATE FUNCTION accounts_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(
        regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g'),
        'ABCDEFGHIJKLMNOPQRSTUVWXYZΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏØøŁłĐđÐðıÆŒÞẞς’',
        'abcdefghijklmnopqrstuvwxyzαβγδεζηθικλμνξοπρστυφχψωабвгдежзийклмнопрстуфхцчшщъыьэюяѐёђѓєѕіїјљњћќѝўџoollddddiæœþßσ'''
    )
$$;
CREATE VIEW accounts_words (customer_id, word) AS
    SELECT DISTINCT customer_id, left(word, 100) COLLATE "C" FROM (
        SELECT c.id AS customer_id, parts.word FROM accounts_customer c CROSS JOIN LATERAL
            regexp_split_to_table(accounts_fold(c.first_name || ' ' || c.last_name), '[\x01-\x20\x7f]+') AS parts (word)
        UNION ALL
        SELECT c.id, parts.word FROM accounts_customer c CROSS JOIN LATERAL
            regexp_split_to_table(accounts_fold(c.first_name || ' ' || c.last_name), '[\x01-\x2f\x3a-\x60\x7b-\x7f]+') AS parts (word)
        UNION ALL
        SELECT c.id, parts.word FROM accounts_customer c CROSS JOIN LATERAL
            regexp_split_to_table(accounts_fold(c.code), '[\x01-\x20\x7f]+') AS parts (word)
        UNION ALL
        SELECT a.customer_id, parts.word FROM accounts_customeraddress a CROSS JOIN LATERAL
            regexp_split_to_table(accounts_fold(a.address), '[\x01-\x20\x7f]+') AS parts (word)
    ) AS said WHERE word <> ''
    UNION ALL
    SELECT id, '' FROM accounts_customer;
"""
NO_FOLD = """
DROP VIEW accounts_words;
DROP FUNCTION accounts_fold(text);
"""

KEEP = """
CREATE FUNCTION accounts_keep_words(changed bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM accounts_customer WHERE id = ANY(changed) ORDER BY id FOR NO KEY UPDATE;
    WITH wanted AS MATERIALIZED (
        SELECT customer_id, word FROM accounts_words WHERE customer_id = ANY(changed)
    ), gone AS (
        DELETE FROM accounts_customerword AS kept WHERE customer_id = ANY(changed) AND NOT EXISTS (
            SELECT FROM wanted WHERE wanted.customer_id = kept.customer_id AND wanted.word = kept.word
        )
    )
    INSERT INTO accounts_customerword (customer_id, word) SELECT customer_id, word FROM wanted
    ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION accounts_customer_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(id) INTO changed FROM added;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(id) INTO changed FROM gone;
    ELSE
        SELECT array_agg(added.id) INTO changed FROM added JOIN gone USING (id)
        WHERE (added.first_name, added.last_name, added.code) <> (gone.first_name, gone.last_name, gone.code);
    END IF;
    IF changed IS NOT NULL THEN
        PERFORM accounts_keep_words(changed);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_words_insert AFTER INSERT ON accounts_customer
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION accounts_customer_words();
CREATE TRIGGER accounts_words_update AFTER UPDATE ON accounts_customer
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION accounts_customer_words();
CREATE TRIGGER accounts_words_delete AFTER DELETE ON accounts_customer
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION accounts_customer_words();

CREATE FUNCTION accounts_address_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT customer_id) INTO changed FROM added;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT customer_id) INTO changed FROM gone;
    ELSE
        SELECT array_agg(DISTINCT customer_id) INTO changed
        FROM (SELECT customer_id FROM added UNION ALL SELECT customer_id FROM gone) AS owners;
    END IF;
    IF changed IS NOT NULL THEN
        PERFORM accounts_keep_words(changed);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_words_insert AFTER INSERT ON accounts_customeraddress
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION accounts_address_words();
CREATE TRIGGER accounts_words_update AFTER UPDATE ON accounts_customeraddress
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION accounts_address_words();
CREATE TRIGGER accounts_words_delete AFTER DELETE ON accounts_customeraddress
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION accounts_address_words();

INSERT INTO accounts_customerword (customer_id, word) SELECT customer_id, word FROM accounts_words;
"""
KEEP_NOT = """
DROP TRIGGER accounts_words_insert ON accounts_customer;
DROP TRIGGER accounts_words_update ON accounts_customer;
DROP TRIGGER accounts_words_delete ON accounts_customer;
DROP TRIGGER accounts_words_insert ON accounts_customeraddress;
DROP TRIGGER accounts_words_update ON accounts_customeraddress;
DROP TRIGGER accounts_words_delete ON accounts_customeraddress;
DROP FUNCTION accounts_customer_words();
DROP FUNCTION accounts_address_words();
DROP FUNCTION accounts_keep_words(bigint[]);
"""


class Migration(migrations.Migration):
    """The triggers hold off whoever writes customers until the words of all are there."""

    dependencies = [("accounts", "0005_sentences")]
    operations = [
        migrations.CreateModel(
            name="CustomerWord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "word", "customer", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="words",
                        to="accounts.customer",
                    ),
                ),
                ("word", models.CharField(db_collation="C", max_length=100)),
            ],
        ),
        migrations.RunSQL(FOLD, NO_FOLD),
        migrations.RunSQL(KEEP, KEEP_NOT),
    ]
