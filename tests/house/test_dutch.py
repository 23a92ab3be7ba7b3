"""One word for one thing, and 'je' to everybody: in our Dutch, and in what packages say in it."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils.translation import gettext, override
from django.views.i18n import JavaScriptCatalog

from scripts.messages import parts
from scripts.overrides import PACKAGES, overrides, stale

STIFF = r"(?<!['\w])(?:[Uu]|[Uu]we?|[Uu]zelf)(?!\w)"
NOT_SAID = {
    r"\b(?:[Vv]er|[Dd]oor|[Tt]oe|[Ii]n)?(?:ge)?z[eo]nd(?!er|ag)\w*": "versturen, verstuurd",
    r"\baf(?:ge)?lever\w*|\blever\w*\b[^.;:]* af\b": "bezorgen, bezorgd",
    r"(?<![-\w])[Mm]ail(?:s|adres\w*|box\w*)?(?![-\w])|\b[Ee]mail\w*": "e-mail, e-mailadres, postvak",
    r"\b[Tt]estmail\w*": "proefmail",
    r"\b[Aa]rtikel\w*|\b[Gg]ebruikers?\b": "interactie; medewerker",
    r"\b[Aa](?:an|f)(?:ge)?meld\w*": "inloggen, uitloggen",
    r"\b[Vv]oer\b[^.;:]* in\b|\b[Ii]nvoer\w*": "invullen",
    STIFF: "je, jouw",
    r"\ba\.u\.b\.|[Aa]lstublieft|\bmet succes\b|\bmiddels\b": "(nothing at all)",
}
"""What is not said in Dutch here → what is. CONTRIBUTING.md tells of it."""

SAID_ALL_THE_SAME = {
    "h": "hours, in '19 u 17 m'",
    "To protect your privacy active content has been blocked.": "the users' manual has it so",
    "Edit your preferences": "the users' manual has it so",
}
"""English → why its Dutch may have such a word."""

NEVER_MET = {
    "HTTPS site requires": "403_csrf.html says it our way",
    "disable “Referer” headers": "403_csrf.html says it our way",
    "no-referrer": "403_csrf.html says it our way",
    "CSRF cookie": "403_csrf.html says it our way",
    "disable cookies": "403_csrf.html says it our way",
    "settings file": "there are addresses",
    "Your password has been set.  You may": "the admin sends nobody a link for a new password",
    "emailed you instructions": "the admin sends nobody a link for a new password",
    "If you don’t receive an email": "the admin sends nobody a link for a new password",
    "You're receiving this email because you requested": "the admin sends nobody a link for a new password",
    "In case you’ve forgotten": "the admin sends nobody a link for a new password",
    "Forgotten your password? Enter": "the admin sends nobody a link for a new password",
    "trouble resetting your password": "the page has a template of ours",
    "We have sent you an email. If you": "the page has a template of ours",
    "We have sent an email to you for": "no address is verified by mail",
}
"""Piece of a package's English → why nobody meets it."""


def wrong_words(message: Message) -> Iterator[str]:
    """What the Dutch of a text should say otherwise."""
    dutch = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    if english(message) not in SAID_ALL_THE_SAME:
        for pattern, word in NOT_SAID.items():
            yield from (f"{text!r}: {word}" for text in dutch if re.search(pattern, text or ""))


def english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def texts_of(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


@pytest.mark.parametrize(
    "dutch",
    [
        "Het antwoord wordt verzonden.",
        "Verzend",
        "Het bericht kon niet worden afgeleverd.",
        "De mail is binnen.",
        "Vul je mailadres in.",
        "Wilt u dit?",
        "Uw wachtwoord",
        "Kies uw wachtrij",
    ],
)
def test_a_word_that_is_not_said_here_is_found(dutch: str) -> None:
    assert list(wrong_words(Message("said", dutch)))


@pytest.mark.parametrize(
    "dutch",
    [
        "Het antwoord is verstuurd.",
        "De mailserver nam de e-mail aan.",
        "Vul je e-mailadres in.",
        "Duur: 3 uur",
    ],
)
def test_what_is_said_here_is_not(dutch: str) -> None:
    assert list(wrong_words(Message("said", dutch))) == []


def test_our_dutch_says_one_word_for_one_thing() -> None:
    files = parts() | {f"packages/{name}": ours for name, ours in overrides().items()}
    assert [
        f"{name}.po: {wrong}"
        for name, catalog in files.items()
        for message in texts_of(catalog)
        for wrong in wrong_words(message)
    ] == []


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_that_speaks_to_anybody_says_je_and_says_it_in_dutch(name: str) -> None:
    """What has no Dutch there or says 'u' has ours, or nobody meets it."""
    ours = overrides()[name]
    left = [
        english(message)
        for said, theirs in zip(PACKAGES[name].said("en"), PACKAGES[name].said("nl"), strict=True)
        for message in texts_of(said)
        if ours.get(message.id, message.context) is None and not is_well_said(message, theirs)
    ]
    assert [text for text in left if not any(piece in text for piece in NEVER_MET)] == []


def is_well_said(message: Message, theirs: Catalog) -> bool:
    """Whether the package's own Dutch of it is there, and 'je'."""
    translated = theirs.get(message.id, message.context)
    if translated is None or translated.fuzzy or translated.id != message.id:
        return False
    dutch = translated.string if isinstance(translated.string, (tuple, list)) else [translated.string]
    return all(text and not re.search(STIFF, text) for text in dutch)


def test_dutch_of_ours_for_what_no_package_says_any_more_is_found() -> None:
    left_over = Catalog(locale="nl")
    left_over.add("No package has ever said this.", "…")
    left_over.add(("Enter a number.", "Enter numbers."), ("…", "…"))
    assert len(list(stale("django", left_over))) == 2


@pytest.mark.parametrize("name", PACKAGES)
def test_our_dutch_of_a_package_is_of_sentences_that_it_says(name: str) -> None:
    assert list(stale(name, overrides()[name])) == []


def test_no_word_of_ours_becomes_the_dutch_of_a_packages_button() -> None:
    """Without a context, a word that both say has one Dutch: ours. It must do for the package, too."""
    ours = {english(message): message for catalog in parts().values() for message in texts_of(catalog)}
    taken = {
        english(message): (message.string, ours[english(message)].string)
        for package in PACKAGES.values()
        if package.domain == "django"
        for theirs in package.said("nl")
        for message in texts_of(theirs)
        if english(message) in ours and not message.context and not ours[english(message)].context
    }
    same_meaning = {"Show all", "sent"}
    assert {word: both for word, both in taken.items() if both[0] != both[1]}.keys() <= same_meaning


def test_django_reads_our_dutch_before_its_own() -> None:
    with override("nl"), pytest.raises(ValidationError) as refused:
        MinimumLengthValidator(8).validate("kort")
    assert refused.value.messages == ["Dit wachtwoord is te kort. Kies er een van minstens 8 tekens."]
    with override("nl"):
        assert gettext("Incorrect code.") == "Deze code klopt niet."


def test_the_scripts_of_the_admin_read_our_dutch() -> None:
    with override("nl"):
        answer = JavaScriptCatalog(packages=["django.contrib.admin"]).get(RequestFactory().get("/"))
    assert "Let op: je loopt" in answer.content.decode()


def test_who_reads_english_reads_names_of_states_in_english() -> None:
    """They are kept as OTRS has always named them, for whoever searches or imports by them."""
    assert settings.LANGUAGE_CODE == "nl"
    with override("en"):
        assert gettext("closed successful") == "closed successfully"
    with override("nl"):
        assert gettext("closed successful") == "succesvol gesloten"
