"""A point as (longitude, latitude) in degrees, and how far two of them lie apart."""

from math import cos, hypot, radians

DEGREE_M = 111_195.0
"""Metres in one degree of latitude."""

Spot = tuple[float, float]


def metres_apart(first: Spot, second: Spot) -> float:
    """Return the metres between two points on a plane that touches the first: good for a county."""
    shrink = cos(radians(first[1]))
    return DEGREE_M * hypot((first[0] - second[0]) * shrink, first[1] - second[1])
