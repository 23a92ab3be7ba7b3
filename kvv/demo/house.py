"""The demo's agents, groups, queues and texts, from `data/house.toml`."""

from typing import Any

from accounts.models import Agent, Group
from kvv.demo.forms import make_forms
from kvv.demo.plan import read_plan
from queues.models import (
    AutoResponse,
    MailAddress,
    Queue,
    QueuePermission,
    QueueSubscription,
    ResponseTemplate,
    Salutation,
    Signature,
)
from richtext.admin_texts import linkify_admin_text
from tickets.models import FreeChoice, FreeField

OF_QUEUES = ("sender", "salutation", "signature", "closes_after_answer", "links_answers")


def make_house() -> None:
    """Make all that tickets need; the database must have no agents."""
    plan = read_plan("house.toml")
    queues = _queues(plan)
    groups = _groups(plan, queues)
    _agents(plan, groups=groups, queues=queues)
    for name, answer in plan["answers"].items():
        template = ResponseTemplate.objects.create(
            name=name, html=answer["html"], kind=answer.get("kind", ResponseTemplate.Kind.ANSWER)
        )
        template.queues.set(queues[queue] for queue in answer.get("queues", ()))
    for position, row in enumerate(plan["fields"], start=1):
        _field(row, position=10 * position, queues=queues)
    make_forms(queues)
    for name, text in plan["auto_responses"].items():
        response = AutoResponse.objects.create(
            name=name, kind=text["kind"], subject=text["subject"], html=linkify_admin_text(text["html"])
        )
        response.queues.set(queues.values())


def _field(row: dict[str, Any], *, position: int, queues: dict[str, Queue]) -> None:
    values = {name: value for name, value in row.items() if name not in ("queues", "choices")}
    field = FreeField.objects.create(position=position, **values)
    field.queues.set(queues[queue] for queue in row["queues"])
    for number, (dutch, english) in enumerate(row.get("choices", ()), start=1):
        FreeChoice.objects.create(field=field, name_nl=dutch, name_en=english, position=10 * number)


def _queues(plan: dict[str, Any]) -> dict[str, Queue]:
    salutation = Salutation.objects.create(name="Demo", html=plan["texts"]["salutation"])
    signature = Signature.objects.create(name="Demo", html=plan["texts"]["signature"])
    queues = {}
    for name, row in plan["queues"].items():
        queue, _made = Queue.objects.get_or_create(name=name)
        queue.sender = MailAddress.objects.create(address=row["address"], name=row["name"], queue=queue)
        queue.salutation, queue.signature = salutation, signature
        queue.closes_after_answer = not row.get("open", False)
        queue.links_answers = row.get("links", False)
        promises = row.get("promises", {})
        for name_of_term, minutes in promises.items():
            setattr(queue, name_of_term, minutes)
        queue.save(update_fields=[*OF_QUEUES, *promises])
        queues[name] = queue
    return queues


def _groups(plan: dict[str, Any], queues: dict[str, Queue]) -> dict[str, Group]:
    groups = {}
    for name, rights in plan["groups"].items():
        keeps_texts = name in plan["keeps_texts"]["groups"]
        groups[name] = Group.objects.create(name=name, comment="demo", keeps_texts=keeps_texts)
        QueuePermission.objects.bulk_create(
            QueuePermission(group=groups[name], queue=queues[queue], right=right)
            for right, names in rights.items()
            for queue in names
        )
    return groups


def _agents(plan: dict[str, Any], *, groups: dict[str, Group], queues: dict[str, Queue]) -> None:
    for person in plan["agents"]:
        is_admin = person.get("superuser", False)
        agent = Agent.objects.create_user(
            person["username"],
            f"{person['username']}@kvv.example",
            plan["password"],
            first_name=person["first_name"],
            last_name=person["last_name"],
            is_superuser=is_admin,
            is_staff=is_admin,
        )
        agent.groups.set(groups[name] for name in person["groups"])
        QueueSubscription.objects.bulk_create(
            QueueSubscription(agent=agent, queue=queues[name]) for name in person["queues"]
        )
