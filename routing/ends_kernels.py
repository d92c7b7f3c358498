"""Compiled loops from positions on edges to the nodes by which they are left and reached."""

import numpy as np
from numba import njit

from routing.graph import CLOSED_MS
from routing.kernels import INFINITE, LENGTH_BITS, Bool, Float64, Int32, Int64

Roads = tuple[Int32, Int32, Int32]
"""int32[m] driving times in ms, lengths in mm and twins of the edges."""
Sides = tuple[Int32, Int64]
"""int32[p, 2] the edges that pass each position on its side (-1: none), int64[p, 2] keys up to there."""
Columns = tuple[Int32, Int64, Int32]
"""int32[p, k] nodes, int64[p, k] keys (`INFINITE`: no such way), int32[p, k] edges driven in part."""


@njit(cache=True, nogil=True)
def along(roads: Roads, edge: int, fraction: float) -> int:
    """Return the key of the first `fraction` of an edge; grows with the fraction in both components.

    On a closed edge the time part is that of `INFINITE`.
    """
    time, length, _ = roads
    millimetres = int(length[edge] * fraction + 0.5)
    if time[edge] >= CLOSED_MS:
        return INFINITE + millimetres
    milliseconds = int(time[edge] * fraction + 0.5)
    return (milliseconds << LENGTH_BITS) + millimetres


@njit(cache=True, nogil=True)
def sides_of(edge: Int32, fraction: Float64, kerb: Bool, roads: Roads) -> Sides:
    """Return the sides of positions given by int32[p] edges, float64[p] fractions and bool[p] kerbs.

    A road has one name for both directions: the edge with the smaller number comes first.
    """
    twin = roads[2]
    edges = np.full((edge.size, 2), -1, dtype=np.int32)
    keys = np.full((edge.size, 2), INFINITE, dtype=np.int64)
    for p in range(edge.size):
        own, share = int(edge[p]), fraction[p]
        other = -1 if kerb[p] else int(twin[own])
        if 0 <= other < own:
            own, other, share = other, own, 1.0 - share
        edges[p, 0], keys[p, 0] = own, along(roads, own, share)
        if other >= 0:
            edges[p, 1], keys[p, 1] = other, along(roads, other, 1.0 - share)
    return edges, keys


@njit(cache=True, nogil=True)
def leaving(sides: Sides, roads: Roads, head: Int32, rank: Int32) -> Columns:
    """Return how positions are left: by the rest of their edges."""
    edges, keys = sides
    nodes = np.zeros(edges.shape, dtype=np.int32)
    rests = np.full(edges.shape, INFINITE, dtype=np.int64)
    for p in range(edges.shape[0]):
        for side in range(2):
            if keys[p, side] < INFINITE:
                edge = edges[p, side]
                nodes[p, side] = rank[head[edge]]
                rests[p, side] = along(roads, edge, 1.0) - keys[p, side]
    return nodes, rests, edges


@njit(cache=True, nogil=True)
def reaching(
    sides: Sides, copies: tuple[Int32, Int32], slots: int, tail: Int32, rank: Int32
) -> Columns:
    """Return how positions are reached: by the first part of their edges or of a copy of these.

    `copies` are int32[m + 1] and int32[c]: those of edge e are `copies[1][copies[0][e]:copies[0][e + 1]]`;
    no road with both its directions has more than `slots - 2`.
    """
    edges, keys = sides
    size = edges.shape[0]
    nodes = np.zeros((size, slots), dtype=np.int32)
    firsts = np.full((size, slots), INFINITE, dtype=np.int64)
    driven = np.full((size, slots), -1, dtype=np.int32)
    for p in range(size):
        slot = 0
        for side in range(2):
            if keys[p, side] < INFINITE:
                edge = edges[p, side]
                nodes[p, slot], firsts[p, slot] = rank[tail[edge]], keys[p, side]
                driven[p, slot] = edge
                slot += 1
                for i in range(copies[0][edge], copies[0][edge + 1]):
                    copy = copies[1][i]
                    nodes[p, slot], firsts[p, slot] = rank[tail[copy]], keys[p, side]
                    driven[p, slot] = copy
                    slot += 1
    return nodes, firsts, driven


@njit(cache=True, nogil=True)
def straight_on(sides: Sides, origin: int, destination: int) -> tuple[int, int]:
    """Return the key of driving on within one edge to another position, and the edge (-1: impossible)."""
    edges, keys = sides
    best, by = INFINITE, -1
    for one in range(2):
        for other in range(2):
            start, end = keys[origin, one], keys[destination, other]
            same = edges[origin, one] == edges[destination, other] >= 0
            if same and start <= end < INFINITE and end - start < best:
                best, by = end - start, edges[origin, one]
    return best, by
