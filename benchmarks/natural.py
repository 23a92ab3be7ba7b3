"""Text as people write it, the same every time: few words are most of it, and there is always a new one."""

from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import Final

COMMON: Final = (
    "de en van ik te dat die in een hij het niet zijn is was op aan met als voor had er maar om hem dan "
    "zou of wat mijn dit zo door over ze zich bij ook tot je mij uit daar haar naar heb hoe heeft hebben "
    "deze u want nog zal me nu geen omdat iets worden toch al waren veel meer doen moet ben zonder kan "
    "hun dus alles onder ja eens hier wie werd altijd kunnen ons zelf tegen na wil kon niets uw graag "
    "vraag groet beste dank kamp betaling rekening aanmelding deelnemers kinderen inschrijving formulier "
    "datum bedrag gegevens adres week weten mogelijk ontvangen versturen bevestiging vriendelijke alvast "
    "bericht antwoord telefoon formulieren"
)
SYLLABLES: Final = (
    "aan af be bij boek brief dag deel der doen draag eer eis en er fiets ge geld goed groep haal hand "
    "heid huis ing je kaart kamer kind klacht kost laat leg lid lijk loop maand melding naam nood om op "
    "pas plan post raad reis regel rek school soort speel staat straat taal tijd uit vaar ver voor vraag "
    "vrij wacht weg werk zaal zin"
)
RARE: Final = 60_000
SENTENCE: Final = 12
"""Words of one."""


class Writer:
    """Somebody who writes; ranks fall as Zipf found them."""

    def __init__(self, seed: int = 1) -> None:
        self._random = Random(seed)  # noqa: S311  (nothing secret: text)
        syllables = SYLLABLES.split()
        rare = ("".join(self._random.choices(syllables, k=2 + n % 3)) for n in range(RARE))
        self._words = [*COMMON.split(), *rare]
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self._words))))

    def text(self, words: int) -> str:
        """So many words, in sentences, one a line."""
        return "\n".join(f"{' '.join(line).capitalize()}." for line in _lines(self.words(words)))

    def words(self, number: int) -> list[str]:
        """So many words, one after the other."""
        return self._random.choices(self._words, cum_weights=self._weights, k=number)


def _lines(words: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(words), SENTENCE):
        yield words[start : start + SENTENCE]
