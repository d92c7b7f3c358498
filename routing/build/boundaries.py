"""Municipality polygons of an OSM extract, put together from `boundary=administrative` relations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import osmium
import shapely
from shapely.geometry.base import BaseGeometry

from routing.build.osm import reading

_LEVELS = range(2, 12)
_HOLE_ROLES = frozenset({"inner", "enclave"})
_NOT_AN_EDGE = frozenset({"label", "admin_centre", "subarea"})

Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Boundary:
    """One administrative area: `polygon` is a valid Polygon or MultiPolygon in degrees (lon, lat)."""

    name: str
    admin_level: int
    polygon: BaseGeometry


@dataclass(frozen=True, slots=True, eq=False)
class BoundarySurvey:
    """What an extract tells about boundaries: the complete ones, and the names of those cut off."""

    boundaries: tuple[Boundary, ...]
    incomplete: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoundaryLine:
    """A piece of border; `admin_level` is that of the largest area it bounds, points are (lon, lat)."""

    admin_level: int
    points: Points


@dataclass(frozen=True, slots=True)
class _Relation:
    name: str
    admin_level: int
    outer: tuple[int, ...]
    inner: tuple[int, ...]


def read_boundaries(osm: Path) -> tuple[Boundary, ...]:
    """Complete administrative boundaries of `osm`, by level and then by name.

    Raises
    ------
    ExtractError
        The extract cannot be read.
    """
    return survey_boundaries(osm).boundaries


def survey_boundaries(osm: Path) -> BoundarySurvey:
    """Assemble every administrative boundary of `osm`; those the clipping cut open are only named.

    Raises
    ------
    ExtractError
        The extract cannot be read.
    """
    with reading(osm):
        relations = _read_relations(osm)
        lines = _read_lines(osm, {way for each in relations for way in (*each.outer, *each.inner)})
    complete, incomplete = [], []
    for relation in sorted(relations, key=lambda each: (each.admin_level, each.name)):
        polygon = _polygon(relation, lines)
        if polygon is None:
            incomplete.append(relation.name)
        else:
            complete.append(Boundary(relation.name, relation.admin_level, polygon))
    return BoundarySurvey(tuple(complete), tuple(incomplete))


def boundary_lines(osm: Path) -> tuple[BoundaryLine, ...]:
    """Borders of `osm` for drawing, each piece once, also of areas the clipping cut open.

    Raises
    ------
    ExtractError
        The extract cannot be read.
    """
    with reading(osm):
        levels: dict[int, int] = {}
        for relation in _read_relations(osm):
            for way in (*relation.outer, *relation.inner):
                levels[way] = min(levels.get(way, relation.admin_level), relation.admin_level)
        lines = _read_lines(osm, set(levels))
    return tuple(BoundaryLine(levels[way], points) for way, points in lines.items())


def _read_relations(osm: Path) -> list[_Relation]:
    """Named administrative relations with a usable level and at least one edge."""
    found = []
    administrative = osmium.filter.TagFilter(("boundary", "administrative"))
    objects = osmium.FileProcessor(osm, osmium.osm.RELATION)
    relations: Iterable[Any] = objects.with_filter(administrative)
    for relation in relations:
        name, level = relation.tags.get("name"), relation.tags.get("admin_level", "")
        ways = [
            member
            for member in relation.members
            if member.type == "w" and member.role not in _NOT_AN_EDGE
        ]
        if name and ways and level.isdecimal() and int(level) in _LEVELS:
            outer = tuple(way.ref for way in ways if way.role not in _HOLE_ROLES)
            inner = tuple(way.ref for way in ways if way.role in _HOLE_ROLES)
            found.append(_Relation(name, int(level), outer, inner))
    return found


def _read_lines(osm: Path, wanted: set[int]) -> dict[int, Points]:
    """Points (lon, lat) of the wanted ways that have every one of their nodes in the extract."""
    lines: dict[int, Points] = {}
    if not wanted:
        return lines
    of_boundaries = osmium.filter.IdFilter(wanted)
    objects = osmium.FileProcessor(osm, osmium.osm.NODE | osmium.osm.WAY).with_locations()
    only_ways = objects.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    ways: Iterable[Any] = only_ways.with_filter(of_boundaries)
    for way in ways:
        if len(way.nodes) > 1 and all(node.location.valid() for node in way.nodes):
            lines[way.id] = [(node.lon, node.lat) for node in way.nodes]
    return lines


def _polygon(relation: _Relation, lines: Mapping[int, Points]) -> BaseGeometry | None:
    """Polygon of a relation; None unless every way is there and the ways close into rings."""
    if any(way not in lines for way in (*relation.outer, *relation.inner)):
        return None
    outer = _faces([lines[way] for way in relation.outer])
    inner = _faces([lines[way] for way in relation.inner])
    if outer is None or inner is None or outer.is_empty:
        return None
    return outer.difference(inner)


def _faces(lines: Sequence[Points]) -> BaseGeometry | None:
    """Area inside the rings that `lines` close into; None when some lines are left over."""
    noded = shapely.union_all([shapely.LineString(line) for line in lines])
    polygons, cuts, dangles, invalid = shapely.polygonize_full([noded])
    if any(not left.is_empty for left in (cuts, dangles, invalid)):
        return None
    return shapely.make_valid(shapely.union_all(list(polygons.geoms)))
