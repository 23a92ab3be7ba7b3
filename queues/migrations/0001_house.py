"""Queues with their addresses, calendars, texts, permissions and subscriptions."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_house"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                (
                    "time_zone",
                    models.CharField(default="Europe/Amsterdam", max_length=64, verbose_name="time zone"),
                ),
                ("hours", models.JSONField(blank=True, default=dict, verbose_name="hours")),
                ("holidays", models.JSONField(blank=True, default=list, verbose_name="holidays")),
            ],
            options={
                "verbose_name": "calendar",
                "verbose_name_plural": "calendars",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="MailAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        help_text="In lower case.", max_length=320, unique=True, verbose_name="address"
                    ),
                ),
                ("name", models.CharField(blank=True, default="", max_length=200, verbose_name="name")),
                (
                    "is_form",
                    models.BooleanField(
                        default=False,
                        help_text="A web form mails from this address: the customer is in Reply-To.",
                        verbose_name="sends forms",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "mail address",
                "verbose_name_plural": "mail addresses",
                "ordering": ("address",),
            },
        ),
        migrations.CreateModel(
            name="Salutation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("html", models.TextField(blank=True, default="", max_length=10000, verbose_name="text")),
            ],
            options={
                "verbose_name": "salutation",
                "verbose_name_plural": "salutations",
                "ordering": ("name",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("html", models.TextField(blank=True, default="", max_length=10000, verbose_name="text")),
            ],
            options={
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "ordering": ("name",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Queue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="A queue below another: Parent::Child.",
                        max_length=200,
                        unique=True,
                        verbose_name="name",
                    ),
                ),
                (
                    "first_response_minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="first response within (working minutes)"
                    ),
                ),
                (
                    "update_minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="update within (working minutes)"
                    ),
                ),
                (
                    "solution_minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="solution within (working minutes)"
                    ),
                ),
                (
                    "notify_percent",
                    models.PositiveSmallIntegerField(
                        default=80,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="warn at (percent of the term)",
                    ),
                ),
                (
                    "update_only_while_waiting",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="Otherwise it runs after our own answers, too.",
                        verbose_name="the update term runs only while the customer waits",
                    ),
                ),
                (
                    "solution_restarts_on_reopen",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="Otherwise a ticket that was closed once has no solution term any more.",
                        verbose_name="reopening starts the solution term anew",
                    ),
                ),
                ("terms_version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "unlock_minutes",
                    models.PositiveIntegerField(
                        default=0, help_text="0: never.", verbose_name="unlock after (working minutes)"
                    ),
                ),
                (
                    "follow_up",
                    models.CharField(
                        choices=[
                            ("possible", "possible: the ticket opens again"),
                            ("reject", "not possible: the sender is told so"),
                            ("new_ticket", "a new ticket is made"),
                        ],
                        default="possible",
                        max_length=20,
                        verbose_name="follow-up on a closed ticket",
                    ),
                ),
                (
                    "lock_on_follow_up",
                    models.BooleanField(default=False, verbose_name="lock for the old owner on a follow-up"),
                ),
                (
                    "closes_after_answer",
                    models.BooleanField(
                        default=True,
                        help_text="What the answer screen proposes: successfully closed, or open.",
                        verbose_name="close after an answer",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("comment", models.CharField(blank=True, default="", max_length=250, verbose_name="comment")),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        help_text="Without a calendar every minute counts, at night and on holidays, too.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="queues.calendar",
                        verbose_name="calendar",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="queues.mailaddress",
                        verbose_name="sender address",
                    ),
                ),
                (
                    "salutation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="queues.salutation",
                        verbose_name="salutation",
                    ),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="queues.signature",
                        verbose_name="signature",
                    ),
                ),
            ],
            options={
                "verbose_name": "queue",
                "verbose_name_plural": "queues",
                "ordering": ("name",),
            },
        ),
        migrations.AddField(
            model_name="mailaddress",
            name="queue",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="addresses",
                to="queues.queue",
                verbose_name="queue",
            ),
        ),
        migrations.CreateModel(
            name="AutoResponse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("html", models.TextField(blank=True, default="", max_length=10000, verbose_name="text")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new_ticket", "new ticket"),
                            ("follow_up", "follow-up"),
                            ("reject", "follow-up refused"),
                            ("new_after_closed", "new ticket instead of a closed one"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                (
                    "queues",
                    models.ManyToManyField(
                        blank=True, related_name="auto_responses", to="queues.queue", verbose_name="queues"
                    ),
                ),
            ],
            options={
                "verbose_name": "automatic answer",
                "verbose_name_plural": "automatic answers",
                "ordering": ("name",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ResponseTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("html", models.TextField(blank=True, default="", max_length=10000, verbose_name="text")),
                (
                    "queues",
                    models.ManyToManyField(
                        blank=True, related_name="templates", to="queues.queue", verbose_name="queues"
                    ),
                ),
            ],
            options={
                "verbose_name": "standard answer",
                "verbose_name_plural": "standard answers",
                "ordering": ("name",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="QueuePermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("right", models.CharField(max_length=20, verbose_name="right")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="permissions",
                        to="accounts.group",
                        verbose_name="group",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="permissions",
                        to="queues.queue",
                        verbose_name="queue",
                    ),
                ),
            ],
            options={
                "verbose_name": "permission",
                "verbose_name_plural": "permissions",
                "constraints": [
                    models.UniqueConstraint(fields=("group", "queue", "right"), name="queue_permission_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="QueueSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="queues.queue",
                    ),
                ),
            ],
            options={
                "verbose_name": "subscription",
                "verbose_name_plural": "my queues",
                "constraints": [
                    models.UniqueConstraint(fields=("agent", "queue"), name="queue_subscription_once")
                ],
            },
        ),
    ]
