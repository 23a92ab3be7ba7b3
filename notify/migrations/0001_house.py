"""Whom what happened is to be told, and the mails that told it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import work.trace


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("outbox", "0008_no_index_twice"),
        ("tickets", "0015_alarms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NotificationMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=320)),
                ("at", models.DateTimeField()),
                ("returned_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outbound",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outbox.outboundmessage",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notification",
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
                ("reason", models.CharField(max_length=20)),
                ("because", models.CharField(max_length=10)),
                ("created", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("waits", models.BooleanField(db_default=False, default=False)),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.event",
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="notifications",
                        to="notify.notificationmail",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="notificationmail",
            index=models.Index(fields=["agent", "at"], name="notification_mail_agent"),
        ),
        migrations.AddIndex(
            model_name="notificationmail",
            index=models.Index(
                condition=models.Q(("returned_at__isnull", False)),
                fields=["returned_at"],
                name="notification_mail_returned",
            ),
        ),
        migrations.AddConstraint(
            model_name="notificationmail",
            constraint=models.UniqueConstraint(fields=("outbound",), name="notification_mail_once"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "claimed"])),
                fields=["not_before", "id"],
                name="notification_due",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "claimed"])),
                fields=["agent", "id"],
                name="notification_open",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["agent", "created"], name="notification_agent"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("mail__isnull", False)), fields=["mail"], name="notification_mail"
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(fields=("event", "agent"), name="notification_once"),
        ),
    ]
