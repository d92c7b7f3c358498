"""Settlements told from roads."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import osmium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import uniform_filter

from routing.build.raw import DEGREE
from routing.build.read import read_roads
from routing.build.settlement import (
    CELL_M,
    LONGEST_M,
    inside_settlements,
    mostly,
    street_density,
)
from routing.geometry import EARTH_RADIUS_M, lengths_m
from routing.graph import ROAD_CLASSES, URBAN
from routing.profile import load_profile

CELL = float(np.degrees(CELL_M / EARTH_RADIUS_M))  # in degrees on the equator
TERTIARY, RESIDENTIAL = (ROAD_CLASSES.index(name) for name in ("tertiary", "residential"))

# A road of 3 km, at its middle a village of 400 m x 400 m:
#                 | | | | |
#   A-------------B-C-D-E-F-------------G
#                 | | | | |
VILLAGE = "A -1500 0, G 1500 0, " + ", ".join(
    f"{name}{part} {100 * i - 200} {north}"
    for i, name in enumerate("BCDEF")
    for part, north in (("s", -200), ("", 0), ("n", 200))
)
STREETS = [f"{name}s {name} {name}n | highway=residential" for name in "BCDEF"]


def test_a_road_through_a_village(draw: Callable[..., Path]) -> None:
    """The long ways from outside stay outside, the piece between the houses is inside."""
    path = draw(
        VILLAGE,
        [
            "A B | highway=tertiary",
            "B C D E F | highway=tertiary",
            "F G | highway=tertiary",
            *STREETS,
        ],
    )
    roads = read_roads(path, load_profile())
    assert ((roads.flags & URBAN) > 0).tolist() == [
        False,
        True,
        False,
        True,
        True,
        True,
        True,
        True,
    ]


def test_a_way_that_enters_the_village_is_slow_only_there(draw: Callable[..., Path]) -> None:
    path = draw(VILLAGE, ["A B C D E F G | highway=tertiary", *STREETS])
    roads = read_roads(path, load_profile())
    assert roads.inside[:6].tolist() == [False, True, True, True, True, False]
    assert not roads.flags[0] & URBAN


@pytest.mark.parametrize("tags", ["maxspeed=70", "zone:traffic=DE:rural", "maxspeed=DE:rural"])
def test_what_a_road_says_of_itself_comes_first(draw: Callable[..., Path], tags: str) -> None:
    path = draw(
        VILLAGE,
        [
            f"B C D E F | highway=tertiary {tags}",
            "A B | highway=tertiary source:maxspeed=DE:urban",
            *STREETS,
        ],
    )
    roads = read_roads(path, load_profile())
    assert not roads.flags[0] & URBAN
    assert roads.flags[1] & URBAN


PIECES = arrays(
    np.float64,
    st.tuples(st.just(4), st.integers(1, 12)),
    elements=st.floats(0, 9).map(lambda x: round(x, 2)),
)


@given(pieces=PIECES)
def test_the_density_is_that_of_a_smoothed_raster(pieces: np.ndarray) -> None:
    """Against scipy on the whole raster: short streets, each in the cell of its middle."""
    x, y = pieces[:2] + 3, pieces[2:] + 3
    x[1] = x[0] + 0.1
    x[:, 0], y[:, 0] = (0, 15), (0, 15)  # the corners of the raster; this one is no street
    street = np.arange(x.shape[1]) > 0
    metres = np.where(street, LONGEST_M, 0.0)
    y[1, 1:] = y[0, 1:]
    found = street_density(x * CELL, y * CELL, metres, street)
    # the smallest longitude is the origin, and the cosine of the mean latitude shortens the rows
    column = ((x - x.min()) * np.cos(np.radians((y * CELL).mean()))).mean(axis=0).astype(int)
    row = (y - y.min()).mean(axis=0).astype(int)
    raster = np.zeros((20, 20))
    np.add.at(raster, (row[street] + 2, column[street] + 2), LONGEST_M)
    smooth = uniform_filter(uniform_filter(raster, 3, mode="constant"), 3, mode="constant")
    np.testing.assert_allclose(found, smooth[row + 2, column + 2], atol=1e-6)


def test_the_size_of_the_extract_does_not_matter() -> None:
    """Two villages at opposite ends of the earth need no raster between them."""
    lon = np.array([[0.0, 170.0], [0.001, 170.001]])
    lat = np.array([[0.0, 80.0], [0.0, 80.0]])
    density = street_density(lon, lat, np.array([111.0, 111.0]), np.array([True, True]))
    assert (density > 10).all()
    assert not len(street_density(lon[:, :0], lat[:, :0], np.zeros(0), np.zeros(0, dtype=bool)))


def test_the_larger_part_decides() -> None:
    chosen = np.array([True, False, True, False])
    metres, way = np.array([10.0, 20.0, 20.0, 10.0]), np.array([0, 0, 2, 2])
    assert mostly(chosen, metres, way, 3).tolist() == [False, False, True]


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "at_least"),
    [("liechtenstein-2026-03-29.osm.pbf", 0.86), ("rhein-neckar-roads-2016.osm.pbf", 0.77)],
)
def test_density_agrees_with_posted_limits(data_dir: Path, name: str, at_least: float) -> None:
    """Length of primary to tertiary roads with at most 50 or at least 70, told without their tags."""
    path = data_dir / "osm" / name
    roads = read_roads(path, load_profile())
    first, way = roads.neighbours()
    ends = np.stack([first, first + 1])
    lon, lat = roads.x[ends] / DEGREE, roads.y[ends] / DEGREE
    metres = lengths_m(lon[0], lat[0], lon[1], lat[1])
    limits = {
        thing.id: int(thing.tags["maxspeed"])
        for thing in osmium.FileProcessor(path, osmium.osm.WAY).with_filter(
            osmium.filter.KeyFilter("maxspeed")
        )
        if thing.tags["maxspeed"].isdigit()
    }
    limit = np.array([limits.get(way_id, 60) for way_id in roads.way_id.tolist()])[way]
    kind = roads.road_class[way].astype(np.int64)
    inside = inside_settlements(lon, lat, metres, kind, np.full(len(way), -1))
    known = (kind >= ROAD_CLASSES.index("primary")) & (kind <= TERTIARY + 1) & (limit != 60)
    known &= (limit <= 50) | (limit >= 70)
    agree = metres[known & (inside == (limit <= 50))].sum() / metres[known].sum()
    assert agree > at_least
