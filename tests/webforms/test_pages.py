"""What visitors find: the list of forms, in their language, and which sites may show what in a frame."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from queues.models import Queue
from tests.webforms.visiting import address_of, filled, make_form, opened, send
from webforms.models import Category

pytestmark = pytest.mark.django_db

LIST = reverse("webforms:list")


@pytest.fixture
def category(queue: Queue) -> Category:
    heading = Category.objects.create(slug="kamp", name_nl="Kampen", name_en="Camps", summary_nl="Zomer")
    return make_form(queue, slug="een-hap", name_nl="Eén hap", parent=heading, summary_nl="Eten en drinken")


def text_of(path: str, **headers: str) -> str:
    answer = Client().get(path, headers=headers)
    assert answer.cookies == {}
    return answer.content.decode()


def test_forms_stand_in_a_tree_and_are_found_by_words_without_accents(category: Category) -> None:
    page = text_of(LIST)
    assert page.index("Kampen") < page.index("Eén hap")
    assert f'href="{address_of(category)}"' in page
    for words in ("een hap", "DRINKEN", "kampen", "zomer"):
        assert address_of(category) in text_of(f"{LIST}?q={words}"), words
    missed = text_of(f"{LIST}?q=verzekering")
    assert address_of(category) not in missed
    assert "Geen formulier heeft “verzekering”" in missed
    Category.objects.filter(slug="kamp").update(is_active=False)
    assert address_of(category) not in text_of(LIST)
    assert Client().get(address_of(category)).status_code == 404


def test_pages_speak_the_browsers_language_or_the_one_that_links_carry_on(category: Category) -> None:
    english = text_of(LIST, **{"accept-language": "en"})
    assert "Ask your question" in english
    assert '<html lang="en"' in english
    assert "Stel je vraag" in text_of(f"{LIST}?taal=nl", **{"accept-language": "en"})
    page = text_of(f"{LIST}?taal=en&q=hap")
    assert f'href="{address_of(category)}?taal=en"' in page
    form = text_of(f"{address_of(category)}?taal=en")
    assert "Een-Hap (en)" in form
    assert f'action="{address_of(category)}?taal=en"' in form
    typed = Client().post(
        f"{address_of(category)}?taal=en", filled(token=opened(category), f_mail="", look="")
    )
    assert (typed.status_code, "Gastlid op kamp" in typed.content.decode()) == (200, True)
    assert typed.context["form"].errors == {}
    assert "Stel je vraag" in text_of(f"{LIST}?taal=x%00", **{"accept-language": "nl"})


def test_only_the_sites_that_a_form_names_may_show_it_and_nothing_else_of_ours(category: Category) -> None:
    def policy(path: str) -> tuple[bool, bool]:
        answer = Client().get(path)
        ancestors = "frame-ancestors https://a.example http://127.0.0.1:9;"
        return ancestors in f"{answer['Content-Security-Policy']};", "X-Frame-Options" not in answer.headers

    assert policy(address_of(category)) == (False, False)
    Category.objects.filter(pk=category.pk).update(
        origins="https://a.example/\nhttp://127.0.0.1:9\nhttps://x.example; script-src *\n*"
    )
    sent = send(category)["Location"]
    assert [policy(path) for path in (address_of(category), sent)] == [(True, True)] * 2
    Category.objects.filter(pk=category.pk).update(is_active=False)
    assert policy(address_of(category)) == (True, True)  # who still shows it shows why it is gone
    assert [policy(path) for path in (LIST, reverse("account_login"))] == [(False, False)] * 2


def test_a_form_and_a_question_cost_few_statements(
    category: Category, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = opened(category)
    with django_assert_num_queries(2):
        Client().get(address_of(category))
    with django_assert_num_queries(29):
        assert send(category, filled(), token=token).status_code == 302
