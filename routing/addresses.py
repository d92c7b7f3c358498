"""Find addresses, streets, settlements, places and stops by what people type; and back from the map.

A search takes candidates from a trigram index (`routing.address_table`) and ranks them
(`routing.address_rank`) over all ways to read the line (`routing.address_query`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp
from pathlib import Path
from typing import TypeVar

from routing.address_query import readings
from routing.address_rank import NUMBER_SHARE, Match, rank
from routing.address_table import AddressTable, House, Row
from routing.address_text import number_distance
from routing.spot import Spot, metres_apart

_MOST_RANKED = 120
_MOST_NEIGHBOURS = 5
_LEAST_LIKENESS = 0.62
_EXACT_LIKENESS = 0.9
_WIDEST_SPREAD = 0.25
_FARTHEST_NUMBER = 10.0
_OTHER_LETTER, _NEXT_NUMBER, _WHOLE_STREET = 0.6, 0.4, 0.2
_OUTSIDE_COST = 0.08
_NEAR_GAIN = 0.02
_NEAR_M = 10_000.0
_WEIGHT_GAIN = 0.004
_OWN_NAME_GAIN = 0.006

Inside = Callable[[float, float], bool]


class FoundKind(StrEnum):
    """What was found."""

    ADDRESS = "address"
    STREET = "street"
    PLACE = "place"
    POI = "poi"
    STOP = "stop"


_NUMBERED = frozenset({"street", "place"})
# Among equals: the village before the shop of its name, the street before the stop on it.
_KIND_GAIN = {"place": 0.012, "poi": 0.008, "street": 0.004, "stop": 0.0}


@dataclass(frozen=True, slots=True)
class Found:
    """An answer to a search.

    `score` lies between 0 and 1; outside the area it is lower. `exact` is false where something near
    stands in for what was asked: another house number, the whole street, another town, a name that is
    only somewhat alike. `inside` is false outside the area.
    """

    label: str
    kind: FoundKind
    lon: float
    lat: float
    score: float
    exact: bool
    municipality: str
    inside: bool = True


@dataclass(frozen=True, slots=True)
class _Answer:
    """A row or one of its houses as answer to a match; `number` says how well the house fits."""

    match: Match
    row: Row
    house: House | None
    number: float

    @property
    def spot(self) -> Spot:
        at = self.house or self.row
        return at.lon, at.lat

    @property
    def quality(self) -> float:
        if self.match.reading.number:
            return self.match.score + NUMBER_SHARE * self.number
        return self.match.score / (1.0 - NUMBER_SHARE)

    @property
    def unsaid(self) -> float:
        """How little the line says about the town; nearness and the area count so much the more."""
        return 1.0 - (self.match.town or 0.0)

    @property
    def exact(self) -> bool:
        as_numbered = self.number == 1.0 or not self.match.reading.number
        return as_numbered and self.match.town != 0.0 and self.match.name >= _EXACT_LIKENESS

    def found(self, inside: Inside | None) -> Found:
        lon, lat = self.spot
        is_inside = inside is None or inside(lon, lat)
        outside_cost = 0.0 if is_inside else _OUTSIDE_COST * self.unsaid
        return Found(
            label=(self.house or self.row).label,
            kind=FoundKind.ADDRESS if self.house else FoundKind(self.row.kind),
            lon=lon,
            lat=lat,
            score=round(max(0.0, self.quality - outside_cost), 4),
            exact=self.exact,
            municipality=self.row.municipality,
            inside=is_inside,
        )


class Addresses:
    """The address table of a region, read-only; may be used from several threads."""

    def __init__(self, table: AddressTable) -> None:
        self._table = table

    @classmethod
    def open(cls, path: Path) -> "Addresses":
        """Open the table at `path`.

        Raises
        ------
        RoutingError
            ``addresses-missing``, ``addresses-unreadable``, ``addresses-format``.
        """
        return cls(AddressTable.open(path))

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        self._table.close()

    def search(
        self,
        text: str,
        *,
        near: Spot | None = None,
        inside: Inside | None = None,
        limit: int = 8,
    ) -> list[Found]:
        """Find what `text` means, best first; an empty list where nothing is like it.

        Parameters
        ----------
        text
            As typed or heard: "Landstr 12 Triesen", "beim Rathaus", "Hausarzt".
        near
            Longitude and latitude; among equally good answers the nearer comes first.
        inside
            Tells whether (lon, lat) lies in the area. Equally good answers inside come first; one
            outside comes before them only where `text` names its town.
        limit
            Most answers to return.
        """
        lines = readings(text, self._table.postcodes)
        rows, candidates = self._table.candidates(lines, near)
        matches = [each for each in rank(lines, candidates) if each.name >= _LEAST_LIKENESS]
        ranked = [
            (answer, answer.found(inside)) for answer in self._answers(matches[:_MOST_RANKED], rows)
        ]
        ranked.sort(key=lambda pair: (-_order(pair[0], pair[1], near), pair[1].label))
        worst = max((found.score for _, found in ranked), default=0.0) - _WIDEST_SPREAD
        by_label: dict[str, Found] = {}
        for _, found in ranked:
            if found.score >= worst:
                by_label.setdefault(found.label, found)
        return list(by_label.values())[:limit]

    def reverse(self, lon: float, lat: float, within_m: float) -> Found | None:
        """Name a place on the map: the nearest house within `within_m` metres, else what else is near."""
        rows = self._table.rows_around(lon, lat, within_m)
        houses = self._table.houses_around(lon, lat, within_m)
        near_house = _nearest(houses, (lon, lat), within_m)
        near = near_house or _nearest(rows, (lon, lat), within_m)
        if near is None:
            return None
        row = self._table.row(near.place) if isinstance(near, House) else near
        kind = FoundKind.ADDRESS if near_house else FoundKind(row.kind)
        return Found(
            near.label, kind, near.lon, near.lat, 1.0, exact=True, municipality=row.municipality
        )

    def _answers(self, matches: Sequence[Match], rows: Mapping[int, Row]) -> list[_Answer]:
        """Rows, or their houses where the line names a number."""
        numbered = {
            each.candidate.id: each.reading.number for each in matches if each.reading.number
        }
        houses = self._table.houses(numbered)
        others = [place for place in numbered if place not in houses and rows[place].has_numbers]
        neighbours = self._table.all_houses(others[:_MOST_NEIGHBOURS])
        answers = []
        for match in matches:
            row, asked = rows[match.candidate.id], match.reading.number
            exact = houses.get(row.id) if asked else None
            if exact:
                answers += [_Answer(match, row, house, 1.0) for house in exact]
            elif asked:
                answers.append(_stand_in(match, row, neighbours.get(row.id, [])))
            else:
                answers.append(_Answer(match, row, None, 0.0))
        return answers


def _stand_in(match: Match, row: Row, houses: Iterable[House]) -> _Answer:
    """Take the known house next to the number asked for, or the whole street."""
    asked = match.reading.number
    distances = [(number_distance(asked, house.number), house) for house in houses]
    known = [(distance, house) for distance, house in distances if distance is not None]
    gap, house = min(known, key=lambda pair: (pair[0], pair[1].number), default=(None, None))
    if gap is None or gap > _FARTHEST_NUMBER:
        return _Answer(match, row, None, _WHOLE_STREET if row.kind in _NUMBERED else 0.0)
    return _Answer(match, row, house, _OTHER_LETTER if gap < 1 else _NEXT_NUMBER)


def _order(answer: _Answer, found: Found, near: Spot | None) -> float:
    """Score with what breaks ties: kind, importance, a name that says so itself, nearness."""
    order = found.score + _KIND_GAIN[answer.row.kind] + _WEIGHT_GAIN * answer.row.weight
    if answer.match.reading.name in answer.match.candidate.names[0]:
        order += _OWN_NAME_GAIN
    if near:
        order += _NEAR_GAIN * answer.unsaid * exp(-metres_apart(near, answer.spot) / _NEAR_M)
    return order


_Placed = TypeVar("_Placed", House, Row)


def _nearest(things: Iterable[_Placed], spot: Spot, within_m: float) -> _Placed | None:
    """Pick the nearest thing that is not farther than `within_m`."""
    reach = [(metres_apart(spot, (thing.lon, thing.lat)), thing) for thing in things]
    close = [pair for pair in reach if pair[0] <= within_m]
    return min(close, key=lambda pair: (pair[0], pair[1].label), default=(0.0, None))[1]
