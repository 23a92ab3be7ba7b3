"""Whoever types what the database does not take reads why, in a sentence, not the constraint's name."""

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import BaseConstraint, CheckConstraint, Model, Q, UniqueConstraint
from django.db.models.functions import Lower
from django.test import Client
from django.urls import reverse

from accounts.admin import OnlyToRemove
from accounts.models import Agent, Customer, CustomerAddress
from tests.factories import make_agent
from tests.signed_in import gave_password

pytestmark = pytest.mark.usefixtures("foreign_templates")

IS_LOWER = Q(name=Lower("name"))


def has_words(constraint: BaseConstraint) -> bool:
    """Words of its own; plain fields that are there already have Django's, which name them."""
    if isinstance(constraint, UniqueConstraint) and constraint.fields and not constraint.condition:
        return True
    return constraint.violation_error_message != constraint.default_violation_error_message


@pytest.mark.parametrize(
    ("constraint", "is_said"),
    [
        (UniqueConstraint(fields=["one", "other"], name="once"), True),
        (UniqueConstraint(fields=["one"], condition=Q(one=True), name="only_one"), False),
        (UniqueConstraint(Lower("name"), name="any_case"), False),
        (CheckConstraint(condition=IS_LOWER, name="lower"), False),
        (CheckConstraint(condition=IS_LOWER, name="lower", violation_error_message="In lower case."), True),
    ],
)
def test_the_check_itself(constraint: BaseConstraint, *, is_said: bool) -> None:
    assert has_words(constraint) is is_said


def models_with_forms() -> set[type[Model]]:
    """What an administrator can write: with a page of its own, or on another's."""
    inlines = {inline for page in admin.site._registry.values() for inline in page.inlines}
    written = {inline.model for inline in inlines if not issubclass(inline, OnlyToRemove)}
    return set(admin.site._registry) | written


def test_every_constraint_that_a_form_of_the_admin_can_meet_has_a_sentence() -> None:
    constraints = [one for model in models_with_forms() for one in model._meta.constraints]
    assert len(constraints) > 5
    assert [one.name for one in constraints if not has_words(one)] == []


def inline(name: str, **values: str) -> dict[str, Any]:
    management = {f"{name}-TOTAL_FORMS": "1", f"{name}-INITIAL_FORMS": "0"}
    return management | {f"{name}-0-{field}": value for field, value in values.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["Jan@Post.example", " jan@post.example "])
def test_a_customers_address_is_kept_in_lower_case_however_it_is_typed(
    client: Client, superuser: Agent, typed: str
) -> None:
    client.force_login(superuser)
    form = {"code": "jan", "first_name": "", "last_name": "", "organisation": ""}
    address = inline("addresses", address=typed)
    for code, status in (("jan", 302), ("piet", 200)):
        answer = client.post(reverse("admin:accounts_customer_add"), form | address | {"code": code})
        assert answer.status_code == status
    assert CustomerAddress.objects.get().address == "jan@post.example"
    assert Customer.objects.get().code == "jan"
    assert "bestaat al" in answer.content.decode()


@pytest.mark.django_db
def test_a_name_that_another_agent_has_in_other_case_is_said(client: Client, superuser: Agent) -> None:
    make_agent("karin")
    other = make_agent("piet")
    client.force_login(superuser)
    gave_password(client)
    answer = client.post(reverse("admin:accounts_agent_change", args=[other.pk]), {"username": "Karin"})
    assert "Een andere medewerker heeft deze gebruikersnaam." in answer.content.decode()
