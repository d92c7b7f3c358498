"""A little town on a grid of streets, made by hand: nine houses, three shops, a doctor, one bus."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from regions.area import Area, parse_area
from regions.manifest import Manifest
from regions.region import ADDRESSES, Region
from routing.addresses import Addresses
from routing.addresses.schema import SCHEMA
from routing.graph import RoadGraph
from routing.search import Search
from routing.snap import Snapper

SIDE = 7
SPACING_M = 600.0
SPEED_M_PER_S = 12.0
WEST, SOUTH = 9.0, 48.0
METRES_PER_DEGREE = 111_195.0
EAST_PER_M = 1 / (METRES_PER_DEGREE * float(np.cos(np.radians(SOUTH))))
NORTH_PER_M = 1 / METRES_PER_DEGREE


def corner(column: float, row: float) -> tuple[float, float]:
    """Longitude and latitude of a street corner."""
    return WEST + column * SPACING_M * EAST_PER_M, SOUTH + row * SPACING_M * NORTH_PER_M


def _grid() -> RoadGraph:
    """Streets of equal length between the corners, both ways."""
    pairs = [
        (column + row * SIDE, column + right + (row + up) * SIDE)
        for row in range(SIDE)
        for column in range(SIDE)
        for right, up in ((1, 0), (0, 1), (-1, 0), (0, -1))
        if 0 <= column + right < SIDE and 0 <= row + up < SIDE
    ]
    pairs.sort()
    tail = np.array([a for a, _ in pairs], dtype=np.int32)
    head = np.array([b for _, b in pairs], dtype=np.int32)
    number = {pair: index for index, pair in enumerate(pairs)}
    places = np.array([corner(n % SIDE, n // SIDE) for n in range(SIDE * SIDE)])
    size = len(pairs)
    return RoadGraph(
        node_lon=places[:, 0],
        node_lat=places[:, 1],
        first_out=np.searchsorted(tail, np.arange(SIDE * SIDE + 1)).astype(np.int32),
        tail=tail,
        head=head,
        time_ms=np.full(size, SPACING_M / SPEED_M_PER_S * 1000, dtype=np.int32),
        length_mm=np.full(size, SPACING_M * 1000, dtype=np.int32),
        twin=np.array([number[b, a] for a, b in pairs], dtype=np.int32),
        copy_of=np.full(size, -1, dtype=np.int32),
        way_id=np.ones(size, dtype=np.int64),
        name=np.ones(size, dtype=np.int32),
        ref=np.zeros(size, dtype=np.int32),
        road_class=np.zeros(size, dtype=np.int8),
        flags=np.zeros(size, dtype=np.uint8),
        shape_first=np.arange(0, 2 * size + 1, 2, dtype=np.int64),
        shape_lon=places[np.column_stack([tail, head]).ravel(), 0],
        shape_lat=places[np.column_stack([tail, head]).ravel(), 1],
        names=("", "Dorfstraße"),
    )


def _addresses(path: Path, houses: int) -> None:
    """Write an address table with houses along the grid and some places people go to."""
    goals = [
        ("poi", "doctor", "Praxis Dr. Weiß", corner(1, 5)),
        ("poi", "supermarket", "Dorfladen", corner(5, 5)),
        ("poi", "bakery", "Bäckerei", corner(3, 2)),
        ("poi", "station", "Bahnhof", corner(6, 0)),
        ("stop", "", "Rathaus", corner(3, 3)),
    ]
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
        for number, (kind, detail, label, (lon, lat)) in enumerate(goals, 1):
            row = (number, kind, detail, label, "", "", "Gitterdorf", lon, lat, 1.0, 0)
            database.execute("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?)", row)
        for number in range(houses):
            # some 30 m off the street
            lon, lat = corner(number * 5 % 13 / 2, number * 3 % SIDE + 0.05)
            house = (0, str(number), f"Dorfstraße {number}", lon, lat, 0)
            database.execute("INSERT INTO number VALUES (?,?,?,?,?,?)", house)
    database.close()


def area_table() -> dict[str, object]:
    """Return an area file as it is parsed: the whole town, one bus in two shifts on weekdays."""
    lon, lat = corner(3, 3)
    depot = {"name": "Rathaus", "lon": lon, "lat": lat}
    days = ["mo", "di", "mi", "do", "fr"]
    shift = {"vehicle": "bus-1", "driver": "A. Beck", "days": days, "from": depot}
    return {
        "format": 1,
        "id": "dorf",
        "name": "Bürgerbus <Gitterdorf>",
        "time_zone": "Europe/Berlin",
        "phone": "+49 7000 1",
        "operator": {"name": "Verein"},
        "vehicles": [{"id": "bus-1", "name": "Bus 1", "seats": 8, "wheelchairs": 1}],
        "shifts": [
            {"id": "frueh", "start": "08:00", "end": "13:00", **shift},
            {"id": "spaet", "start": "13:00", "end": "18:00", **shift},
        ],
    }


@pytest.fixture(scope="session")
def make_region(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Region]:
    """Make the town's region; ``area`` overrides fields of its area file, ``houses`` its houses."""

    def make(*, houses: int = 60, **area: object) -> Region:
        path = tmp_path_factory.mktemp("region")
        _addresses(path / ADDRESSES, houses)
        graph = _grid()
        town: Area = parse_area(area_table() | area, "dorf.toml")
        return Region(
            path=path,
            manifest=Manifest("Gitterdorf", invented=True, bbox=graph.bbox, attribution="erfunden"),
            search=Search(graph),
            snapper=Snapper(graph),
            addresses=Addresses.open(path / ADDRESSES),
            areas={town.id: town},
        )

    return make


@pytest.fixture(scope="session", name="corner")
def corner_fixture() -> Callable[[float, float], tuple[float, float]]:
    """See :func:`corner`."""
    return corner


@pytest.fixture(scope="session")
def town(make_region: Callable[..., Region]) -> Region:
    """Return the town as it is."""
    return make_region()
