"""pathways.txt: how long the ways through a station take, from platform to platform."""

from math import isfinite

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from gtfs.feed.inspection import BoolArray, Inspection
from gtfs.feed.plain import Row, rows_of
from gtfs.transfers import Int64Array, Links, no_links

TABLE = "pathways"
_METRES_PER_S = 1.0
_STEPS_PER_S = 1.0
_SHORTEST_S = 1.0
_LONGEST_S = 3_600.0
_LEAST = {"traversal_time": 0.0, "length": 0.0, "stair_count": -10_000.0}
"""Columns that tell how long a pathway takes, and what they may be at least (stairs lead down, too)."""


def read_pathways(
    inspection: Inspection, present: frozenset[str], stops: pd.DataFrame, served: BoolArray
) -> Links:
    """Return the shortest ways between served stops joined by pathways; indices are rows of stops.txt.

    Faults are warnings, as a footpath can stand for a missing way: ``dangling-pathway``, ``bad-pathway``.
    """
    index = {str(stop): number for number, stop in enumerate(stops["stop_id"])}
    edges: dict[tuple[int, int], float] = {}
    for row in rows_of(inspection, present, TABLE):
        source, target = (index.get(row[end], -1) for end in ("from_stop_id", "to_stop_id"))
        if min(source, target) < 0:
            message = (
                f"pathway {row['pathway_id']} leads from or to no stop of stops.txt; left out."
            )
            inspection.warn("dangling-pathway", message, TABLE, row.line)
            continue
        seconds = _seconds(inspection, row)
        ways = [(source, target)]
        if row["is_bidirectional"] == "1":
            ways.append((target, source))
        for way in ways:
            edges[way] = min(seconds, edges.get(way, _LONGEST_S))
    return _between(edges, np.flatnonzero(served), len(stops)) if edges else no_links()


def _seconds(inspection: Inspection, row: Row) -> float:
    """How long a pathway takes by what is told of it: its time, its length, its stairs; else a second."""
    told = {column: _number(row[column], low) for column, low in _LEAST.items()}
    for column, number in told.items():
        if number is None:
            message = f"{column} of pathway {row['pathway_id']} cannot be {row[column]!r}; ignored."
            inspection.warn("bad-pathway", message, TABLE, row.line)
    if told["traversal_time"]:
        seconds = told["traversal_time"]
    elif told["length"]:
        seconds = told["length"] / _METRES_PER_S
    else:
        seconds = abs(told["stair_count"] or 0) / _STEPS_PER_S
    return min(max(seconds, _SHORTEST_S), _LONGEST_S)


def _number(text: str, least: float) -> float | None:
    """Read a number of ``least`` or more; 0 where the field is empty, None where it is no such number."""
    try:
        number = float(text or 0)
    except ValueError:
        return None
    return number if isfinite(number) and number >= least else None


def _between(edges: dict[tuple[int, int], float], served: Int64Array, stops: int) -> Links:
    """Shortest ways between served stops, station by station, within an hour."""
    ends = np.array(list(edges), dtype=np.int64)
    graph = csr_array((np.array(list(edges.values())), ends.T), shape=(stops, stops))
    part_of: npt.NDArray[np.int32] = connected_components(graph, directed=False)[1]
    joined = np.unique(ends)
    joined = joined[np.argsort(part_of[joined], kind="stable")]
    borders = np.flatnonzero(np.diff(part_of[joined])) + 1
    found = [no_links()]
    for station in np.split(joined, borders):
        platforms = np.flatnonzero(np.isin(station, served))
        if not len(platforms):
            continue
        inside = graph[station][:, station]
        seconds = dijkstra(inside, indices=platforms, limit=_LONGEST_S)[:, platforms]
        begin, end = np.nonzero(np.isfinite(seconds) & (seconds > 0))
        found.append(
            Links(
                station[platforms[begin]],
                station[platforms[end]],
                np.ceil(seconds[begin, end]).astype(np.int64),
            )
        )
    return Links(
        np.concatenate([links.source for links in found]),
        np.concatenate([links.target for links in found]),
        np.concatenate([links.seconds for links in found]),
    )
