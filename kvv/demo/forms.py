"""The demo's question forms, from `data/forms.toml`: one for each of its queues."""

from collections.abc import Mapping
from typing import Any

from kvv.demo.plan import read_plan
from queues.models import Queue
from tickets.models import FreeField
from webforms.choice_lines import read_lines
from webforms.keeping import keep_rows
from webforms.models import Category, FormField
from webforms.rules import Row, faults, tie
from webforms.versions import publish


def make_forms(queues: Mapping[str, Queue]) -> None:
    """Make all of them; raises `ValueError` of one that breaks the rules."""
    plan = read_plan("forms.toml")
    made = dict[str, Category]()
    for position, (slug, row) in enumerate(plan["forms"].items(), start=1):
        values = {name: text for name, text in row.items() if name not in ("fields", "below", "queue")}
        queue, above = queues.get(row.get("queue", "")), made.get(row.get("below", ""))
        category = Category.objects.create(
            slug=slug, queue=queue, parent=above, position=10 * position, **values
        )
        made[slug] = category
        if queue is not None:
            fields = (*plan["first"], *row.get("fields", ()), *plan["last"])
            rows = [_row(field, queues) for field in fields]
            tie(rows)
            if wrong := [fault.sentence for fault in faults(category, rows)]:
                raise ValueError(f"{slug}: {wrong}")
            keep_rows(category, rows)
        publish(category)


def _row(given: dict[str, Any], queues: Mapping[str, Queue]) -> Row:
    values = {name: value for name, value in given.items() if name not in ("choices", "asked_when", "free")}
    free = FreeField.objects.get(name_nl=given["free"]) if "free" in given else None
    by_name = {name.casefold(): queue for name, queue in queues.items()}
    read = read_lines("\n".join(given.get("choices", ())), kept=(), queues=by_name)
    field = FormField(free_field=free, **values)
    return Row(field=field, choices=read.choices, asked_when=given.get("asked_when", ""))
