"""The ways a typed line can be read: which words are the street, which the town, which the number."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from routing.addresses.house_number import house_numbers_in
from routing.addresses.place_kinds import place_kinds
from routing.addresses.text import fold

_LONGEST_TEXT = 200
_MOST_WORDS = 10
_KIND_WORD_LIKENESS = 84.0

# Words before a place that are no part of its name: "beim Rathaus", "zur Apotheke in Triesen".
_ARTICLES = frozenset({"der", "dem", "den", "die", "das", "the"})
_BEFORE_TOWN = frozenset({"in", "im", "bei", "am", "aus", "von", "of", "at", "near"})
_BEFORE_NAME = (
    _ARTICLES
    | _BEFORE_TOWN
    | {"beim", "an", "zum", "zur", "nach", "vor", "neben", "gegenuber", "hinter", "nahe"}
    | {"to", "next", "by"}
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a line: folded name, folded town and house number, empty where not said."""

    name: str
    town: str
    number: str


def readings(text: str, postcodes: Collection[str]) -> list[Reading]:
    """All ways to read `text`; those with a house number come before those without.

    A name is a run of words at the start or the end, a town is the rest. Digits that are one of
    `postcodes` are never a house number.
    """
    text = text[:_LONGEST_TEXT]
    found: dict[Reading, None] = {}
    for number, rest in (*house_numbers_in(text), ("", text)):
        if number in postcodes and number:
            continue
        words = fold(rest).split()[:_MOST_WORDS]
        for run in (words, _without_lead(words, _BEFORE_NAME)):
            for cut in range(1, len(run) + 1):
                found[_reading(run[:cut], run[cut:], number)] = None
            for cut in range(1, len(run)):
                found[_reading(run[cut:], run[:cut], number)] = None
    return [line for line in found if _is_town(line.town, postcodes)]


def kinds_meant(names: Collection[str]) -> dict[str, str]:
    """Kinds of place that one of the folded `names` means, with the word that says so."""
    words = _kind_words()
    table = process.cdist(list(names), list(words), scorer=fuzz.ratio)
    meant: dict[str, str] = {}
    for row in table:
        best = int(row.argmax())
        if row[best] >= _KIND_WORD_LIKENESS:
            word = list(words)[best]
            for kind in words[word]:
                meant.setdefault(kind, word)
    return meant


def _reading(name: list[str], town: list[str], number: str) -> Reading:
    return Reading(" ".join(name), " ".join(_without_lead(town, _BEFORE_TOWN)), number)


def _is_town(town: str, postcodes: Collection[str]) -> bool:
    """Whether every number in the folded `town` is a postcode."""
    return all(word in postcodes for word in town.split() if word[0].isdigit())


def _without_lead(words: list[str], lead: Collection[str]) -> list[str]:
    """Drop leading words of `lead`, but never the last word."""
    start = 0
    while start < len(words) - 1 and words[start] in lead:
        start += 1
    return words[start:]


@cache
def _kind_words() -> dict[str, list[str]]:
    """Kinds by each folded word for them."""
    words: dict[str, list[str]] = {}
    for kind in place_kinds().values():
        for name in kind.names:
            words.setdefault(fold(name), []).append(kind.id)
    return words
