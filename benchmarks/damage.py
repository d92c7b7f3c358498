"""Addresses written badly, the way people do. Knows nothing of the search it is used to judge."""

import random
import string
from collections.abc import Callable
from dataclasses import dataclass, replace

_STROKES = ("insert", "delete", "replace", "swap")
_DROPPED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "Ä": "A", "Ö": "O", "Ü": "U"})
_WRITTEN_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)
_SHORT = (
    *(("straße", "str."), ("strasse", "str."), ("Straße", "Str."), ("Strasse", "Str.")),
    *(("platz", "pl."), ("Platz", "Pl."), (" an der ", " a.d. "), ("An der ", "A.d. ")),
    *((" in der ", " i.d. "), ("In der ", "I.d. "), ("Sankt ", "St. "), ("Sankt-", "St.-")),
    *(("Bürgermeister", "Bgm."), ("Doktor", "Dr."), ("Professor", "Prof.")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An address as somebody asks for it; `form` puts its parts in order."""

    street: str
    number: str
    town: str
    form: str = "{street} {number}, {town}"

    @property
    def text(self) -> str:
        """Return the line that is typed."""
        line = self.form.format(street=self.street, number=self.number, town=self.town)
        return line.strip(" ,")


def mistyped(asked: Asked, chance: random.Random) -> Asked:
    """Make one or two typing errors among the letters of street and town; the number stays."""
    for _ in range(chance.choice((1, 2))):
        letters = len(asked.street), len(asked.town)
        part = chance.choices(("street", "town"), weights=letters)[0]
        asked = replace(asked, **{part: _stroke(getattr(asked, part), chance)})
    return asked


def without_umlauts(asked: Asked, chance: random.Random) -> Asked:
    """Drop the dots, or write "ae"; ß becomes ss either way."""
    table = chance.choice((_DROPPED, _WRITTEN_OUT))
    return replace(asked, street=asked.street.translate(table), town=asked.town.translate(table))


def abbreviated(asked: Asked, _chance: random.Random) -> Asked:
    """Shorten what is usually shortened: Str., Pl., a.d., St., Bgm."""
    street, town = asked.street, asked.town
    for long, short in _SHORT:
        street, town = street.replace(long, short), town.replace(long, short)
    return replace(asked, street=street, town=town)


def without_town(asked: Asked, _chance: random.Random) -> Asked:
    """Say street and number only."""
    return replace(asked, town="")


def turned(asked: Asked, chance: random.Random) -> Asked:
    """Swap the order: town first, number first, or number first and no town."""
    form = chance.choice(("{town} {street} {number}", "{number} {street} {town}", ""))
    return replace(asked, form=form) if form else replace(asked, town="", form="{number} {street}")


def several(asked: Asked, chance: random.Random) -> Asked:
    """Do two of the above at once."""
    for name in chance.sample(sorted(SINGLE), 2):
        asked = SINGLE[name](asked, chance)
    return asked


Damage = Callable[[Asked, random.Random], Asked]
SINGLE: dict[str, Damage] = {
    "typing": mistyped,
    "umlauts": without_umlauts,
    "abbreviated": abbreviated,
    "no_town": without_town,
    "order": turned,
}
"""The damage classes, each by itself."""


def _stroke(text: str, chance: random.Random) -> str:
    """One slip of the finger on a letter of `text`."""
    places = [at for at, letter in enumerate(text) if letter.isalpha()]
    if not places:
        return text
    at, kind = chance.choice(places), chance.choice(_STROKES)
    letter = chance.choice(string.ascii_lowercase)
    if kind == "insert":
        return text[:at] + letter + text[at:]
    if kind == "replace":
        return text[:at] + letter + text[at + 1 :]
    if kind == "swap" and text[at + 1 : at + 2].isalpha():
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at + 1 :]
