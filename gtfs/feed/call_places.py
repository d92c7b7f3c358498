"""Where on-demand service runs: zones of locations.geojson and groups of stops, in all dialects.

A stop time may name a zone or a group in ``location_id``, ``location_group_id`` or (older) ``stop_id``.
Groups are listed in ``location_group_stops.txt`` (current), in ``location_groups.txt`` with one row per
member, or in ``stop_areas.txt`` (drafts of 2021 to 2023).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any

from gtfs.feed.inspection import Inspection
from gtfs.feed.plain import rows_of
from gtfs.other_services import CallStop, Polygon, Ring

ZONES = "locations.geojson"
_RING = 4
"""Points of the smallest ring: a triangle, closed."""


@dataclass(frozen=True, slots=True)
class CallPlaces:
    """What the names of places stand for."""

    zones: dict[str, tuple[Polygon, ...]]
    groups: dict[str, tuple[str, ...]]
    stops: dict[str, CallStop]

    def find(self, name: str) -> tuple[tuple[CallStop, ...], tuple[Polygon, ...]]:
        """Find the stops and polygons a name stands for; nothing for an unknown one."""
        names = [name, *self.groups.get(name, ())]
        stops = tuple(dict.fromkeys(self.stops[n] for n in names if n in self.stops))
        return stops, tuple(zone for n in names for zone in self.zones.get(n, ()))


def read_places(inspection: Inspection, present: frozenset[str]) -> CallPlaces:
    """Read zones, groups and stops; what is faulty is told and left out."""
    groups: dict[str, list[str]] = {}
    for table, group, member in (
        ("location_groups", "location_group_id", "location_id"),
        ("location_group_stops", "location_group_id", "stop_id"),
        ("stop_areas", "area_id", "stop_id"),
    ):
        for row in rows_of(inspection, present, table):
            if row[group] and row[member]:
                groups.setdefault(row[group], []).append(row[member])
    return CallPlaces(
        zones=_zones(inspection, present),
        groups={name: tuple(members) for name, members in groups.items()},
        stops=_stops(inspection, present),
    )


def _stops(inspection: Inspection, present: frozenset[str]) -> dict[str, CallStop]:
    """Read the stops that have a place; faults of the others are told where the timetable is read."""
    stops = {}
    for row in rows_of(inspection, present, "stops"):
        try:
            lon, lat = float(row["stop_lon"]), float(row["stop_lat"])
        except ValueError:
            continue
        if row["stop_id"] and isfinite(lon) and isfinite(lat):
            stops[row["stop_id"]] = CallStop(row.first("stop_name", "stop_id"), lon, lat)
    return stops


def _zones(inspection: Inspection, present: frozenset[str]) -> dict[str, tuple[Polygon, ...]]:
    if ZONES not in present:
        return {}
    zones = {}
    try:
        features = json.loads((inspection.folder / ZONES).read_text(encoding="utf-8-sig"))[
            "features"
        ]
        for number, feature in enumerate(features, start=1):
            try:
                zones[str(feature["id"])] = _polygons(feature["geometry"])
            except (KeyError, TypeError, ValueError) as error:
                message = f"{ZONES}: feature {number} is no polygon with an id ({error}); left out."
                inspection.warn("bad-geojson", message)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        inspection.warn("bad-geojson", f"{ZONES} cannot be read ({error}): its zones are left out.")
    return zones


def _polygons(geometry: dict[str, Any]) -> tuple[Polygon, ...]:
    match geometry["type"]:
        case "Polygon":
            return (_polygon(geometry["coordinates"]),)
        case "MultiPolygon":
            return tuple(_polygon(part) for part in geometry["coordinates"])
        case other:
            raise ValueError(f"its type is {other}")


def _polygon(rings: Iterable[Iterable[tuple[float, float]]]) -> Polygon:
    polygon = tuple(_ring(ring) for ring in rings)
    if not polygon:
        raise ValueError("it has no ring")
    return polygon


def _ring(points: Iterable[tuple[float, float]]) -> Ring:
    ring = tuple((float(point[0]), float(point[1])) for point in points)
    if len(ring) < _RING or ring[0] != ring[-1]:
        raise ValueError("a ring is not closed")
    if not all(isfinite(lon) and isfinite(lat) for lon, lat in ring):
        raise ValueError("a coordinate is no number")
    return ring
