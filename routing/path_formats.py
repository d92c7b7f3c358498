"""A path in the formats that maps and other programs read."""

from typing import Any, Literal

import polyline

from routing.path import Path


def encoded(path: Path, precision: Literal[5, 6] = 5) -> str:
    """Return the geometry in Google's encoded polyline format.

    Parameters
    ----------
    precision
        Decimal places of a degree: 5 (about 1 m) is usual, 6 is what OSRM's `polyline6` and Valhalla use.
    """
    return polyline.encode(path.points.tolist(), precision, geojson=True)


def geojson(path: Path) -> dict[str, Any]:
    """Return the path as a GeoJSON feature (RFC 7946) with `metres` and `seconds` as properties."""
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": path.points.tolist()},
        "properties": {"metres": path.metres, "seconds": path.seconds},
    }
