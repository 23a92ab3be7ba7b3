"""Free fields, their choices, and what tickets hold in them.

Two keys say what Django can't: a value is of its field's kind, which therefore stays, and its choice is one of
its field's.
"""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

KEYS = """
    ALTER TABLE tickets_freevalue
        ADD CONSTRAINT free_value_kind_of_field FOREIGN KEY (field_id, kind)
            REFERENCES tickets_freefield (id, kind) DEFERRABLE INITIALLY DEFERRED,
        ADD CONSTRAINT free_value_choice_of_field FOREIGN KEY (choice_id, field_id)
            REFERENCES tickets_freechoice (id, field_id) DEFERRABLE INITIALLY DEFERRED
"""
NO_KEYS = """
    ALTER TABLE tickets_freevalue
        DROP CONSTRAINT free_value_kind_of_field,
        DROP CONSTRAINT free_value_choice_of_field
"""


class Migration(migrations.Migration):
    """Tables of their own, so that nothing that is there is touched."""

    dependencies = [
        ("queues", "0002_no_index_twice"),
        ("tickets", "0009_who_finds_whom"),
    ]

    operations = [
        migrations.CreateModel(
            name="FreeField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_nl", models.CharField(max_length=100, verbose_name="name in Dutch")),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Without one, the Dutch name is shown.",
                        max_length=100,
                        verbose_name="name in English",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=100, help_text="The lowest comes first.", verbose_name="position"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("short", "short text"),
                            ("long", "long text"),
                            ("number", "number"),
                            ("date", "date"),
                            ("moment", "date and time"),
                            ("choice", "one choice"),
                            ("several", "several choices"),
                            ("tick", "tick"),
                        ],
                        help_text="It can't be changed any more once a ticket has a value.",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "help_nl",
                    models.CharField(
                        blank=True, default="", max_length=250, verbose_name="explanation in Dutch"
                    ),
                ),
                (
                    "help_en",
                    models.CharField(
                        blank=True, default="", max_length=250, verbose_name="explanation in English"
                    ),
                ),
                (
                    "on_ticket",
                    models.CharField(
                        choices=[("shown", "shown"), ("required", "required")],
                        default="shown",
                        max_length=10,
                        verbose_name="on the ticket's own screen",
                    ),
                ),
                (
                    "on_new_ticket",
                    models.CharField(
                        blank=True,
                        choices=[("", "not shown"), ("shown", "shown"), ("required", "required")],
                        default="",
                        max_length=10,
                        verbose_name="on a new ticket",
                    ),
                ),
                (
                    "on_answer",
                    models.CharField(
                        blank=True,
                        choices=[("", "not shown"), ("shown", "shown"), ("required", "required")],
                        default="",
                        max_length=10,
                        verbose_name="on an answer",
                    ),
                ),
                (
                    "on_close",
                    models.CharField(
                        blank=True,
                        choices=[("", "not shown"), ("shown", "shown"), ("required", "required")],
                        default="",
                        max_length=10,
                        verbose_name="on closing",
                    ),
                ),
                (
                    "on_web_form",
                    models.CharField(
                        blank=True,
                        choices=[("", "not shown"), ("shown", "shown"), ("required", "required")],
                        default="",
                        max_length=10,
                        verbose_name="on a web form",
                    ),
                ),
                (
                    "queues",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Without any, the field is for all queues.",
                        related_name="+",
                        to="queues.queue",
                        verbose_name="queues",
                    ),
                ),
            ],
            options={
                "verbose_name": "free field",
                "verbose_name_plural": "free fields",
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="FreeChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_nl", models.CharField(max_length=100, verbose_name="name in Dutch")),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Without one, the Dutch name is shown.",
                        max_length=100,
                        verbose_name="name in English",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=100, help_text="The lowest comes first.", verbose_name="position"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "field",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="choices",
                        to="tickets.freefield",
                    ),
                ),
            ],
            options={
                "verbose_name": "choice",
                "verbose_name_plural": "choices",
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="FreeValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("short", models.CharField(blank=True, max_length=200, null=True)),
                ("long", models.TextField(blank=True, max_length=10000, null=True)),
                ("number", models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True)),
                ("date", models.DateField(blank=True, null=True)),
                ("moment", models.DateTimeField(blank=True, null=True)),
                ("tick", models.BooleanField(blank=True, null=True)),
                (
                    "choice",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.freechoice",
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.freefield",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="free_values",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="freefield",
            constraint=models.UniqueConstraint(fields=("id", "kind"), name="free_field_of_kind"),
        ),
        migrations.AddConstraint(
            model_name="freechoice",
            constraint=models.UniqueConstraint(fields=("field", "name_nl"), name="free_choice_once"),
        ),
        migrations.AddConstraint(
            model_name="freechoice",
            constraint=models.UniqueConstraint(fields=("id", "field"), name="free_choice_of_field"),
        ),
        migrations.AddIndex(
            model_name="freevalue",
            index=models.Index(
                models.F("field"),
                django.db.models.functions.text.Lower("short"),
                condition=models.Q(("short__isnull", False)),
                name="free_value_short",
            ),
        ),
        migrations.AddIndex(
            model_name="freevalue",
            index=models.Index(
                condition=models.Q(("number__isnull", False)),
                fields=["field", "number"],
                name="free_value_number",
            ),
        ),
        migrations.AddIndex(
            model_name="freevalue",
            index=models.Index(
                condition=models.Q(("date__isnull", False)), fields=["field", "date"], name="free_value_date"
            ),
        ),
        migrations.AddIndex(
            model_name="freevalue",
            index=models.Index(
                condition=models.Q(("moment__isnull", False)),
                fields=["field", "moment"],
                name="free_value_moment",
            ),
        ),
        migrations.AddIndex(
            model_name="freevalue",
            index=models.Index(
                condition=models.Q(("choice__isnull", False)), fields=["choice"], name="free_value_choice"
            ),
        ),
        migrations.AddIndex(
            model_name="freevalue",
            index=models.Index(
                condition=models.Q(("tick__isnull", False)), fields=["field"], name="free_value_tick"
            ),
        ),
        migrations.AddConstraint(
            model_name="freevalue",
            constraint=models.UniqueConstraint(
                models.F("ticket"),
                models.F("field"),
                models.Case(models.When(kind="several", then=models.F("choice"))),
                name="free_value_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="freevalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("choice__isnull", True),
                        ("date__isnull", True),
                        ("kind", "short"),
                        ("long__isnull", True),
                        ("moment__isnull", True),
                        ("number__isnull", True),
                        ("short__isnull", False),
                        ("tick__isnull", True),
                        models.Q(("short", ""), _negated=True),
                    ),
                    models.Q(
                        ("choice__isnull", True),
                        ("date__isnull", True),
                        ("kind", "long"),
                        ("long__isnull", False),
                        ("moment__isnull", True),
                        ("number__isnull", True),
                        ("short__isnull", True),
                        ("tick__isnull", True),
                        models.Q(("long", ""), _negated=True),
                    ),
                    models.Q(
                        ("choice__isnull", True),
                        ("date__isnull", True),
                        ("kind", "number"),
                        ("long__isnull", True),
                        ("moment__isnull", True),
                        ("number__isnull", False),
                        ("short__isnull", True),
                        ("tick__isnull", True),
                    ),
                    models.Q(
                        ("choice__isnull", True),
                        ("date__isnull", False),
                        ("kind", "date"),
                        ("long__isnull", True),
                        ("moment__isnull", True),
                        ("number__isnull", True),
                        ("short__isnull", True),
                        ("tick__isnull", True),
                    ),
                    models.Q(
                        ("choice__isnull", True),
                        ("date__isnull", True),
                        ("kind", "moment"),
                        ("long__isnull", True),
                        ("moment__isnull", False),
                        ("number__isnull", True),
                        ("short__isnull", True),
                        ("tick__isnull", True),
                    ),
                    models.Q(
                        ("choice__isnull", False),
                        ("date__isnull", True),
                        ("kind", "choice"),
                        ("long__isnull", True),
                        ("moment__isnull", True),
                        ("number__isnull", True),
                        ("short__isnull", True),
                        ("tick__isnull", True),
                    ),
                    models.Q(
                        ("choice__isnull", False),
                        ("date__isnull", True),
                        ("kind", "several"),
                        ("long__isnull", True),
                        ("moment__isnull", True),
                        ("number__isnull", True),
                        ("short__isnull", True),
                        ("tick__isnull", True),
                    ),
                    models.Q(
                        ("choice__isnull", True),
                        ("date__isnull", True),
                        ("kind", "tick"),
                        ("long__isnull", True),
                        ("moment__isnull", True),
                        ("number__isnull", True),
                        ("short__isnull", True),
                        ("tick__isnull", False),
                        ("tick", True),
                    ),
                    _connector="OR",
                ),
                name="free_value_of_its_kind",
            ),
        ),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
