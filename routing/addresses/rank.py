"""How well candidates answer a typed line: likeness of names and towns over all its readings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from routing.addresses.query import Reading

NAME_SHARE = 0.70
TOWN_SHARE = 0.18
NUMBER_SHARE = 0.12
# A wrong letter in the street weighs more than a wrong town: neighbours disagree on towns.
_NAME_STEEPNESS = 1.6
_TOWN_UNSAID = 0.6
# Less like than this, or less than another town that is spelt as asked ("Triesen" is not Triesenberg).
_TOWN_UNLIKE = 0.6
_TOWN_SURE, _TOWN_GAP = 0.9, 0.08
# For the share of letters that fit neither name nor town.
_UNEXPLAINED_COST = 0.25
_SHORTEST_PREFIX = 3
_NO_DIGITS = (
    0.9  # what a likeness is worth where "Kindergarten 2" was asked and no number is in the name
)
_DIGIT = re.compile(r"\d")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of the address table with the folded names and towns it answers to."""

    id: int
    names: tuple[str, ...]
    towns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate with its best reading; likenesses lie between 0 and 1.

    `score` is the weighted sum of name and town; `town` is None where the line names none.
    """

    candidate: Candidate
    reading: Reading
    score: float
    name: float
    town: float | None


def rank(lines: Sequence[Reading], candidates: Sequence[Candidate]) -> list[Match]:
    """Match every candidate with its best reading, best candidates first (ties: lower id)."""
    if not lines or not candidates:
        return []
    names = _name_likeness([line.name for line in lines], [each.names for each in candidates])
    towns = _town_likeness([line.town for line in lines], [each.towns for each in candidates])
    silent = np.array([not line.town for line in lines])
    unexplained = np.array([len(line.town) / len(line.name + line.town) for line in lines])
    scores = NAME_SHARE * np.maximum(0.0, 1.0 - _NAME_STEEPNESS * (1.0 - names))
    scores += TOWN_SHARE * np.where(silent[:, None], _TOWN_UNSAID, towns)
    scores -= _UNEXPLAINED_COST * unexplained[:, None] * (towns == 0.0)
    best = scores.argmax(axis=0)
    matches = [
        Match(
            candidate,
            lines[line],
            float(scores[line, index]),
            float(names[line, index]),
            None if silent[line] else float(towns[line, index]),
        )
        for index, (candidate, line) in enumerate(zip(candidates, best, strict=True))
    ]
    return sorted(matches, key=lambda match: (-match.score, match.candidate.id))


def _name_likeness(asked: Sequence[str], known: Sequence[tuple[str, ...]]) -> Floats:
    """Likeness of each asked name (rows) to the likest name of each candidate (columns)."""
    flat = [name for names in known for name in names]
    likeness = _likeness(asked, flat)
    turned = _likeness([_sorted(name) for name in asked], [_sorted(name) for name in flat])
    likeness = np.maximum(likeness, 0.98 * turned)
    for row, part in enumerate(asked):
        if len(part) >= _SHORTEST_PREFIX:
            _credit_beginnings(likeness[row], part, flat)
    without = np.where(_have_digits(flat), 1.0, _NO_DIGITS)
    likeness *= np.where(_have_digits(asked)[:, None], without, 1.0)
    return _best_of_groups(likeness, known)


def _town_likeness(asked: Sequence[str], known: Sequence[tuple[str, ...]]) -> Floats:
    """Likeness of each asked town (rows) to the likest town of each candidate (columns)."""
    distinct = sorted({town for towns in known for town in towns} | {""})
    column = {town: index for index, town in enumerate(distinct)}
    likeness = _likeness(asked, distinct)
    groups = [towns or ("",) for towns in known]
    flat = [column[town] for towns in groups for town in towns]
    is_code = np.array([town.isdecimal() for town in asked])
    likeness[is_code[:, None] & (likeness < 1.0)] = 0.0
    best = likeness.max(axis=1, keepdims=True)
    other = (best >= _TOWN_SURE) & (likeness < best - _TOWN_GAP)
    likeness[other | (likeness < _TOWN_UNLIKE)] = 0.0
    return _best_of_groups(likeness[:, flat], groups)


def _credit_beginnings(likeness: Floats, part: str, names: Sequence[str]) -> None:
    """Raise the likeness of names that begin with what is typed so far, or have a word that does."""
    for index, name in enumerate(names):
        if part in name:
            share = len(part) / len(name)
            if name.startswith(part):
                likeness[index] = max(likeness[index], 0.75 + 0.25 * share)
            elif f" {part}" in name:
                likeness[index] = max(likeness[index], 0.65 + 0.25 * share)


def _likeness(asked: Sequence[str], known: Sequence[str]) -> Floats:
    table = process.cdist(asked, known, scorer=fuzz.ratio, dtype=np.float64)
    return np.asarray(table, dtype=np.float64) / 100.0


def _best_of_groups(likeness: Floats, groups: Sequence[Sequence[str]]) -> Floats:
    starts = np.cumsum([0, *(len(group) for group in groups[:-1])])
    best: Floats = np.maximum.reduceat(likeness, starts, axis=1)
    return best


def _have_digits(names: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([bool(_DIGIT.search(name)) for name in names])


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))
