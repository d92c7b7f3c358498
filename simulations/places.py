"""Where people of an area live and go: houses and places of interest from its address table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from regions.area import Area
from regions.region import Region
from routing.addresses import Named
from routing.geometry import lengths_m
from simulations.errors import SimulationError

FloatArray = npt.NDArray[np.float64]
# with fewer houses than this the extract has no addresses to speak of
_FEWEST_HOUSES = 20


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map with what people call it."""

    lon: float
    lat: float
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Places of one kind: labels and float64 arrays of degrees, all of the same length."""

    labels: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray

    def __len__(self) -> int:
        """Count the places."""
        return len(self.labels)

    def spot(self, index: int) -> Spot:
        """Return one of them."""
        return Spot(float(self.lon[index]), float(self.lat[index]), self.labels[index])

    def metres_from(self, spot: Spot) -> FloatArray:
        """Distances from ``spot`` as the crow flies, in metres."""
        return lengths_m(self.lon, self.lat, np.array(spot.lon), np.array(spot.lat))


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where people of an area live, and where they go by kind of place.

    Kinds are those of ``routing/addresses/place_kinds.toml``, and "stop" for public stops. ``stops`` holds
    the only places where the bus may stop, or is empty in a door-to-door area.
    """

    homes: Spots
    goals: Mapping[str, Spots]
    stops: Spots


def read_places(region: Region, area: Area) -> Places:
    """Read the places of an area.

    An extract without addresses is taken to be lived in along its roads.

    Raises
    ------
    SimulationError
        ``no-places`` when nobody could live in the area.
    """
    houses = _inside(area, [_row(house) for house in region.addresses.houses()])
    found = region.addresses.goals()
    goals = {
        kind: _inside(area, [_row(goal) for goal in found if goal.kind == kind])
        for kind in sorted({goal.kind for goal in found})
    }
    if len(houses) < _FEWEST_HOUSES:
        houses = _inside(area, _along_roads(region))
    if not len(houses):
        raise SimulationError(
            "no-places", f"There is no house and no road in {area.name}; look at its boundary."
        )
    stops = [] if area.door_to_door else [(stop.name, stop.lon, stop.lat) for stop in area.stops]
    return Places(homes=houses, goals=goals, stops=_spots(stops))


def _row(place: Named) -> Any:  # noqa: ANN401  # like the rows of `_along_roads`
    return place.label, place.lon, place.lat


def _along_roads(region: Region) -> list[Any]:
    """Label, lon and lat of the middle of every named road, or of every road if none has a name."""
    graph = region.graph
    middle = (graph.shape_first[:-1] + graph.shape_first[1:]) // 2
    named = np.flatnonzero(graph.name > 0)
    edges = named if len(named) else np.flatnonzero(graph.way_id > 0)
    return [
        (graph.names[graph.name[e]], graph.shape_lon[middle[e]], graph.shape_lat[middle[e]])
        for e in edges
    ]


def _inside(area: Area, rows: list[Any]) -> Spots:
    """Those of the rows (label, lon, lat) that lie in the area."""
    spots = _spots(rows)
    if area.boundary is None or not rows:
        return spots
    keep = shapely.intersects_xy(area.boundary, spots.lon, spots.lat)
    return _spots([row for row, kept in zip(rows, keep, strict=True) if kept])


def _spots(rows: list[Any]) -> Spots:
    return Spots(
        labels=tuple(str(row[0]) for row in rows),
        lon=np.array([row[1] for row in rows], dtype=np.float64),
        lat=np.array([row[2] for row in rows], dtype=np.float64),
    )
