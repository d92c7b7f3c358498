"""Where points lie: municipality, settlement and postal town of many points at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import cos, radians
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.build.addresses.folding import folded
from routing.build.addresses.reader import Gathered, RawAddress
from routing.build.boundaries import Boundary
from routing.geometry import METRES_PER_DEGREE
from routing.spot import Spot

# In Germany 8 is the municipality and 6 a town that is its own county; 7 and 9 stand in abroad.
_MUNICIPALITY_LEVELS = (8, 7, 9, 6)
_PART_LEVELS = (10, 9, 11)
_PARTS = frozenset({"city", "town", "village", "suburb", "quarter", "hamlet"})
_SETTLEMENT_REACH_M = 2_500.0
_NEIGHBOUR_REACH_M = 500.0
_TRUSTED_CITY_COUNT = 5
_Known = TypeVar("_Known")


class Where(NamedTuple):
    """Where one point lies; empty text where the extract does not tell."""

    municipality: str
    settlement: str
    town: str


class Locator:
    """Answers where points lie, from the boundaries, settlements and addresses of one extract."""

    def __init__(self, gathered: Gathered, boundaries: Sequence[Boundary]) -> None:
        self._shrink = _shrink(gathered)
        self._municipalities = _Polygons(boundaries, _MUNICIPALITY_LEVELS)
        self._parts = _Polygons(boundaries, _PART_LEVELS)
        near = [each for each in gathered.settlements if each.detail in _PARTS]
        spots = [(each.lon, each.lat) for each in near]
        within = self._municipalities.names(spots)
        self._settlements = _Nearest(
            self._points(spots),
            list(zip([each.name for each in near], within, strict=True)),
            ("", ""),
            _SETTLEMENT_REACH_M,
        )
        self._spelling, self._trusted = _spellings(gathered, boundaries)
        self._towns = _Nearest(self._points([]), [], "", _NEIGHBOUR_REACH_M)

    def addresses(self, addresses: Sequence[RawAddress]) -> list[Where]:
        """Place addresses; afterwards other points take the town of the house next to them."""
        spots = [(each.lon, each.lat) for each in addresses]
        municipalities = self._municipalities.names(spots)
        settlements = self._settlement_names(spots, municipalities)
        places = []
        for address, municipality, settlement in zip(
            addresses, municipalities, settlements, strict=True
        ):
            part = address.suburb or settlement
            city = self._spelling.get(folded(address.city), address.city)
            believed = city if folded(city) in self._trusted else ""
            town = believed or municipality or city or part
            places.append(Where(municipality or town, part, town))
        self._towns = _Nearest(
            self._points(spots), [each.town for each in places], "", _NEIGHBOUR_REACH_M
        )
        return places

    def points(self, spots: Sequence[Spot]) -> list[Where]:
        """Place anything else at (lon, lat) points."""
        municipalities = self._municipalities.names(spots)
        towns = self._towns.of(self._points(spots))
        settlements = self._settlement_names(spots, municipalities)
        return [
            Where(municipality or town, settlement, town or municipality or settlement)
            for municipality, town, settlement in zip(
                municipalities, towns, settlements, strict=True
            )
        ]

    def _settlement_names(self, spots: Sequence[Spot], municipalities: Sequence[str]) -> list[str]:
        """Part of the municipality by polygon, else the nearest settlement that belongs to it."""
        by_polygon = self._parts.names(spots)
        by_distance = self._settlements.of(self._points(spots))
        return [
            part or (name if within == municipality else "")
            for part, (name, within), municipality in zip(
                by_polygon, by_distance, municipalities, strict=True
            )
        ]

    def _points(self, spots: Iterable[Spot]) -> NDArray[np.object_]:
        """Points in metres east and north, good for comparing distances within an extract."""
        flat = np.array(list(spots), dtype=np.float64).reshape(-1, 2)
        return np.asarray(
            shapely.points(flat * (METRES_PER_DEGREE * self._shrink, METRES_PER_DEGREE)),
            dtype=object,
        )


class _Polygons:
    """Names of the polygons that contain points; the earliest of `levels` wins."""

    def __init__(self, boundaries: Sequence[Boundary], levels: Sequence[int]) -> None:
        used = [each for each in boundaries if each.admin_level in levels]
        used.sort(key=lambda each: (levels.index(each.admin_level), each.name))
        self._names = [each.name for each in used]
        self._tree = shapely.STRtree([each.polygon for each in used])

    def names(self, spots: Sequence[Spot]) -> list[str]:
        found = [""] * len(spots)
        if self._names and spots:
            point, polygon = self._tree.query(shapely.points(spots), predicate="within")
            for index in np.lexsort((polygon, point))[::-1]:
                found[point[index]] = self._names[polygon[index]]
        return found


class _Nearest(Generic[_Known]):
    """What is known of the nearest point within a reach in metres; `nothing` where none is near."""

    def __init__(
        self,
        points: NDArray[np.object_],
        known: Sequence[_Known],
        nothing: _Known,
        reach: float,
    ) -> None:
        self._tree = shapely.STRtree(points)
        self._known = known
        self._nothing = nothing
        self._reach = reach

    def of(self, points: NDArray[np.object_]) -> list[_Known]:
        found = [self._nothing] * len(points)
        if self._known and len(points):
            asked, nearest = self._tree.query_nearest(
                points, max_distance=self._reach, all_matches=False
            )
            for index, position in zip(asked, nearest, strict=True):
                found[index] = self._known[position]
        return found


def _spellings(
    gathered: Gathered, boundaries: Sequence[Boundary]
) -> tuple[dict[str, str], set[str]]:
    """One spelling for each town by its folded name, and the towns that are surely towns.

    "Lauf a.d.Pegnitz" and "Lauf an der Pegnitz" are one town; a street typed into the city field is none.
    """
    counts = Counter(each.city for each in gathered.addresses if each.city)
    spelling: dict[str, str] = {}
    for city, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        spelling.setdefault(folded(city), city)
    official = {folded(each.name): each.name for each in boundaries}
    spelling |= {key: name for key, name in official.items() if key in spelling}
    often: Counter[str] = Counter()
    for city, count in counts.items():
        often[folded(city)] += count
    trusted = {city for city, count in often.items() if count >= _TRUSTED_CITY_COUNT}
    return spelling, trusted | set(official) | {folded(each.name) for each in gathered.settlements}


def _shrink(gathered: Gathered) -> float:
    """Length of a degree of longitude over one of latitude, in the middle of the extract."""
    lats = [each.lat for each in gathered.addresses]
    lats += [each.lat for each in (*gathered.streets, *gathered.settlements)]
    return cos(radians(sum(lats) / len(lats))) if lats else 1.0
