"""Indexes that another one begins with, or that nothing asks, go: each is written with every row.

By SQL, since Django would make the foreign key anew and read all rows for it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NOT_ASKED = """
    DROP INDEX IF EXISTS
        tickets_alsoreceived_article_id_13b06aba,
        tickets_article_agent_id_7ea53b59,
        tickets_article_outbound_id_85e1ca3e,
        tickets_article_ticket_id_f3e7bed3,
        tickets_event_agent_id_d8f4ca64,
        tickets_event_article_id_b21cb1c1,
        tickets_event_ticket_id_c2d3d586,
        tickets_eventtask_event_id_f33f8540,
        tickets_ticketlink_source_id_4ff17706,
        tickets_ticketseen_ticket_id_b9a671da
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0006_undelivered_is_found"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(NOT_ASKED, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name="alsoreceived",
                    name="article",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="also_received",
                        to="tickets.article",
                        verbose_name="article",
                    ),
                ),
                migrations.AlterField(
                    model_name="article",
                    name="agent",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="article",
                    name="outbound",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outbox.outboundmessage",
                    ),
                ),
                migrations.AlterField(
                    model_name="article",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to="tickets.ticket",
                    ),
                ),
                migrations.AlterField(
                    model_name="event",
                    name="agent",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="event",
                    name="article",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.article",
                    ),
                ),
                migrations.AlterField(
                    model_name="event",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="tickets.ticket",
                    ),
                ),
                migrations.AlterField(
                    model_name="eventtask",
                    name="event",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="tickets.event",
                        verbose_name="event",
                    ),
                ),
                migrations.AlterField(
                    model_name="ticketlink",
                    name="source",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_from",
                        to="tickets.ticket",
                    ),
                ),
                migrations.AlterField(
                    model_name="ticketseen",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
        )
    ]
