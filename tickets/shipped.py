"""What every installation has in its database from the start: the nine states and the queue of last resort.

A migration runs the functions of its own time, each by itself, with the models of that time; tests run all of
them, with the models of today. What ships later gets a function of its own, which a later migration runs.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.translation import gettext_noop

POSTMASTER = "Postmaster"
"""The queue for mail that no address leads anywhere else."""

STATES = (
    ("new", gettext_noop("new"), "new", None),
    ("open", gettext_noop("open"), "open", None),
    ("pending_reminder", gettext_noop("pending reminder"), "pending_reminder", None),
    ("pending_auto_close_success", gettext_noop("pending auto close+"), "pending_auto", "closed_successful"),
    (
        "pending_auto_close_failure",
        gettext_noop("pending auto close-"),
        "pending_auto",
        "closed_unsuccessful",
    ),
    ("closed_successful", gettext_noop("closed successful"), "closed", None),
    ("closed_unsuccessful", gettext_noop("closed unsuccessful"), "closed", None),
    ("merged", gettext_noop("merged"), "merged", None),
    ("removed", gettext_noop("removed"), "removed", None),
)
"""Key, name (in English, shown translated), type and the state that it closes into, in the order of lists."""


def ship(apps: Apps) -> None:
    """Add all of it; needs the tables of `tickets` and `queues`."""
    add_states(apps)
    add_postmaster(apps)


def add_states(apps: Apps, _editor: BaseDatabaseSchemaEditor | None = None) -> None:
    """Add the nine states to a table without states."""
    state_model = apps.get_model("tickets", "State")
    states = state_model.objects.bulk_create(
        state_model(key=key, name=name, type=kind, position=position)
        for position, (key, name, kind, _closes_into) in enumerate(STATES, start=1)
    )
    made = {state.key: state for state in states}
    for key, _name, _kind, closes_into in STATES:
        if closes_into:
            made[key].closes_into = made[closes_into]
            made[key].save(update_fields=["closes_into"])


def add_postmaster(apps: Apps, _editor: BaseDatabaseSchemaEditor | None = None) -> None:
    """Add the queue, unless there is one of that name: a mail always finds a queue."""
    apps.get_model("queues", "Queue").objects.get_or_create(name=POSTMASTER)
