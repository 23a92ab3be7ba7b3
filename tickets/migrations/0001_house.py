"""Tickets and all that was said and done in them; their numbers, their tallies, and what ships."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import work.trace
from tickets.shipped import add_postmaster, add_states

TALLIES = """
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
NO_TALLIES = """
DROP TRIGGER tickets_tally_insert ON tickets_ticket;
DROP TRIGGER tickets_tally_delete ON tickets_ticket;
DROP TRIGGER tickets_tally_update ON tickets_ticket;
DROP FUNCTION tickets_tally();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_house"),
        ("blobs", "0001_house"),
        ("outbox", "0001_house"),
        ("queues", "0001_house"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("first_value", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sender_type",
                    models.CharField(
                        choices=[("agent", "agent"), ("system", "system"), ("customer", "customer")],
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("phone", "phone"),
                            ("note", "note"),
                            ("web", "web form"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "incoming"), ("out", "outgoing"), ("internal", "internal")],
                        max_length=10,
                    ),
                ),
                ("is_visible", models.BooleanField(verbose_name="visible to the customer")),
                (
                    "created",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created"
                    ),
                ),
                ("date", models.DateTimeField(blank=True, null=True, verbose_name="date in the mail")),
                ("from_header", models.CharField(blank=True, default="", max_length=1000)),
                ("from_address", models.CharField(blank=True, default="", max_length=320)),
                ("reply_to", models.CharField(blank=True, default="", max_length=1000)),
                ("to", models.TextField(blank=True, default="")),
                ("cc", models.TextField(blank=True, default="")),
                ("bcc", models.TextField(blank=True, default="")),
                ("subject", models.CharField(blank=True, default="", max_length=1000)),
                ("text", models.TextField(blank=True, default="")),
                ("html", models.TextField(blank=True, default="")),
                ("clean_version", models.PositiveSmallIntegerField(default=0)),
                ("message_id", models.CharField(blank=True, default="", max_length=500)),
                ("references", models.TextField(blank=True, default="")),
                ("is_automatic", models.BooleanField(default=False)),
                ("warning", models.CharField(blank=True, default="", max_length=50)),
                ("time_units", models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outbound",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outbox.outboundmessage",
                    ),
                ),
                (
                    "raw",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="blobs.blob",
                    ),
                ),
                (
                    "writer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=150)),
                ("content_id", models.CharField(blank=True, default="", max_length=500)),
                ("is_inline", models.BooleanField(default=False)),
                ("size", models.BigIntegerField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="tickets.article",
                    ),
                ),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="blobs.blob"
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
            },
        ),
        migrations.CreateModel(
            name="State",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(unique=True, verbose_name="key")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("open", "open"),
                            ("pending_reminder", "pending reminder"),
                            ("pending_auto", "pending auto close"),
                            ("closed", "closed"),
                            ("merged", "merged"),
                            ("removed", "removed"),
                        ],
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "closes_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.state",
                        verbose_name="closes into",
                    ),
                ),
            ],
            options={
                "verbose_name": "state",
                "verbose_name_plural": "states",
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=50, unique=True, verbose_name="number")),
                ("title", models.CharField(blank=True, default="", max_length=255, verbose_name="title")),
                (
                    "state_type",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("open", "open"),
                            ("pending_reminder", "pending reminder"),
                            ("pending_auto", "pending auto close"),
                            ("closed", "closed"),
                            ("merged", "merged"),
                            ("removed", "removed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "1 very low"),
                            (2, "2 low"),
                            (3, "3 normal"),
                            (4, "4 high"),
                            (5, "5 very high"),
                        ],
                        default=3,
                        verbose_name="priority",
                    ),
                ),
                ("locked", models.BooleanField(default=False, verbose_name="locked")),
                ("locked_at", models.DateTimeField(blank=True, null=True, verbose_name="locked at")),
                (
                    "created",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created"
                    ),
                ),
                (
                    "changed",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="changed"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("pending_until", models.DateTimeField(blank=True, null=True, verbose_name="pending until")),
                ("escalates_at", models.DateTimeField(blank=True, null=True)),
                ("first_response_due", models.DateTimeField(blank=True, null=True)),
                ("update_due", models.DateTimeField(blank=True, null=True)),
                ("solution_due", models.DateTimeField(blank=True, null=True)),
                ("warns_at", models.DateTimeField(blank=True, null=True)),
                ("terms_version", models.PositiveIntegerField(default=0)),
                ("first_answer_at", models.DateTimeField(blank=True, null=True)),
                ("last_answer_at", models.DateTimeField(blank=True, null=True)),
                ("waits_since", models.DateTimeField(blank=True, null=True)),
                ("internal_until", models.DateTimeField(blank=True, null=True)),
                ("first_closed_at", models.DateTimeField(blank=True, null=True)),
                ("reopened_at", models.DateTimeField(blank=True, null=True)),
                ("sender_name", models.CharField(blank=True, default="", max_length=320)),
                ("last_contact", models.DateTimeField(blank=True, null=True)),
                ("article_count", models.PositiveIntegerField(default=0)),
                ("attachment_count", models.PositiveIntegerField(default=0)),
                ("latest_customer_article", models.BigIntegerField(blank=True, null=True)),
                ("time_units", models.DecimalField(decimal_places=2, default=0, max_digits=10)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="queues.queue",
                        verbose_name="queue",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible",
                    ),
                ),
                (
                    "state",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.state",
                        verbose_name="state",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket",
                "verbose_name_plural": "tickets",
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("agent", "agent"),
                            ("customer", "customer"),
                            ("mail", "mail"),
                            ("timer", "timer"),
                            ("admin", "admin"),
                            ("import", "import"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("changes", models.JSONField(default=dict)),
                ("submission", models.UUIDField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.article",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("submission", models.UUIDField(unique=True)),
                ("screen", models.CharField(max_length=30)),
                ("token", models.CharField(blank=True, default="", max_length=100)),
                ("version", models.PositiveIntegerField(default=0)),
                ("payload", models.JSONField(blank=True, default=dict)),
                ("is_kept", models.BooleanField(default=False)),
                ("changed", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.article",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "writer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
            },
        ),
        migrations.AddField(
            model_name="article",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="articles", to="tickets.ticket"
            ),
        ),
        migrations.CreateModel(
            name="TicketLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("normal", "linked"),
                            ("parent", "parent and child"),
                            ("follow_up", "follow-up of"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_from",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_to",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "link between tickets",
                "verbose_name_plural": "links between tickets",
            },
        ),
        migrations.CreateModel(
            name="TicketSeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("upto", models.BigIntegerField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state_type",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("open", "open"),
                            ("pending_reminder", "pending reminder"),
                            ("pending_auto", "pending auto close"),
                            ("closed", "closed"),
                            ("merged", "merged"),
                            ("removed", "removed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("locked", models.BooleanField()),
                ("n", models.BigIntegerField()),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="queues.queue"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketTallyDelta",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state_type",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("open", "open"),
                            ("pending_reminder", "pending reminder"),
                            ("pending_auto", "pending auto close"),
                            ("closed", "closed"),
                            ("merged", "merged"),
                            ("removed", "removed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("locked", models.BooleanField()),
                ("n", models.IntegerField()),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="queues.queue"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=150)),
                ("content_id", models.CharField(blank=True, default="", max_length=500)),
                ("is_inline", models.BooleanField(default=False)),
                ("size", models.BigIntegerField()),
                ("created", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="blobs.blob"
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="tickets.draft",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AlsoReceived",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="queues.queue",
                        verbose_name="queue",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="also_received",
                        to="tickets.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "elsewhere",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.article",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail that came in twice",
                "verbose_name_plural": "mails that came in twice",
                "constraints": [
                    models.UniqueConstraint(fields=("article", "queue"), name="also_received_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EventTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.CharField(default="queued", max_length=20, verbose_name="state")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "not_before",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="not before"
                    ),
                ),
                ("leased_until", models.DateTimeField(blank=True, null=True, verbose_name="leased until")),
                ("lease", models.UUIDField(blank=True, null=True, verbose_name="lease")),
                ("last_error", models.TextField(blank=True, default="", verbose_name="last error")),
                ("together", models.BooleanField(db_default=False, default=False, editable=False)),
                (
                    "trace",
                    models.CharField(
                        db_default="", default=work.trace.current_trace, editable=False, max_length=64
                    ),
                ),
                ("consumer", models.CharField(max_length=30, verbose_name="reaction")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="tickets.event",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "reaction to an event",
                "verbose_name_plural": "reactions to events",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "failed"), _negated=True),
                        fields=["consumer", "not_before"],
                        name="event_task_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("event", "consumer"), name="event_task_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state_type__in", ["new", "open", "pending_reminder", "pending_auto"])),
                fields=["queue", "created", "id"],
                name="ticket_open_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state_type__in", ["new", "open", "pending_reminder", "pending_auto"])),
                fields=["queue", "-priority", "created", "id"],
                name="ticket_open_priority",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["queue", "-closed_at", "-id"],
                name="ticket_closed_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state_type__in", ["new", "open", "pending_reminder", "pending_auto"])),
                fields=["owner"],
                name="ticket_open_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["queue", "-created", "-id"],
                name="ticket_closed_created",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["queue", "-number", "-id"],
                name="ticket_closed_number",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["customer", "queue", "-closed_at", "-id"],
                name="ticket_closed_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state_type__in", ["new", "open", "pending_reminder", "pending_auto"])),
                fields=["customer"],
                name="ticket_open_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["customer", "-id"], name="ticket_customer"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("pending_until__isnull", False)),
                fields=["pending_until"],
                name="ticket_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("escalates_at__isnull", False)),
                fields=["escalates_at"],
                name="ticket_escalates",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("internal_until__isnull", True)),
                fields=["-closed_at", "-id"],
                name="ticket_without_facts",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                condition=models.Q(("submission__isnull", False)),
                fields=("submission",),
                name="event_form_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True),
                        ("state_type__in", ["new", "open", "pending_reminder", "pending_auto"]),
                    ),
                    models.Q(
                        ("closed_at__isnull", False), ("state_type__in", ["closed", "merged", "removed"])
                    ),
                    _connector="OR",
                ),
                name="ticket_closed_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["ticket", "id"], name="event_ticket"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["at"], name="event_at"
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(condition=models.Q(("is_kept", False)), fields=["changed"], name="draft_old"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("writer__isnull", False), models.Q(("token", ""), _negated=True), _connector="OR"
                ),
                name="draft_has_writer",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["ticket", "id"], name="article_ticket"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("message_id", ""), _negated=True),
                fields=["message_id"],
                name="article_message_id",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("outbound__isnull", False)), fields=["outbound"], name="article_outbound"
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketlink",
            constraint=models.UniqueConstraint(fields=("source", "target", "kind"), name="ticket_link_once"),
        ),
        migrations.AddConstraint(
            model_name="ticketlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True),
                name="ticket_link_to_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "normal"), _negated=True),
                    ("source__lt", models.F("target")),
                    _connector="OR",
                ),
                name="ticket_link_normal_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketseen",
            constraint=models.UniqueConstraint(fields=("ticket", "agent"), name="ticket_seen_once"),
        ),
        migrations.AddConstraint(
            model_name="tickettally",
            constraint=models.UniqueConstraint(fields=("queue", "state_type", "locked"), name="tally_once"),
        ),
        migrations.RunSQL("CREATE SEQUENCE tickets_number", "DROP SEQUENCE tickets_number"),
        migrations.RunSQL(TALLIES, NO_TALLIES),
        migrations.RunPython(add_states, migrations.RunPython.noop),
        migrations.RunPython(add_postmaster, migrations.RunPython.noop),
    ]
