"""The Vulkaneifel: a rural county's roads and one day of simulated on-demand trips (MATSim).

Reads ``nodes.csv.gz``, ``links.csv.gz`` and ``drt_requests.csv`` of a folder; roads become a
:class:`routing.graph.RoadGraph`, so that searches and tables are the product's own.
"""

import csv
import gzip
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.record import REPOSITORY
from routing.graph import ROAD_CLASSES, Float64, Int32, Int64, RoadGraph

FOLDER = Path("demand") / "vulkaneifel"
_KINDS = {kind: number for number, kind in enumerate(ROAD_CLASSES)}


class DataError(Exception):
    """The data of the Vulkaneifel cannot be used; `code` as in all errors of the house."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Trip:
    """Somebody wants to leave at ``time_s`` of the day, from one lon and lat to another."""

    time_s: int
    origin: tuple[float, float]
    destination: tuple[float, float]


def folder_of(data: Path | None) -> Path:
    """Return the folder of the Vulkaneifel below `data`, ``BUERGERBUS_DATA`` or ``../shared/data``.

    Raises
    ------
    DataError
        ``data-missing``.
    """
    named = os.environ.get("BUERGERBUS_DATA")
    root = data or (Path(named) if named else REPOSITORY.parent / "shared" / "data")
    folder = root / FOLDER
    if not (folder / "links.csv.gz").is_file():
        raise DataError(
            "data-missing",
            f"There is no {folder}: name the folder that holds {FOLDER.parent} by --data or BUERGERBUS_DATA.",
        )
    return folder


def read_trips(folder: Path, share: float, seed: int) -> list[Trip]:
    """Return a share of the day's trips, drawn by a seed, in order of time.

    Raises
    ------
    DataError
        ``share-wrong``.
    """
    if not 0 < share <= 1:
        raise DataError(
            "share-wrong", f"--share must lie above 0 and at most at 1, not at {share}."
        )
    with (folder / "drt_requests.csv").open(encoding="utf-8") as file:
        trips = [
            Trip(
                round(float(row["departure_s"])),
                (float(row["from_lon"]), float(row["from_lat"])),
                (float(row["to_lon"]), float(row["to_lat"])),
            )
            for row in csv.DictReader(file)
        ]
    wanted = max(1, round(share * len(trips)))
    chosen = np.random.default_rng(seed).choice(len(trips), wanted, replace=False)
    return sorted((trips[k] for k in chosen), key=lambda trip: (trip.time_s, trip.origin))


def read_roads(folder: Path) -> RoadGraph:
    """Return the roads at free speed: links are straight, and all nodes left reach each other."""
    lon, lat = _nodes(folder / "nodes.csv.gz")
    links = _rows(folder / "links.csv.gz")
    tail = np.array([int(row["from"]) for row in links])
    head = np.array([int(row["to"]) for row in links])
    kept = _joined(tail, head, len(lon))
    links = [row for row, stays in zip(links, kept[tail] & kept[head], strict=True) if stays]
    links.sort(key=lambda row: (int(row["from"]), int(row["to"]), row["link"]))
    number = np.cumsum(kept) - 1
    tail = number[[int(row["from"]) for row in links]].astype(np.int32)
    head = number[[int(row["to"]) for row in links]].astype(np.int32)
    return _graph(lon[kept], lat[kept], tail, head, links)


def _graph(
    lon: Float64, lat: Float64, tail: Int32, head: Int32, links: list[dict[str, str]]
) -> RoadGraph:
    edges, nothing = len(tail), np.zeros(len(tail), np.int32)
    metres = np.array([float(row["length_m"]) for row in links])
    speed = np.array([float(row["freespeed_mps"]) for row in links])
    kind = [_KINDS.get(row["type"], _KINDS["other"]) for row in links]
    return RoadGraph(
        node_lon=lon,
        node_lat=lat,
        first_out=np.searchsorted(tail, np.arange(len(lon) + 1)).astype(np.int32),
        tail=tail,
        head=head,
        time_ms=np.ceil(1000 * metres / speed).astype(np.int32),
        length_mm=np.ceil(1000 * metres).astype(np.int32),
        twin=_twins(links),
        copy_of=np.full(edges, -1, np.int32),
        way_id=np.arange(1, edges + 1, dtype=np.int64),
        name=nothing,
        ref=nothing,
        road_class=np.array(kind, np.int8),
        flags=np.zeros(edges, np.uint8),
        shape_first=2 * np.arange(edges + 1, dtype=np.int64),
        shape_lon=np.stack((lon[tail], lon[head]), axis=1).ravel(),
        shape_lat=np.stack((lat[tail], lat[head]), axis=1).ravel(),
        names=("",),
    )


def _twins(links: list[dict[str, str]]) -> Int32:
    """Pair the two directions of a road: their names end in f and r."""
    at = {row["link"]: k for k, row in enumerate(links)}
    other = {"f": "r", "r": "f"}
    names = (row["link"] for row in links)
    return np.array([at.get(n[:-1] + other.get(n[-1], "?"), -1) for n in names], np.int32)


def _joined(tail: Int64, head: Int64, nodes: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the nodes of the largest part in which each reaches each."""
    joins = coo_array((np.ones(len(tail)), (tail, head)), shape=(nodes, nodes))
    _, part = connected_components(joins, directed=True, connection="strong")
    return np.asarray(part == np.bincount(part).argmax())


def _nodes(file: Path) -> tuple[Float64, Float64]:
    rows = _rows(file)
    order = np.argsort([int(row["node"]) for row in rows])
    return (
        np.array([float(rows[k]["lon"]) for k in order]),
        np.array([float(rows[k]["lat"]) for k in order]),
    )


def _rows(file: Path) -> list[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
