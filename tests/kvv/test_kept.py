"""Tags that are made once: what they give is what Django's give, to each reader in their language."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, set_script_prefix
from django.utils.translation import override

TEXTS = (
    '{% translate "Sign out" %}',
    '{% translate "Sign out" as words %}<b>{{ words }}</b>',
    '{% translate "Print" context "verb" %}',
    "{% translate \"To the top\" %}|{% url 'desk:status' 'open' %}|{% static 'img/favicon.svg' %}",
    "{% url 'desk:home' as address %}{{ address }}",
    "{% url 'desk:status' which %}{% static file %}{% translate word %}{% translate 'Sign out'|upper %}",
)


@pytest.mark.parametrize("text", TEXTS)
def test_each_language_gets_its_own_words_however_often_and_in_whatever_order(text: str) -> None:
    context = {"which": "gesloten", "file": "img/favicon.svg", "word": "Sign out"}
    kept = Template(text)
    again = "{% load i18n static %}" + text  # Django's own, but for addresses

    for language in ("nl", "en", "nl"):
        with override(language):
            assert kept.render(Context(context)) == Template(again).render(Context(context))


def test_an_address_follows_the_place_under_which_the_installation_is_served() -> None:
    kept = Template("{% url 'desk:queues' %}")
    at_the_root = kept.render(Context())

    set_script_prefix("/vragen/")
    try:
        assert kept.render(Context()) == f"/vragen{at_the_root}"
    finally:
        set_script_prefix("/")
    assert kept.render(Context()) == at_the_root


def test_what_a_page_escapes_a_mail_does_not() -> None:
    kept = Template('{% translate "<Nobody\'s>" %}')

    assert kept.render(Context()) == Template('{% load i18n %}{% translate "<Nobody\'s>" %}').render(
        Context()
    )
    assert kept.render(Context(autoescape=False)) == "<Nobody's>"


def test_an_address_that_is_nowhere_is_an_error_at_each_time() -> None:
    kept = Template("{% url 'desk:nowhere' %}")

    for _ in range(2):
        with pytest.raises(NoReverseMatch, match="nowhere"):
            kept.render(Context())
