"""What the driver is told, in the languages of `languages/*.toml`: one file each, with its grammar."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from routing.errors import RoutingError

Form = Literal["written", "spoken"]

AT_ONCE_M = 25
"""Metres below which something follows at once: nobody reads a number so quickly."""


@dataclass(frozen=True, slots=True)
class RoadRule:
    """How a road whose name matches is put into a sentence, see `languages/de.toml`."""

    pattern: re.Pattern[str]
    into: str
    on: str
    ending: str


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its sentences, and how it speaks of roads and distances."""

    code: str
    table: Mapping[str, Any]
    rules: tuple[RoadRule, ...]

    def sentence(
        self, kind: str, distance_m: int | None, words: Mapping[str, str], form: Form
    ) -> str:
        """Say what to do.

        Parameters
        ----------
        kind
            A key of `[say]`.
        distance_m
            How far away it is; None leaves the beginning away, for where the distance is shown beside it.
        words
            What fills the gaps: `road` and `number` of the new road ("" if it has none); `turn`, `compass`
            and `ordinal` as they are said.
        """
        say = (
            self.table["say"] if distance_m is not None else self.table["say"] | self.table["bare"]
        )
        named, unnamed = say[kind]
        name = words["number" if "{number}" in named else "road"]
        text = (named if name else unnamed).format(
            when="" if distance_m is None else self.when(distance_m, form),
            into=self.into(name),
            on=self.on(name),
            **words,
        )
        text = text.strip()
        text = text[:1].upper() + text[1:]
        return self.aloud(text) if form == "spoken" else text

    def turn(self, turn: str) -> str:
        """Return the words for a turn, "" for none."""
        return str(self.table["turn"].get(turn, ""))

    def compass(self, bearing: float) -> str:
        """Name the compass point nearest to a bearing in degrees."""
        points: list[str] = self.table["compass"]["points"]
        return points[round(bearing % 360 / 360 * len(points)) % len(points)]

    def ordinal(self, number: int) -> str:
        """Return the word for the `number`-th, from 1; "" for 0."""
        words: list[str] = self.table["ordinal"]["words"]
        return ["", *words][number] if number <= len(words) else f"{number}."

    def when(self, metres: int, form: Form) -> str:
        """Begin a sentence: after how many metres."""
        table = self.table["distance"]
        if metres < AT_ONCE_M:
            return str(table["at_once"])
        return str(table["after"]).format(distance=self.distance(metres, form))

    def distance(self, metres: int, form: Form) -> str:
        """Write a distance as people say it, in whole tens, fifties or tenths of a kilometre."""
        table, rounded = self.table["distance"], people_say(metres)
        if rounded < 1000:  # noqa: PLR2004 - a kilometre
            return str(table["metres"][form]).format(number=rounded)
        if rounded == 1000:  # noqa: PLR2004 - same
            return str(table["one_kilometre"][form])
        number = f"{rounded / 1000:g}".replace(".", self.table["decimal"])
        return str(table["kilometres"][form]).format(number=number)

    def into(self, name: str) -> str:
        """Say that one turns into the road `name`."""
        rule = self._rule(name)
        return rule.into.format(name=self._inflected(name, rule.ending) if rule.ending else name)

    def on(self, name: str) -> str:
        """Say that one is on the road `name`."""
        rule = self._rule(name)
        if not rule.ending:
            return rule.on.format(name=name)
        table = self.table["adjectives"]
        inflected = self._inflected(name, table["after_on"])
        first, *more = name.split()
        if more and inflected == name and re.search(table["doubtful"], first):
            return self.rules[-1].on.format(name=name)
        return rule.on.format(name=inflected)

    def aloud(self, text: str) -> str:
        """Write out what a voice would read wrongly."""
        for pattern, instead in self.table["spoken"].items():
            text = re.sub(pattern, instead, text)
        return text

    def _rule(self, name: str) -> RoadRule:
        return next(rule for rule in self.rules if rule.pattern.search(name))

    def _inflected(self, name: str, ending: str) -> str:
        """Give the adjectives at the beginning of a name another ending."""
        words = name.split()
        for index, word in enumerate(words[:-1]):
            found = re.search(self.table["adjectives"]["pattern"], word, re.IGNORECASE)
            if not found:
                break
            words[index] = word[: len(word) - len(found[found.lastindex or 0])] + ending
        return " ".join(words)


def people_say(metres: int) -> int:
    """Round a distance in metres as people say it; grows with the distance."""
    for limit, step in ((95, 10), (975, 50), (9_950, 100)):
        if metres < limit:
            return round(metres / step) * step
    return round(metres / 1000) * 1000


@cache
def language(code: str) -> Language:
    """Read a language; raise `RoutingError` (code ``language-unknown``) if there is no such file."""
    folder = files("routing.directions").joinpath("languages")
    known = sorted(file.name.removesuffix(".toml") for file in folder.iterdir())
    if code not in known:
        raise RoutingError(
            "language-unknown",
            f"There are no directions in the language {code!r}, only in {' and '.join(known)}.",
        )
    table = tomllib.loads(folder.joinpath(f"{code}.toml").read_text(encoding="utf-8"))
    rules = tuple(
        RoadRule(re.compile(row["pattern"]), row["into"], row["on"], row.get("ending", ""))
        for row in table["road"]
    )
    return Language(code, table, rules)
