"""Lakes beside the running waters."""

import numpy as np
import shapely

from regions.sample.geometry import blob, line, segments, tree
from regions.sample.landscape import Landscape
from regions.sample.plan import Draft

_LAKE_EVERY_M2 = 45e6
_TRIES = 40
_RADIUS_M = (60.0, 170.0)
_OFF_BANK_M = 60.0
_APART_M, _TO_ROAD_M, _TO_HOUSE_M, _TO_RIM_M = 900.0, 35.0, 60.0, 500.0


def find_lakes(
    land: Landscape, built: list[shapely.Polygon], draft: Draft, rng: np.random.Generator
) -> list[shapely.Polygon]:
    """Return lakes beside the waters, where there is neither house nor road."""
    wanted = 1 + round(land.outline.area / _LAKE_EVERY_M2)
    dense = shapely.segmentize([line(water) for water in land.waters], 60.0)
    banks = shapely.get_coordinates(dense)
    roads = tree(segments([road.points for road in draft.lines]))
    houses = shapely.STRtree(built)
    inner = land.outline.buffer(-_TO_RIM_M)
    lakes: list[shapely.Polygon] = []
    for _ in range(wanted * _TRIES):
        if len(lakes) == wanted:
            break
        middle = banks[int(rng.integers(len(banks)))] + rng.normal(0, _OFF_BANK_M, 2)
        lake = blob(middle, float(rng.uniform(*_RADIUS_M)), rng)
        near_road = len(roads.query(lake, predicate="dwithin", distance=_TO_ROAD_M))
        near_house = len(houses.query(lake, predicate="dwithin", distance=_TO_HOUSE_M))
        apart = all(other.distance(lake) > _APART_M for other in lakes)
        if apart and not near_road and not near_house and inner.contains(lake):
            lakes.append(lake)
    return lakes
