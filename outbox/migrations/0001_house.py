"""Mail on its way out, its recipients, and the servers that take it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import work.trace


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("blobs", "0001_house"),
    ]

    operations = [
        migrations.CreateModel(
            name="Transport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("host", models.CharField(max_length=253, verbose_name="server")),
                ("port", models.PositiveIntegerField(default=587, verbose_name="port")),
                (
                    "security",
                    models.CharField(
                        choices=[
                            ("tls", "TLS from the start (465)"),
                            ("starttls", "STARTTLS (587)"),
                            ("plain", "none (25)"),
                        ],
                        default="starttls",
                        max_length=10,
                        verbose_name="security",
                    ),
                ),
                (
                    "check_certificate",
                    models.BooleanField(default=True, verbose_name="check the certificate"),
                ),
                (
                    "username",
                    models.CharField(blank=True, default="", max_length=254, verbose_name="username"),
                ),
                (
                    "password",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="password"),
                ),
                (
                    "timeout_seconds",
                    models.PositiveSmallIntegerField(default=30, verbose_name="time-out (seconds)"),
                ),
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
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
            ],
            options={
                "verbose_name": "outgoing mail server",
                "verbose_name_plural": "outgoing mail servers",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="transport_one_default",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboundMessage",
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
                    "sender",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Empty: a bounce-less mail.",
                        max_length=320,
                        verbose_name="envelope sender",
                    ),
                ),
                ("message_id", models.CharField(max_length=500, unique=True, verbose_name="Message-ID")),
                ("subject", models.CharField(blank=True, default="", max_length=300, verbose_name="subject")),
                ("dedupe_key", models.CharField(max_length=200, unique=True)),
                (
                    "created",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created"
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "mime",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="blobs.blob"
                    ),
                ),
                (
                    "transport",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="outbox.transport",
                        verbose_name="outgoing mail server",
                    ),
                ),
            ],
            options={
                "verbose_name": "outgoing mail",
                "verbose_name_plural": "outgoing mails",
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=320, verbose_name="address")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("bounced", "came back"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                (
                    "reply",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="the server's answer"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="outbox.outboundmessage",
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient",
                "verbose_name_plural": "recipients",
                "constraints": [
                    models.UniqueConstraint(fields=("message", "address"), name="recipient_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "claimed", "sending"])),
                fields=["not_before", "id"],
                name="outbound_due",
            ),
        ),
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(
                condition=models.Q(("state__in", ["failed", "doubtful"])),
                fields=["created"],
                name="outbound_stuck",
            ),
        ),
    ]
