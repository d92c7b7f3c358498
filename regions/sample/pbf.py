"""The plan as an OSM document: ways, houses, patches, boundaries, places, stops."""

import numpy as np
import shapely

from regions.sample.boundaries import Boundaries, Municipality
from regions.sample.buildings import Building
from regions.sample.country import Country
from regions.sample.geometry import at, beside, line, piece
from regions.sample.osm import Document
from regions.sample.plan import IntArray, Kind, Points, Site
from regions.sample.timetable import halt_name
from regions.sample.ways import add_ways

_PER_HOUSE = 2.3
_PLATFORM_M = 90.0


def fill_document(country: Country, document: Document) -> None:
    """Add everything to the document."""
    add_ways(country.draft, country.waters.tree, document)
    for index, (course, name) in enumerate(
        zip(country.land.waters, country.land.water_names, strict=True)
    ):
        kind = "stream" if index else "river"
        document.add_course(course, {"waterway": kind, "name": name})
    for patch in country.draft.patches:
        document.add_area(patch.polygon, patch.tags)
    for house in country.houses:
        _add_house(house, document)
    _add_places(country, document)
    _add_stops(country, document)
    _add_boundaries(country.boundaries, country.municipalities, country.sites, document)


def _add_house(house: Building, document: Document) -> None:
    """Add a house: address on its outline, or on a point inside."""
    if house.as_point:
        document.add_area(house.footprint, house.tags)
        middle = shapely.centroid(house.footprint)
        document.add_spot(middle.x, middle.y, house.address)
    else:
        document.add_area(house.footprint, house.tags | house.address)


def _add_places(country: Country, document: Document) -> None:
    """Add the names of settlements, with inhabitants counted by houses."""
    counts = np.bincount(
        [country.draft.streets[house.street].site for house in country.houses],
        minlength=len(country.sites),
    )
    for site in country.sites:
        if site.lived_in:
            people = str(round(_PER_HOUSE * int(counts[site.index])))
            tags = {"place": site.kind.value, "name": site.name, "population": people}
            document.add_spot(site.x, site.y, tags)


def _add_stops(country: Country, document: Document) -> None:
    """Add railway stations with platforms, and the poles of the bus."""
    for halt in country.railway.halts:
        kind = "station" if country.sites[halt.site].kind is Kind.TOWN else "halt"
        tags = {"railway": kind, "public_transport": "station", "train": "yes",
                "name": halt_name(country.sites[halt.site])}  # fmt: skip
        document.add_spot(halt.x, halt.y, tags)
        course = country.railway.course
        near = piece(course, halt.along - _PLATFORM_M / 2, halt.along + _PLATFORM_M / 2)
        toward = country.sites[halt.site].at - at(course, halt.along)
        left = beside(course, halt.along, 1.0) - at(course, halt.along)
        side = 5.0 if float(toward @ left) > 0 else -5.0
        edge = shapely.get_coordinates(shapely.offset_curve(line(near), side))
        document.add_course(edge, {"railway": "platform", "public_transport": "platform"})
    for poles in country.buses.stops.values():
        for pole in poles:
            tags = {"highway": "bus_stop", "public_transport": "platform", "bus": "yes",
                    "name": pole.name}  # fmt: skip
            document.add_spot(pole.x, pole.y, tags)


def _add_boundaries(
    boundaries: Boundaries, municipalities: tuple[Municipality, ...], sites: tuple[Site, ...],
    document: Document,
) -> None:  # fmt: skip
    """Add the municipalities (admin_level 8) and the county (6) over shared boundary ways."""
    corner: dict[tuple[int, int], int] = {}
    ways = []
    for points, sides in zip(boundaries.lines, boundaries.sides, strict=True):
        level = "6" if -1 in sides else "8"
        nodes = _shared_nodes(points, corner, document)
        ways.append(document.add_way(nodes, {"boundary": "administrative", "admin_level": level}))
    for municipality in municipalities:
        mine = [i for i, sides in enumerate(boundaries.sides) if municipality.index in sides]
        polygon = boundaries.polygons[municipality.index]
        members = [("w", ways[i], _role(boundaries.lines[i], polygon)) for i in mine]
        tags = {"boundary": "administrative", "type": "boundary", "admin_level": "8",
                "name": municipality.name, "postal_code": municipality.postcode,
                "note": "erfunden"}  # fmt: skip
        document.add_relation(members, tags)
    rim = [("w", ways[i], "outer") for i, sides in enumerate(boundaries.sides) if -1 in sides]
    county = {"boundary": "administrative", "type": "boundary", "admin_level": "6",
              "name": f"Landkreis {sites[0].name} (erfunden)", "note": "erfunden"}  # fmt: skip
    document.add_relation(rim, county)


def _shared_nodes(
    points: Points, corner: dict[tuple[int, int], int], document: Document
) -> list[int]:
    """Nodes of a boundary line; lines that end at the same point share its node."""
    e7 = document.globe.to_e7(points)
    first = document.add_nodes(e7[1:-1]) if len(e7) > 2 else 0  # noqa: PLR2004
    inner = list(range(first, first + max(0, len(e7) - 2)))
    ends = [_corner(e7[i], corner, document) for i in (0, -1)]
    return [ends[0], *inner, ends[1]]


def _corner(e7: IntArray, corner: dict[tuple[int, int], int], document: Document) -> int:
    key = int(e7[0]), int(e7[1])
    if key not in corner:
        corner[key] = document.add_nodes(e7[None])
    return corner[key]


def _role(points: Points, polygon: shapely.Geometry) -> str:
    """Return the role of a boundary line: inner if it runs along a hole of the municipality."""
    run = points[len(points) // 2 - 1 : len(points) // 2 + 1]
    middle = shapely.Point(*run.mean(axis=0))
    outer = [part.exterior for part in shapely.get_parts(polygon)]
    return "outer" if float(shapely.distance(middle, outer).min()) < 1.0 else "inner"
