"""Changing on foot: which stops lie near each other, and transfers as a CSR by stop.

Distances are straight lines on a sphere; feet need 1.3 times as far (a usual detour in settlements)
at one metre a second, which also suits people who do not walk fast.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from gtfs.errors import FeedError
from gtfs.timetable import BoolArray, FloatArray, Int32Array

Int64Array = npt.NDArray[np.int64]

FOOTPATH_M = 400
"""Longest straight line between two stops that is walked without being told so by the feed."""
_DETOUR = 1.3
_METRES_PER_S = 1.0
_EARTH_M = 6_371_000.0
_MOST_FOOTPATHS = 50_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Transfers as three columns of the same length: from stop, to stop, seconds (-1: not possible)."""

    source: Int64Array
    target: Int64Array
    seconds: Int64Array


def no_links() -> Links:
    """Return an empty set of transfers."""
    empty = np.empty(0, dtype=np.int64)
    return Links(empty, empty, empty)


def walking_s(
    lon: FloatArray, lat: FloatArray, source: Int64Array, target: Int64Array
) -> Int64Array:
    """Seconds on foot from each of ``source`` to each of ``target`` (indices into lon and lat)."""
    places = _places(lon, lat)
    metres = np.linalg.norm(places[source] - places[target], axis=1)
    seconds: Int64Array = np.ceil(metres * (_DETOUR / _METRES_PER_S)).astype(np.int64)
    return seconds


def footpaths(lon: FloatArray, lat: FloatArray, stops: Int64Array) -> Links:
    """Both directions between all pairs of ``stops`` (indices into lon and lat) within 400 m.

    Raises
    ------
    FeedError
        ``too-many-footpaths`` where so many stops lie together that nobody can have meant it.
    """
    tree = cKDTree(_places(lon, lat)[stops])
    if tree.count_neighbors(tree, FOOTPATH_M) > _MOST_FOOTPATHS:
        raise FeedError(
            "too-many-footpaths",
            f"More than {_MOST_FOOTPATHS} pairs of stops lie within {FOOTPATH_M} m: "
            "look at the coordinates in stops.txt.",
        )
    pairs = stops[tree.query_pairs(FOOTPATH_M, output_type="ndarray")].reshape(-1, 2)
    source, target = np.concatenate([pairs, pairs[:, ::-1]]).T
    return Links(source, target, walking_s(lon, lat, source, target))


def add_missing(links: Links, more: Links) -> Links:
    """Return ``links`` and those of ``more`` whose pair of stops has none (not even "not possible")."""
    size = 1 + max((int(x.max()) for x in _ends(links, more) if len(x)), default=0)
    known = links.source * size + links.target
    new = ~np.isin(more.source * size + more.target, known)
    return Links(
        np.concatenate([links.source, more.source[new]]),
        np.concatenate([links.target, more.target[new]]),
        np.concatenate([links.seconds, more.seconds[new]]),
    )


def as_csr(
    told: Links, paths: Links, stops: int
) -> tuple[Int32Array, Int32Array, Int32Array, BoolArray]:
    """Lay out the four transfer arrays of a timetable; footpaths ``paths`` where the feed told nothing."""
    links = add_missing(told, paths)
    order = np.lexsort((links.target, links.source))
    counts = np.bincount(links.source, minlength=stops)
    return (
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        links.target[order].astype(np.int32),
        links.seconds[order].astype(np.int32),
        order >= len(told.source),
    )


def _ends(*all_links: Links) -> list[Int64Array]:
    return [end for links in all_links for end in (links.source, links.target)]


def _places(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Points on a sphere, float64[s, 3] in metres: near each other a chord is as long as the way."""
    east, north = np.radians(lon), np.radians(lat)
    places: FloatArray = _EARTH_M * np.column_stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]
    )
    return places
