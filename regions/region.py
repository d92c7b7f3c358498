"""Open a region: a folder of prepared arrays, memory-mapped, in well under a second.

Nothing here imports what the prepare step needs (osmium, osmnx, pandas, gtfs_kit).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import shapely

from gtfs.other_services import OtherService
from gtfs.timetable import Timetable
from regions.area import Area, read_area
from regions.arrays import load_arrays
from regions.errors import FormatError
from regions.manifest import Manifest
from regions.timetable import load_other_services, load_timetable
from routing.addresses import Addresses
from routing.graph import RoadGraph
from routing.hierarchy import Hierarchy
from routing.search import Search
from routing.snap import Snapper

ROADS = "roads"
HIERARCHY = "hierarchy"
TIMETABLE = "timetable"
ADDRESSES = "addresses.sqlite"
BOUNDARIES = "boundaries.geojson"
TILES = "map.pmtiles"
AREAS = "areas"


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Everything prepared for one stretch of land."""

    path: Path
    manifest: Manifest
    search: Search
    snapper: Snapper
    addresses: Addresses
    areas: Mapping[str, Area]
    timetable: Timetable | None = None
    other_services: tuple[OtherService, ...] = ()
    """On-demand services of others one can call (GTFS-Flex)."""

    @property
    def graph(self) -> RoadGraph:
        """The roads."""
        return self.search.graph

    @property
    def tiles(self) -> Path:
        """The map archive (PMTiles)."""
        return self.path / TILES

    @property
    def boundaries(self) -> Path:
        """Municipality polygons as GeoJSON."""
        return self.path / BOUNDARIES


def open_region(path: Path) -> Region:
    """Open the region folder at ``path``.

    Raises
    ------
    FormatError
        ``not-a-region``, ``format-version``, ``manifest-unreadable``, ``arrays-unreadable``.
    AreaError
        An area file in the folder was edited into something unreadable.
    """
    manifest = Manifest.read(path)
    graph = load_arrays(RoadGraph, path / ROADS)
    timetable = path / manifest.timetable
    return Region(
        path=path,
        manifest=manifest,
        search=Search(graph, load_arrays(Hierarchy, path / HIERARCHY)),
        snapper=Snapper(graph),
        addresses=Addresses.open(path / ADDRESSES),
        areas={area.id: area for area in _areas(path / AREAS)},
        timetable=load_timetable(timetable),
        other_services=load_other_services(timetable),
    )


def _areas(folder: Path) -> list[Area]:
    """Areas of a region folder with their boundaries, in the order of their ids."""
    areas = []
    for file in sorted(folder.glob("*.toml")):
        boundary_file = file.with_suffix(".geojson")
        try:
            boundary = (
                shapely.from_geojson(boundary_file.read_text(encoding="utf-8"))
                if boundary_file.is_file()
                else None
            )
        except (OSError, ValueError, shapely.errors.ShapelyError) as error:
            raise FormatError(
                "boundary-unreadable", f"{boundary_file} cannot be read: {error}."
            ) from error
        areas.append(read_area(file).with_boundary(boundary))
    return areas
