"""Points along the roads that have a name: what a click on the map away from houses is called."""

from typing import NamedTuple

import numpy as np
import shapely

from routing.build.addresses.locating import Locator
from routing.build.addresses.reader import Gathered
from routing.build.addresses.rows import with_town
from routing.geometry import METRES_PER_DEGREE
from routing.spot import Spot

_SPACING_M = 30.0


class NamedRoad(NamedTuple):
    """A road with its town: points (lon, lat) at most 30 m apart (more where degrees are long)."""

    label: str
    municipality: str
    points: list[Spot]


def make_roads(gathered: Gathered, locator: Locator) -> list[NamedRoad]:
    """One entry for each named way of the extract that has two points or more."""
    ways = [
        (street, line)
        for street, line in zip(gathered.streets, gathered.lines, strict=True)
        if len(line) > 1
    ]
    if not ways:
        return []
    places = locator.points([street[-2:] for street, _ in ways])
    lines = shapely.segmentize(
        [shapely.LineString(line) for _, line in ways], _SPACING_M / METRES_PER_DEGREE
    )
    points, owner = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(owner, np.arange(1, len(ways)))
    return [
        NamedRoad(with_town(street.name, where.town), where.municipality, part.tolist())
        for (street, _), where, part in zip(ways, places, np.split(points, first), strict=True)
    ]
