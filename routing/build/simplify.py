"""From segments between neighbouring points to whole edges between junctions."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from routing.build.segments import Segments

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]

PASSING_THROUGH = 2
"""Segments that touch at a point between two edges' worth of road where nothing else happens."""


@dataclass(frozen=True, slots=True, eq=False)
class Connected:
    """The largest part in which everything reaches everything, turn restrictions left aside.

    Attributes
    ----------
    inside
        bool[points].
    islands
        Number of pieces of road that nothing joins to it.
    """

    inside: Bool
    islands: int


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Directed edges from junction to junction, each within one way; `m` edges.

    Attributes
    ----------
    tail, head
        int64[m], points of `Segments`.
    first, count
        int64[m], the edge drives along the segments `first:first + count`.
    against
        bool[m], whether it drives against the direction of the way, and so through its segments backwards.
    road
        int64[m], a number that only the two directions of one road share.
    twin
        int64[m], the other direction, -1 where there is none.
    """

    tail: Int64
    head: Int64
    first: Int64
    count: Int64
    against: Bool
    road: Int64
    twin: Int64


def largest_part(segments: Segments) -> Connected:
    """Find the largest strongly connected part of the roads that the vehicle may use."""
    along, against = segments.along_ms >= 0, segments.against_ms >= 0
    tail = np.concatenate([segments.start[along], segments.end[against]])
    head = np.concatenate([segments.end[along], segments.start[against]])
    points = len(segments.lon)
    matrix = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(points, points))
    _, part = connected_components(matrix, directed=True, connection="strong")
    inside = part == np.argmax(np.bincount(part))
    _, piece = connected_components(matrix, directed=False)
    return Connected(inside, len(np.setdiff1d(piece[tail], piece[inside])))


def join_segments(segments: Segments, inside: Bool, stay: Bool) -> Edges:
    """Join neighbouring segments of a way over points at which nothing else happens.

    Parameters
    ----------
    segments
        All segments.
    inside
        bool[points], the connected part: what lies outside is left out.
    stay
        bool[points], where an edge must end although the road just goes on.
    """
    driven = inside[segments.start] & inside[segments.end]
    present = driven & np.stack([segments.along_ms >= 0, segments.against_ms >= 0])
    used = np.flatnonzero(present.any(axis=0))
    touching = np.bincount(
        np.concatenate([segments.start[used], segments.end[used]]), minlength=len(inside)
    )
    passing = (touching == PASSING_THROUGH) & ~stay
    goes_on = np.zeros(len(used), dtype=np.bool_)
    before, here = used[:-1], used[1:]
    goes_on[1:] = (
        (here == before + 1)
        & segments.follows[here]
        & passing[segments.start[here]]
        & (present[:, here] == present[:, before]).all(axis=0)
    )
    begins = np.flatnonzero(~goes_on)
    first = used[begins]
    count = np.diff(np.append(begins, len(used)))
    last = first + count - 1
    along, against = (np.flatnonzero(direction[first]) for direction in present)
    road = np.concatenate([along, against])
    return Edges(
        tail=np.concatenate([segments.start[first[along]], segments.end[last[against]]]),
        head=np.concatenate([segments.end[last[along]], segments.start[first[against]]]),
        first=first[road],
        count=count[road],
        against=np.repeat([False, True], [len(along), len(against)]),
        road=road,
        twin=_twins(along, against, len(first)),
    )


def _twins(along: Int64, against: Int64, roads: int) -> Int64:
    """Return for each edge the one of the same road in the other direction, -1 without one."""
    forth, back = np.full(roads, -1, dtype=np.int64), np.full(roads, -1, dtype=np.int64)
    forth[along] = np.arange(len(along))
    back[against] = len(along) + np.arange(len(against))
    return np.concatenate([back[along], forth[against]])
