"""A point as (longitude, latitude) in degrees, and how two of them lie to each other."""

from math import cos, hypot, radians

from routing.geometry import METRES_PER_DEGREE

Spot = tuple[float, float]


def east_north(origin: Spot, spot: Spot) -> tuple[float, float]:
    """Return how many metres east and north of another a point lies, on a plane: good for a county."""
    shrink = cos(radians(origin[1]))
    east, north = (spot[0] - origin[0]) * shrink, spot[1] - origin[1]
    return east * METRES_PER_DEGREE, north * METRES_PER_DEGREE


def metres_apart(first: Spot, second: Spot) -> float:
    """Return the metres between two points on the same plane."""
    return hypot(*east_north(first, second))
