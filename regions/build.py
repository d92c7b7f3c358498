"""Make a region folder from an OSM extract, a GTFS feed and area files: the prepare step.

Everything is built beside the target and swapped in at the end, so that a region in use stays as it
was when a source turns out to be broken.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from gtfs.reading import feed_names, read_apart
from regions.area import Area, read_area
from regions.arrays import save_arrays
from regions.errors import AreaError, RegionError
from regions.manifest import MANIFEST, Counts, Manifest, Source
from regions.map_job import drawing
from regions.region import (
    ADDRESSES,
    AREAS,
    BOUNDARIES,
    HIERARCHY,
    ROADS,
    TILES,
    TIMETABLE,
    Region,
    open_region,
)
from regions.sample import write_sample
from regions.timetable import counts_of, save_reading
from routing.build.addresses import build_addresses
from routing.build.boundaries import Boundary, survey_boundaries
from routing.build.osm import check_extract
from routing.build.roads import build_roads
from routing.errors import NoRoad
from routing.graph import RoadGraph
from routing.profile import load_profile
from routing.search import hierarchy_of
from routing.snap import Snapper

Progress = Callable[[str], None]
OSM_ATTRIBUTION = "© OpenStreetMap contributors (ODbL)"
INVENTED_ATTRIBUTION = "Erfundene Beispieldaten / invented sample data"


@dataclass(frozen=True, slots=True)
class Sources:
    """What a region is made from; several feeds become one timetable."""

    osm: Path
    gtfs: tuple[Path, ...] = ()
    areas: tuple[Path, ...] = ()
    name: str | None = None
    invented: bool = False
    winter: bool = False


def build_region(sources: Sources, target: Path, progress: Progress | None = None) -> Region:
    """Build a region folder at ``target``, replacing a region that is there.

    Raises
    ------
    RegionError, routing.errors.RoutingError, gtfs.errors.FeedError
        With a code and one sentence; ``target`` is then as it was.
    """
    with _staged(target) as staging:
        _fill(staging, sources, progress or _silent)
    return open_region(target)


def sample_region(
    target: Path,
    *,
    seed: int = 7,
    villages: int = 8,
    size_km: float = 15.0,
    progress: Progress | None = None,
) -> Region:
    """Invent a region and build it by the same import; its sources stay in ``target/sources``."""
    say = progress or _silent
    with _staged(target) as staging:
        say("inventing a landscape")
        files = write_sample(staging / "sources", seed=seed, villages=villages, size_km=size_km)
        name = f"Beispielregion {seed} (erfunden)"
        _fill(staging, Sources(files.osm, (files.gtfs,), files.areas, name, invented=True), say)
    return open_region(target)


def _fill(folder: Path, sources: Sources, say: Progress) -> None:
    """Build every part of a region into the empty ``folder``; the cheap checks come first."""
    say("checking the sources")
    check_extract(sources.osm)
    areas = [read_area(path) for path in sources.areas]
    _refuse_twice(areas)
    with drawing(sources.osm, folder / TILES, folder) as map_job:
        counts: Counts = {}
        warnings: list[str] = []
        feed_warnings: tuple[str, ...] = ()
        if sources.gtfs:
            say("reading the timetable")
            reading = read_apart(feed_names(sources.gtfs))
            save_reading(reading, folder / TIMETABLE)
            counts["timetable"] = counts_of(reading)
            feed_warnings = reading.warnings
        say("reading the roads")
        graph, road_report = build_roads(sources.osm, load_profile(winter=sources.winter), say)
        counts["roads"] = {key: n for key, n in asdict(road_report).items() if key != "warnings"}
        warnings += road_report.warnings
        if sources.winter:
            warnings.append("Driving times are those of winter roads.")
        say("contracting the road graph")
        save_arrays(graph, folder / ROADS)
        save_arrays(hierarchy_of(graph), folder / HIERARCHY)
        snapper = Snapper(graph)
        for path, area in zip(sources.areas, areas, strict=True):
            _check_places(area, snapper, path.name)
        say("reading the municipalities")
        survey = survey_boundaries(sources.osm)
        if survey.incomplete:
            warnings.append(
                f"Cut off by the extract, so without a boundary: {', '.join(survey.incomplete)}."
            )
        _write_areas(folder, sources.areas, areas, survey.boundaries)
        say("indexing the addresses")
        addresses = build_addresses(sources.osm, folder / ADDRESSES, survey.boundaries)
        counts["addresses"] = dict(addresses.counts)
        say("drawing the map")
        map_job.finish()
    manifest = _manifest(sources, graph, counts, warnings)
    replace(manifest, feed_warnings=feed_warnings).write(folder)


def _manifest(sources: Sources, graph: RoadGraph, counts: Counts, warnings: list[str]) -> Manifest:
    files = [
        ("osm", sources.osm),
        *(("gtfs", path) for path in sources.gtfs),
        *(("area", path) for path in sources.areas),
    ]
    invented = sources.invented
    return Manifest(
        name=sources.name or sources.osm.name.split(".")[0],
        invented=invented,
        bbox=graph.bbox,
        attribution=INVENTED_ATTRIBUTION if invented else OSM_ATTRIBUTION,
        sources=tuple(Source.of(kind, path) for kind, path in files),
        counts=counts,
        warnings=tuple(warnings),
    )


def _write_areas(
    folder: Path, files: tuple[Path, ...], areas: list[Area], boundaries: tuple[Boundary, ...]
) -> None:
    """Copy the area files and write each area's polygon beside it."""
    (folder / AREAS).mkdir()
    for file, area in zip(files, areas, strict=True):
        shutil.copyfile(file, folder / AREAS / f"{area.id}.toml")
        polygon = _area_polygon(area, boundaries, file.name)
        if polygon is not None:
            text = shapely.to_geojson(polygon)
            (folder / AREAS / f"{area.id}.geojson").write_text(text, encoding="utf-8")
    features = [
        {
            "type": "Feature",
            "properties": {"name": boundary.name, "admin_level": boundary.admin_level},
            "geometry": json.loads(shapely.to_geojson(boundary.polygon)),
        }
        for boundary in boundaries
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (folder / BOUNDARIES).write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def _area_polygon(area: Area, boundaries: tuple[Boundary, ...], where: str) -> BaseGeometry | None:
    """Union of the municipalities an area names, or its box; None for the whole extract."""
    if area.bbox:
        return shapely.box(*area.bbox)
    if not area.municipalities:
        return None
    known = {boundary.name: boundary.polygon for boundary in boundaries}
    missing = [name for name in area.municipalities if name not in known]
    if missing:
        raise AreaError(
            "municipality-unknown",
            f"{where}: the extract has no complete boundary of {missing[0]!r}; "
            f"it has: {', '.join(sorted(known)) or 'none'}. Or give a bbox.",
        )
    return shapely.union_all([known[name] for name in area.municipalities])


def _check_places(area: Area, snapper: Snapper, where: str) -> None:
    """Refuse stops and depots the bus cannot reach, as long as their file is at hand."""
    depots = [
        (f"shift {shift.id}", end) for shift in area.shifts for end in (shift.start, shift.end)
    ]
    for whose, stop in [*depots, *((f"stop {stop.id}", stop) for stop in area.stops)]:
        try:
            snapper.snap(stop.lon, stop.lat, area.policy.snap_m)
        except NoRoad as error:
            message = f"{where}: {whose} ({stop.name}) cannot be reached: {error.message}"
            raise AreaError("place-off-road", message) from error


def _refuse_twice(areas: list[Area]) -> None:
    ids = [area.id for area in areas]
    for area_id in ids:
        if ids.count(area_id) > 1:
            raise AreaError(
                "area-twice", f"Two area files have the id {area_id!r}; ids must differ."
            )


@contextmanager
def _staged(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside ``target`` that takes its place when the block ends well."""
    if target.exists() and not target.is_dir():
        raise RegionError("target-taken", f"{target} is a file; name a folder for the region.")
    if target.is_dir() and any(target.iterdir()) and not (target / MANIFEST).is_file():
        raise RegionError(
            "target-taken", f"{target} holds other files and no region; name a new or empty folder."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield staging
        staging.chmod(0o755)
        _swap(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _swap(staging: Path, target: Path) -> None:
    """Put ``staging`` in the place of ``target``; what was there is removed last."""
    if not target.exists():
        staging.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    target.replace(old)  # an empty folder may be replaced by a folder
    staging.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _silent(_step: str) -> None:
    """Progress nobody watches."""
