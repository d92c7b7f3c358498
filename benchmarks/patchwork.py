"""Large road graphs: generated regions laid side by side and joined by country roads.

Generating one region for a million people would take longer than everything that is measured on it.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.geometry import lengths_m
from routing.graph import RoadGraph
from routing.kernels import LENGTH_BITS

ROADS_PER_BORDER = 4
MS_PER_M = 3600 / 80

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]


class Arcs(NamedTuple):
    """int32[m] tails, int32[m] heads, int64[m] keys, number of nodes."""

    tail: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    key: Int64
    nodes: int


def patchwork(patches: Sequence[RoadGraph], count: int) -> Arcs:
    """Lay `count` regions in a square, taking the patches in turn, and join neighbours."""
    side = math.ceil(math.sqrt(count))
    spots = [divmod(number, side) for number in range(count)]
    used = [patches[(row + column) % len(patches)] for row, column in spots]
    first = np.cumsum([0] + [patch.nodes for patch in used]).tolist()
    place = np.concatenate([_moved(p, spot, patches) for p, spot in zip(used, spots, strict=True)])
    links = np.concatenate(
        [
            _links(place, range(*first[n : n + 2]), range(*first[other : other + 2]))
            for n in range(count)
            for other in (n + 1 if (n + 1) % side else count, n + side)
            if other < count
        ]
        or [np.empty((0, 2), dtype=np.int64)]
    )
    links = np.concatenate([links, links[:, ::-1]])
    metres = lengths_m(*place[links[:, 0]].T, *place[links[:, 1]].T)
    times = np.concatenate([*(p.time_ms for p in used), metres * MS_PER_M]).astype(np.int64)
    lengths = np.concatenate([*(p.length_mm for p in used), metres * 1000]).astype(np.int64)
    tail, head = (
        np.concatenate(
            [*(getattr(p, end) + n for p, n in zip(used, first, strict=False)), links[:, number]]
        )
        for number, end in enumerate(("tail", "head"))
    )
    return Arcs(
        tail.astype(np.int32), head.astype(np.int32), (times << LENGTH_BITS) + lengths, first[-1]
    )


def _moved(patch: RoadGraph, spot: tuple[int, int], patches: Sequence[RoadGraph]) -> Float64:
    """Return the nodes of a patch (float64[n, 2], degrees), moved to its row and column."""
    boxes = np.array([other.bbox for other in patches])
    size = (boxes[:, 2:] - boxes[:, :2]).max(axis=0)
    row, column = spot
    nodes = np.column_stack([patch.node_lon, patch.node_lat])
    return np.asarray(nodes + (column, row) * size)


def _links(place: Float64, mine: range, theirs: range) -> Int64:
    """Return pairs of nodes, spread along the border of two regions, each node near the other region."""
    here, there = np.array(mine), np.array(theirs)
    across = int(np.argmax(np.abs(place[there].mean(axis=0) - place[here].mean(axis=0))))
    along = place[:, 1 - across]
    borders = np.linspace(along[here].min(), along[here].max(), ROADS_PER_BORDER + 1)
    pairs = []
    for low, high in pairwise(borders.tolist()):
        mine_in, theirs_in = (n[(along[n] >= low) & (along[n] <= high)] for n in (here, there))
        if len(mine_in) and len(theirs_in):
            nearest = np.argmax(place[mine_in, across]), np.argmin(place[theirs_in, across])
            pairs.append((mine_in[nearest[0]], theirs_in[nearest[1]]))
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
