"""Mailboxes, and the mail that came in."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import work.trace


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("blobs", "0001_house"),
        ("outbox", "0001_house"),
        ("queues", "0001_house"),
        ("tickets", "0001_house"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                (
                    "protocol",
                    models.CharField(
                        choices=[("imap", "IMAP"), ("pop3", "POP3")],
                        default="imap",
                        max_length=10,
                        verbose_name="protocol",
                    ),
                ),
                ("host", models.CharField(max_length=253, verbose_name="server")),
                (
                    "port",
                    models.PositiveIntegerField(
                        default=993,
                        help_text="With TLS from the start 993 (IMAP) or 995 (POP3), else 143 or 110.",
                        verbose_name="port",
                    ),
                ),
                (
                    "security",
                    models.CharField(
                        choices=[("tls", "TLS from the start"), ("starttls", "STARTTLS"), ("plain", "none")],
                        default="tls",
                        max_length=10,
                        verbose_name="security",
                    ),
                ),
                (
                    "check_certificate",
                    models.BooleanField(default=True, verbose_name="check the certificate"),
                ),
                ("username", models.CharField(max_length=254, verbose_name="username")),
                ("password", models.CharField(max_length=500, verbose_name="password")),
                (
                    "folder",
                    models.CharField(
                        default="INBOX",
                        help_text="POP3 knows only the inbox.",
                        max_length=250,
                        verbose_name="folder",
                    ),
                ),
                (
                    "interval_seconds",
                    models.PositiveIntegerField(default=60, verbose_name="interval (seconds)"),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("leave", "leave it as it is"),
                            ("mark", "mark it as read"),
                            ("delete", "delete it"),
                            ("move", "move it to a folder"),
                        ],
                        default="mark",
                        help_text="POP3 can only leave a message as it is, or delete it.",
                        max_length=10,
                        verbose_name="after fetching",
                    ),
                ),
                ("move_to", models.CharField(blank=True, default="", max_length=250, verbose_name="move to")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "canary_address",
                    models.EmailField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="An address whose mail arrives in this mailbox. With the setting KVV_CANARY a test mail is sent to it once a day, and KVV warns when it does not come back. Empty: no test mail.",
                        max_length=320,
                        verbose_name="address for test mails",
                    ),
                ),
                (
                    "is_confirmed",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        editable=False,
                        help_text="In the admin a new mailbox asks first; nothing is fetched before somebody has answered.",
                        verbose_name="fetching has been confirmed",
                    ),
                ),
                (
                    "generation",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        editable=False,
                        help_text="Raised when this becomes another account or folder, which may have the same UIDs.",
                    ),
                ),
                (
                    "begin_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="What was on the server before is old; empty: nothing is.",
                        null=True,
                    ),
                ),
                (
                    "take_from",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="Of what is old, only what came since is taken in; empty: all of it.",
                        null=True,
                    ),
                ),
                (
                    "begin_uid",
                    models.BigIntegerField(
                        db_default=0,
                        default=0,
                        editable=False,
                        help_text="IMAP: messages from this one on are new.",
                    ),
                ),
                (
                    "begin_validity",
                    models.BigIntegerField(
                        blank=True,
                        editable=False,
                        help_text="IMAP: the UIDVALIDITY at `begin_at`.",
                        null=True,
                    ),
                ),
                ("lease", models.UUIDField(blank=True, editable=False, null=True)),
                ("leased_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("uid_validity", models.BigIntegerField(blank=True, editable=False, null=True)),
                (
                    "highest_uid",
                    models.BigIntegerField(
                        default=0,
                        editable=False,
                        help_text="All up to this one are in the ledger and the server was told.",
                    ),
                ),
                (
                    "settled_count",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        editable=False,
                        help_text="POP3: so many at the list's beginning are settled.",
                    ),
                ),
                (
                    "settled_digest",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        help_text="POP3: of their names.",
                        max_length=64,
                    ),
                ),
                (
                    "next_poll",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "last_success",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last worked"),
                ),
                (
                    "last_error",
                    models.TextField(blank=True, default="", editable=False, verbose_name="last error"),
                ),
                (
                    "failing_since",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="failing since"),
                ),
                (
                    "canary_arrived",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="last test mail arrived"
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: by the address the mail was sent to.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="queues.queue",
                        verbose_name="fixed queue",
                    ),
                ),
            ],
            options={
                "verbose_name": "mailbox",
                "verbose_name_plural": "mailboxes",
            },
        ),
        migrations.CreateModel(
            name="WasThere",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identity", models.CharField(max_length=200, unique=True)),
                ("is_passed", models.BooleanField(help_text="It is not to be taken in.")),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mailgate.mailbox"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AutoResponseSent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=320)),
                ("at", models.DateTimeField()),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.event"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["address", "at"], name="auto_response_address")],
            },
        ),
        migrations.CreateModel(
            name="InboundMessage",
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
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("imap", "IMAP"),
                            ("pop3", "POP3"),
                            ("listener", "listener"),
                            ("pipe", "command"),
                        ],
                        max_length=10,
                        verbose_name="way in",
                    ),
                ),
                ("identity", models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("envelope_from", models.CharField(blank=True, default="", max_length=320)),
                ("envelope_to", models.JSONField(default=list)),
                ("message_id", models.CharField(blank=True, default="", max_length=500)),
                (
                    "full_size",
                    models.BigIntegerField(
                        blank=True,
                        help_text="Bytes of the original, where only its beginning was taken in.",
                        null=True,
                    ),
                ),
                (
                    "is_old",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="It lay in the mailbox before that was confirmed: nobody gets a reaction to it.",
                        verbose_name="was there before",
                    ),
                ),
                (
                    "received",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="received"
                    ),
                ),
                (
                    "action",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="what became of it"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tickets.article",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="queues.queue",
                        verbose_name="queue",
                    ),
                ),
                (
                    "raw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="blobs.blob"
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="mailgate.mailbox",
                        verbose_name="mailbox",
                    ),
                ),
            ],
            options={
                "verbose_name": "incoming mail",
                "verbose_name_plural": "incoming mails",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "claimed"])),
                        fields=["not_before", "id"],
                        name="inbound_due",
                    ),
                    models.Index(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=["message_id"],
                        name="inbound_message_id",
                    ),
                    models.Index(
                        condition=models.Q(("state", "quarantined")),
                        fields=["received"],
                        name="inbound_quarantine",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Canary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("token", models.CharField(max_length=100, unique=True)),
                ("sent", models.DateTimeField()),
                ("arrived", models.DateTimeField(blank=True, null=True)),
                (
                    "transport",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="outbox.transport"
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mailgate.mailbox"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("mailbox", "transport", "day"), name="canary_once_a_day")
                ],
            },
        ),
    ]
