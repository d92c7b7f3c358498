"""From a match to an answer: which house of a street, how sure, and what comes before what."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import exp

from rapidfuzz import fuzz

from routing.addresses.house_number import number_distance
from routing.addresses.rank import NUMBER_SHARE, Match
from routing.addresses.schema import House, Row
from routing.addresses.text import spelling, without_remark
from routing.spot import Spot, metres_apart

_EXACT_LIKENESS = 0.9
_FARTHEST_NUMBER = 10.0
_OTHER_LETTER, _NEXT_NUMBER, _WHOLE_STREET = 0.6, 0.4, 0.2
_NOT_NUMBERED = -0.5
_OUTSIDE_COST = 0.08
_NEAR_GAIN = 0.02
_NEAR_M = 10_000.0
_WEIGHT_GAIN = 0.004
_SPELLING_GAIN = 0.06
_REMARK_SHARE = 0.3
# No better spelling makes up for so much.
_SPELLING_REACH = 0.1

Inside = Callable[[float, float], bool]


class FoundKind(StrEnum):
    """What was found."""

    ADDRESS = "address"
    STREET = "street"
    PLACE = "place"
    POI = "poi"
    STOP = "stop"


_NUMBERED = frozenset({"street", "place"})
# Settlements in which "the middle" is nobody's door.
_LARGE = frozenset({"city", "town", "village", "suburb", "quarter"})
# Among equals: the village before the shop of its name, the street before the stop on it.
_KIND_GAIN = {"place": 0.012, "poi": 0.008, "street": 0.004, "stop": 0.0}


@dataclass(frozen=True, slots=True)
class Found:
    """An answer to a search.

    `score` lies between 0 and 1; outside the area it is lower. `exact` is false where something near
    stands in for what was asked: another house number, the whole street, another town, a name that is
    only somewhat alike. `inside` is false outside the area. `number_missing` marks a whole street or
    settlement that stands for one of its houses: ask for the number before somebody is sent there.
    `metres` is the distance from the place clicked on, None for a search by text.
    """

    label: str
    kind: FoundKind
    lon: float
    lat: float
    score: float
    exact: bool
    municipality: str
    inside: bool = True
    number_missing: bool = False
    metres: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A row or one of its houses as answer to a match; `number` says how well the house fits."""

    match: Match
    row: Row
    house: House | None
    number: float

    @property
    def label(self) -> str:
        """What the answer is shown as."""
        return (self.house or self.row).label

    @property
    def spot(self) -> Spot:
        """Where it lies."""
        at = self.house or self.row
        return at.lon, at.lat

    def found(self, inside: Inside | None) -> Found:
        """Return it as the caller sees it; `inside` tells whether (lon, lat) lies in the area."""
        lon, lat = self.spot
        is_inside = inside is None or inside(lon, lat)
        outside_cost = 0.0 if is_inside else _OUTSIDE_COST * self._unsaid
        return Found(
            label=self.label,
            kind=FoundKind.ADDRESS if self.house else FoundKind(self.row.kind),
            lon=lon,
            lat=lat,
            score=round(max(0.0, self._quality - outside_cost), 4),
            exact=self._exact,
            municipality=self.row.municipality,
            inside=is_inside,
            number_missing=self._number_missing,
        )

    def gain(self, near: Spot | None) -> float:
        """Return what breaks ties between equal scores: kind, importance, nearness."""
        gain = _KIND_GAIN[self.row.kind] + _WEIGHT_GAIN * self.row.weight
        if near:
            gain += _NEAR_GAIN * self._unsaid * exp(-metres_apart(near, self.spot) / _NEAR_M)
        return gain

    @property
    def _quality(self) -> float:
        if self.match.reading.number:
            return self.match.score + NUMBER_SHARE * self.number
        return self.match.score / (1.0 - NUMBER_SHARE)

    @property
    def _unsaid(self) -> float:
        """How little the line says about the town; nearness and the area count so much the more."""
        return 1.0 - (self.match.town or 0.0)

    @property
    def _exact(self) -> bool:
        as_numbered = self.number == 1.0 or not self.match.reading.number
        return as_numbered and self.match.town != 0.0 and self.match.name >= _EXACT_LIKENESS

    @property
    def _number_missing(self) -> bool:
        if self.house or self.row.kind not in _NUMBERED:
            return False
        return self.row.has_numbers or self.row.detail in _LARGE


def in_order(
    answers: Iterable[Answer], text: str, inside: Inside | None, near: Spot | None
) -> list[Found]:
    """Answers as the caller sees them, best first: by score, spelling, kind, importance, nearness."""
    pairs = [(answer, answer.found(inside)) for answer in answers]
    asked = spelling(text)
    close = max((found.score for _, found in pairs), default=0.0) - _SPELLING_REACH

    def place(pair: tuple[Answer, Found]) -> tuple[float, str]:
        answer, found = pair
        order = found.score + answer.gain(near)
        if found.score >= close:
            order += _SPELLING_GAIN * _spelt_alike(asked, found.label)
        return -order, found.label

    return [found for _, found in sorted(pairs, key=place)]


def stand_in(match: Match, row: Row, houses: Iterable[House]) -> Answer:
    """Take the known house next to the number asked for, or the whole street."""
    asked = match.reading.number
    distances = [(number_distance(asked, house.number), house) for house in houses]
    known = [(distance, house) for distance, house in distances if distance is not None]
    gap, house = min(known, key=lambda pair: (pair[0], pair[1].number), default=(None, None))
    if gap is None or gap > _FARTHEST_NUMBER:
        return Answer(match, row, None, _whole(row))
    return Answer(match, row, house, _OTHER_LETTER if gap < 1 else _NEXT_NUMBER)


def _whole(row: Row) -> float:
    """How well a whole row stands in for one of its houses; a village without numbers hardly does."""
    if row.kind == "place" and not row.has_numbers:
        return _NOT_NUMBERED
    return _WHOLE_STREET if row.kind in _NUMBERED else 0.0


def _spelt_alike(asked: str, label: str) -> float:
    """Likeness from 0 to 1 of a line to a label, letter by letter; town and remark may be left out."""
    plain = without_remark(label)
    whole = fuzz.ratio(asked, spelling(label))
    parts = (fuzz.ratio(asked, spelling(part)) for part in (plain, plain.partition(", ")[0]))
    return (_REMARK_SHARE * whole + (1.0 - _REMARK_SHARE) * max(whole, *parts)) / 100.0
