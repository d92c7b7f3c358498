"""Invent a region: the parts in their order, from the land to the files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from regions.errors import RegionError
from regions.sample.areas import write_areas
from regions.sample.country import plan_country
from regions.sample.osm import Document
from regions.sample.pbf import fill_document
from regions.sample.plan import Globe
from regions.sample.timetable import write_timetable

OSM_FILE = "sample.osm.pbf"
GTFS_FILE = "sample.gtfs.zip"
AREAS_FOLDER = "areas"

VILLAGES = (3, 1_000)
SIZE_KM = (4.0, 150.0)
KM2_PER_VILLAGE = 2.5
"""Less land than this for each village leaves no room between them."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """What was written: the extract, the feed and the area files."""

    osm: Path
    gtfs: Path
    areas: tuple[Path, ...]


def write_sample(
    target: Path,
    *,
    seed: int = 7,
    villages: int = 8,
    size_km: float = 15.0,
    progress: Progress | None = None,
) -> SampleFiles:
    """Invent a region and write its extract, feed and area files into ``target``.

    The same numbers give the same bytes. The region grows with both numbers: about 120 drivable
    road nodes and 240 addresses for each village, and 10 more road nodes for each square kilometre
    (8 villages in 15 km: 3,600; 400 in 80 km: 109,000). Tracks have as many nodes again.

    Parameters
    ----------
    target
        Folder, made if missing; files of the same names are replaced.
    seed
        Which of the many regions, 0 or more.
    villages
        Towns and villages together; hamlets and farms come on top.
    size_km
        Width and height of the region.
    progress
        Called with a few words before each step.

    Raises
    ------
    RegionError
        ``sample-seed``, ``sample-villages``, ``sample-size``, ``sample-density``.
    """
    _check(seed, villages, size_km)
    say = progress or _silent
    country = plan_country(seed, villages, size_km, say)
    say("writing the extract")
    globe = Globe()
    target.mkdir(parents=True, exist_ok=True)
    document = Document(globe)
    fill_document(country, document)
    document.write(target / OSM_FILE)
    say("writing timetable and areas")
    write_timetable(target / GTFS_FILE, country, globe)
    areas = write_areas(target / AREAS_FOLDER, seed, country, globe)
    return SampleFiles(target / OSM_FILE, target / GTFS_FILE, areas)


def _check(seed: int, villages: int, size_km: float) -> None:
    """Refuse numbers no region can be made of."""
    if seed < 0:
        raise RegionError("sample-seed", f"The seed is {seed}; it must be 0 or a positive number.")
    if not VILLAGES[0] <= villages <= VILLAGES[1]:
        raise RegionError(
            "sample-villages",
            f"{villages} villages cannot be made; choose between {VILLAGES[0]} and {VILLAGES[1]}.",
        )
    if not SIZE_KM[0] <= size_km <= SIZE_KM[1]:
        raise RegionError(
            "sample-size",
            f"A region of {size_km:g} km cannot be made; "
            f"choose between {SIZE_KM[0]:g} and {SIZE_KM[1]:g} km.",
        )
    room = KM2_PER_VILLAGE * villages
    if size_km**2 < room:
        raise RegionError(
            "sample-density",
            f"{villages} villages need at least {room**0.5:.1f} km, not {size_km:g} km; "
            "choose fewer villages or a larger region.",
        )


def _silent(_step: str) -> None:
    """Progress nobody watches."""
