"""What agents look for every day, in Dutch: which tickets that must find, and which it must not."""

import pytest

from accounts.models import Agent
from queues.models import Queue
from tests.factories import make_customer, stored_file
from tests.search.finding import keep_words, names, page, said
from tickets.models import Article, Ticket

TICKETS: dict[str, dict[str, str]] = {
    "allergie": {
        "subject": "Kind met notenallergie op zomerkamp",
        "text": "Wat moeten wij regelen? Er gaan 24 kinderen mee, één kind heeft een EpiPen.",
        "from_header": "Marit Hogenboom <m.hogenboom@post.example>",
        "from_address": "m.hogenboom@post.example",
    },
    "factuur": {
        "subject": "Factuur voor contributie",
        "text": "De facturen komen niet aan op ons nieuwe adres. Factuurnummer F-2026-0417, "
        "bedrag € 112,50.\nRekening NL91ABNA0417164300, telefoon (036) 534 12 34.",
        "from_header": '"Groep Zuiderlicht" <penningmeester@zuiderlicht.example>',
        "from_address": "penningmeester@zuiderlicht.example",
        "to": "ledenadministratie@kvv.example, Ellis van Amerongen <e.vanamerongen@post.example>",
    },
    "visum": {
        "subject": "Uitnodigingsbrief voor visum",
        "text": "Wij hebben brieven nodig voor vier scouts uit Curaçao. Zie de foto's in de bijlage.",
        "from_header": "Daan Wolters <d.wolters@post.example>",
        "from_address": "d.wolters@post.example",
    },
    "tent": {
        "subject": "Lenen van de grote tent in het meivakantieweekend",
        "text": "Is de grote tent vrij, en het café ernaast? Bel 's avonds 06-12345678. Groet, Zoë Müller",
        "from_header": "Zoë Müller <zoe@scouts.example>",
        "from_address": "zoe@scouts.example",
    },
    "inlog": {
        "subject": "Inloggen lukt niet meer",
        "text": "Sinds de wijziging van mijn e-mailadres kan ik niet inloggen op https://mijn.kvv.example/login?x=1\n"
        "Foutcode AUTH-403-B bij lidnummer 10023344.",
        "from_header": "Bram Oudshoorn <b.oudshoorn@post.example>",
        "from_address": "b.oudshoorn@post.example",
    },
    "missie": {
        "subject": "De missie van Scouting",
        "text": "Hoe leggen we de missie van Scouting uit aan nieuwe ouders? De ouders vroegen erom.",
        "from_header": "Noor Brouwer <noor@post.example>",
        "from_address": "noor@post.example",
    },
}

EVERY_DAY: dict[str, str] = {
    # Plurals and forms
    "facturen": "factuur",
    "brief": "visum",
    "kinderen": "allergie",
    "ouder": "missie",
    "tenten": "tent",
    "foto": "visum",
    "foto's": "visum",
    # Accents and capitals
    "cafe": "tent",
    "CAFÉ": "tent",
    "curacao": "visum",
    "zoe muller": "tent",
    "een kind": "allergie",
    # Phrases
    "'missie van Scouting'": "missie",
    "'Scouting missie'": "",
    "“grote tent”": "tent",
    "'s avonds": "tent",
    # Names and addresses
    "hogenboom": "allergie",
    "van:hogenboom": "allergie",
    "van:penningmeester@zuiderlicht.example": "factuur",
    "penningmeester@zuiderlicht.example": "factuur",
    "zuiderlicht": "factuur",
    "aan:amerongen": "factuur",
    "van:amerongen": "",
    "scouts.example": "tent",
    # Numbers and codes with dashes
    "F-2026-0417": "factuur",
    "auth-403-b": "inlog",
    "AUTH-403-C": "",
    "10023344": "inlog",
    "06-12345678": "tent",
    "112,50": "factuur",
    "https://mijn.kvv.example/login": "inlog",
    "e-mailadres": "inlog",
    # In pieces or in one
    "emailadres": "inlog",
    "0612345678": "tent",
    "06 12 34 56 78": "tent",
    "+31 6 12345678": "tent",
    "036-5341234": "factuur",
    "NL91ABNA0417164300": "factuur",
    "NL91 ABNA 0417 1643 00": "factuur",
    "meivakantie-weekend": "tent",
    "tent 0612345679": "",
    # Places
    "onderwerp:factuur": "factuur",
    "onderwerp:brieven": "",
    "tekst:visum": "",
    "bijlage:kampplan": "allergie",
    "bijlage:kampplan.pdf": "allergie",
    "tekst:kampplan": "",
    # Together, either, without
    "kind noten*": "allergie",
    "visum OF missie": "visum missie",
    "tent café -factuur": "tent",
    "scouts NIET visum": "tent missie",
    "(visum OF tent) groot": "tent",
    "van:zoe tekst:avonds": "tent",
    "onderwerp:(missie OF visum) ouders": "missie",
    "inloggen lukt niet": "inlog",
    "klant:penningmeester": "factuur",
    "status:nieuw tent": "tent",
    "status:gesloten tent": "",
    "wachtrij:spel missie": "missie",
}


@pytest.fixture
def tickets(queue: Queue) -> dict[str, Ticket]:
    made = {
        name: said(queue, ticket={"customer": make_customer(mail["from_address"])}, **mail)
        for name, mail in TICKETS.items()
    }
    article = Article.objects.get(ticket=made["allergie"])
    article.attachments.create(
        blob=stored_file().blob, name="kampplan.pdf", content_type="application/pdf", size=3
    )
    keep_words(made["allergie"])
    return made


def test_what_is_looked_for_every_day_is_found(tickets: dict[str, Ticket], owner: Agent) -> None:
    found = {text: names(page(owner, text).ids, tickets) for text in EVERY_DAY}
    assert found == {text: set(expected.split()) for text, expected in EVERY_DAY.items()}
