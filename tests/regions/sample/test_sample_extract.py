"""What a generated extract holds, and that it is a place one can drive about in."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import osmium
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from regions.errors import RegionError
from regions.sample import SampleFiles, write_sample

if TYPE_CHECKING:
    from tests.regions.sample.conftest import Extract

SETTLEMENTS = ("town", "village", "hamlet", "isolated_dwelling")
METRES = np.array([math.cos(math.radians(48.4)), 1.0]) * 111_195.0 / 1e7


def digest(files: SampleFiles) -> str:
    """Hash over all bytes of all files."""
    total = hashlib.sha256()
    for path in (files.osm, files.gtfs, *files.areas):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()


def strong_share(extract: "Extract") -> float:
    """Share of the drivable nodes in the largest part all of which can reach each other."""
    edges: list[tuple[int, int]] = []
    for nodes, tags in extract.drivable:
        edges += pairwise(nodes)
        if "oneway" not in tags and "junction" not in tags:
            edges += pairwise(nodes[::-1])
    ids, ends = np.unique(np.array(edges), return_inverse=True)
    tails, heads = ends.reshape(-1, 2).T
    graph = coo_array((np.ones(len(edges)), (tails, heads)), shape=(len(ids), len(ids)))
    _, part = connected_components(graph, directed=True, connection="strong")
    return float(np.bincount(part).max() / len(ids))


def crossings_without_node(extract: "Extract") -> list[tuple[str, str]]:
    """Pairs of ways that cross on the ground without a common node; bridges pass over."""
    ways = [(nodes, tags) for nodes, tags in extract.ways.values()
            if "highway" in tags or tags.get("railway") == "rail"]  # fmt: skip
    steps = [(a, b, way) for way, (nodes, tags) in enumerate(ways)
             for a, b in pairwise(nodes) if "bridge" not in tags]  # fmt: skip
    shapes = shapely.linestrings(
        np.array([(extract.places[a], extract.places[b]) for a, b, _ in steps], dtype=float)
    )
    found = shapely.STRtree(np.asarray(shapes)).query(shapes, predicate="crosses")
    return [
        (str(ways[steps[i][2]]), str(ways[steps[j][2]]))
        for i, j in found.T.tolist()
        if i < j and not {*steps[i][:2]} & {*steps[j][:2]}
    ]


def repeated_addresses(extract: "Extract") -> list[tuple[str, ...]]:
    """Addresses that occur more than once."""
    counts = Counter(
        (tags["addr:city"], tags.get("addr:street") or tags["addr:place"], tags["addr:housenumber"])
        for tags in extract.tags
        if "addr:housenumber" in tags
    )
    return [address for address, count in counts.items() if count > 1]


def test_same_seed_same_bytes(tmp_path: Path, sample: SampleFiles) -> None:
    """Equal numbers give equal bytes of every file, another seed gives others."""
    again = write_sample(tmp_path / "again")
    other = write_sample(tmp_path / "other", seed=8)
    assert digest(again) == digest(sample)
    assert digest(other) != digest(sample)


def test_header_says_invented(sample: SampleFiles) -> None:
    header = osmium.io.Reader(str(sample.osm)).header()
    assert "erfunden" in header.get("generator")


def test_sorted_and_complete(extract: "Extract") -> None:
    """Nodes, ways and relations come in this order, ids grow, and every reference is in the file."""
    ranks = {"n": 0, "w": 1, "r": 2}
    keys = [(ranks[kind], number) for kind, number in extract.order]
    assert keys == sorted(set(keys))
    assert {n for nodes, _ in extract.ways.values() for n in nodes} <= extract.places.keys()
    ways = {
        ref for members, _ in extract.relations.values() for kind, ref, _ in members if kind == "w"
    }
    assert ways <= extract.ways.keys()


def test_settlements_as_asked(extract: "Extract") -> None:
    """Eight towns and villages; hamlets and farms on top; no name twice, all with streets or houses."""
    places = [tags for tags in extract.node_tags.values() if tags.get("place") in SETTLEMENTS]
    counts = Counter(tags["place"] for tags in places)
    assert counts["town"] == 1
    assert counts["town"] + counts["village"] == 8
    assert counts["hamlet"] >= 4
    assert counts["isolated_dwelling"] >= 4
    names = [tags["name"] for tags in places]
    assert len(set(names)) == len(names)
    assert all(int(tags["population"]) > 0 for tags in places if "population" in tags)


@pytest.mark.parametrize(
    ("key", "value", "least"),
    [
        ("highway", "primary", 1), ("highway", "secondary", 1), ("highway", "tertiary", 1),
        ("highway", "unclassified", 5), ("highway", "residential", 80), ("highway", "service", 5),
        ("highway", "living_street", 2), ("highway", "track", 50), ("highway", "path", 5),
        ("oneway", "yes", 2), ("junction", "roundabout", 1), ("restriction", "no_left_turn", 1),
        ("barrier", "bollard", 1), ("bridge", "yes", 3), ("maxspeed", "50", 8), ("maxspeed", "30", 8),
        ("railway", "rail", 1), ("railway", "station", 1), ("railway", "halt", 1),
        ("railway", "level_crossing", 1), ("highway", "bus_stop", 8), ("public_transport", "platform", 8),
        ("amenity", "doctors", 2), ("amenity", "pharmacy", 1), ("shop", "supermarket", 1),
        ("shop", "bakery", 1), ("amenity", "townhall", 2), ("amenity", "place_of_worship", 8),
        ("amenity", "school", 1), ("amenity", "community_centre", 8), ("landuse", "cemetery", 4),
        ("landuse", "forest", 3), ("landuse", "meadow", 10), ("landuse", "farmland", 50),
        ("landuse", "residential", 8), ("waterway", "river", 1), ("water", "lake", 1),
        ("admin_level", "8", 2), ("admin_level", "6", 1),
    ],
)  # fmt: skip
def test_everything_a_region_needs(extract: "Extract", key: str, value: str, least: int) -> None:
    assert extract.count(key, value) >= least


def test_addresses(extract: "Extract") -> None:
    """Streets have houses on both sides; hamlets and farms count by the place; none occurs twice."""
    addressed = [tags for tags in extract.tags if "addr:housenumber" in tags]
    assert len(addressed) > 1_500
    assert repeated_addresses(extract) == []
    numbers = Counter(int(t["addr:housenumber"]) % 2 for t in addressed if "addr:street" in t)
    assert min(numbers.values()) > 0.3 * sum(numbers.values())
    assert sum("addr:place" in tags for tags in addressed) > 30
    streets = {tags["name"] for _, tags in extract.drivable if "name" in tags}
    assert {tags["addr:street"] for tags in addressed if "addr:street" in tags} <= streets
    points = sum("addr:housenumber" in tags for tags in extract.node_tags.values())
    assert 0 < points < 0.3 * len(addressed)


def test_houses_stand_free(extract: "Extract") -> None:
    """No house stands on a road or on another house."""
    houses = [
        shapely.Polygon([extract.places[n] for n in nodes])
        for nodes, tags in extract.ways.values()
        if "building" in tags
    ]
    roads = [
        shapely.LineString([extract.places[n] for n in nodes]) for nodes, tags in extract.drivable
    ]
    assert len(shapely.STRtree(roads).query(houses, predicate="intersects")[0]) == 0
    first, second = shapely.STRtree(houses).query(houses, predicate="overlaps")
    assert len(first) == len(second) == 0


def test_roads_meet(extract: "Extract") -> None:
    """Ways that cross share a node, unless one is a bridge; every junction can be reached."""
    assert crossings_without_node(extract) == []
    assert strong_share(extract) > 0.99


def test_bollard_and_restriction(extract: "Extract") -> None:
    """The bollard stands on a street; the restriction leads from a way through its end to another."""
    bollards = {n for n, tags in extract.node_tags.items() if tags.get("barrier") == "bollard"}
    assert any(bollards & set(nodes[1:-1]) for nodes, _ in extract.drivable)
    members, _ = next(r for r in extract.relations.values() if r[1].get("type") == "restriction")
    parts = {role: ref for _, ref, role in members}
    start, end = extract.ways[parts["from"]][0], extract.ways[parts["to"]][0]
    assert start[-1] == parts["via"]
    assert parts["via"] in {end[0], end[-1]}
    onward = end[1] if end[0] == parts["via"] else end[-2]
    before, via, after = (
        np.array(extract.places[n]) * METRES for n in (start[-2], parts["via"], onward)
    )
    arrive, leave = via - before, after - via
    assert arrive[0] * leave[1] - arrive[1] * leave[0] > 0  # to the left


def test_roundabout_goes_anticlockwise(extract: "Extract") -> None:
    ring = next(nodes for nodes, tags in extract.drivable if "junction" in tags)
    assert ring[0] == ring[-1]
    assert shapely.is_ccw(shapely.LinearRing([extract.places[n] for n in ring]))


def test_municipalities_cover_the_county(sample: SampleFiles) -> None:
    """Boundary relations assemble to areas; municipalities fill the county and hold their settlements."""
    areas: dict[str, list[shapely.Geometry]] = {"6": [], "8": []}
    points = []
    factory = osmium.geom.WKBFactory()
    for item in osmium.FileProcessor(str(sample.osm)).with_locations().with_areas():
        if item.is_area() and item.tags.get("boundary") == "administrative":
            shape = shapely.from_wkb(factory.create_multipolygon(item))
            areas[item.tags["admin_level"]].append(shape)
        elif item.is_node() and item.tags.get("place") in {"town", "village", "hamlet"}:
            points.append(shapely.Point(item.location.lon, item.location.lat))
    (county,) = areas["6"]
    together = shapely.union_all(areas["8"])
    assert together.symmetric_difference(county).area < 1e-6 * county.area
    assert sum(shape.area for shape in areas["8"]) == pytest.approx(county.area, rel=1e-6)
    holders = [sum(shape.contains(point) for shape in areas["8"]) for point in points]
    assert set(holders) == {1}


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    villages=st.integers(3, 9),
    tightness=st.floats(0.0, 1.0),
)
def test_any_small_region_is_sound(
    tmp_path: Path,
    read_extract: Callable[[Path], "Extract"],
    seed: int,
    villages: int,
    tightness: float,
) -> None:
    """Whatever the numbers, down to the least land allowed: drivable, crossings noded, addresses unique."""
    tightest = max(4.0, math.sqrt(2.5 * villages) + 0.01)
    files = write_sample(
        tmp_path, seed=seed, villages=villages, size_km=10.0 - tightness * (10.0 - tightest)
    )
    extract = read_extract(files.osm)
    assert strong_share(extract) > 0.95
    assert crossings_without_node(extract) == []
    assert repeated_addresses(extract) == []
    assert extract.count("place", "town") + extract.count("place", "village") == villages
    for key, value in (
        ("oneway", "yes"), ("junction", "roundabout"), ("restriction", "no_left_turn"),
        ("barrier", "bollard"), ("bridge", "yes"), ("shop", "supermarket"), ("amenity", "pharmacy"),
        ("amenity", "townhall"), ("railway", "station"), ("railway", "halt"),
    ):  # fmt: skip
        assert extract.count(key, value) >= 1, (key, value)


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ({"seed": -1}, "sample-seed"),
        ({"villages": 2}, "sample-villages"),
        ({"villages": 1_001}, "sample-villages"),
        ({"size_km": 3.9}, "sample-size"),
        ({"size_km": 151.0}, "sample-size"),
        ({"size_km": math.nan}, "sample-size"),
        ({"villages": 100, "size_km": 15.0}, "sample-density"),
    ],
)
def test_impossible_numbers(tmp_path: Path, numbers: dict[str, float], code: str) -> None:
    """Numbers no region can be made of are refused in one sentence, before anything is written."""
    with pytest.raises(RegionError) as caught:
        write_sample(tmp_path / "new", **numbers)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert "\n" not in caught.value.message
    assert not (tmp_path / "new").exists()


def test_progress_is_told(tmp_path: Path) -> None:
    steps: list[str] = []
    write_sample(tmp_path, villages=3, size_km=5.0, progress=steps.append)
    assert len(steps) >= 4
    assert len(set(steps)) == len(steps)
