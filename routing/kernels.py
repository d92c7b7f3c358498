"""Compiled inner loops of the road network: arrays and scalars only.

A *key* is an int64 that holds a driving time in milliseconds (upper half) and a length in millimetres (lower
32 bits). Keys add up component by component and compare by time first, then by length: of all fastest paths
the shortest is taken, whichever direction it is searched from.
"""

import math

import numpy as np
import numpy.typing as npt
from numba import njit

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

LENGTH_BITS = 32
LENGTH_MASK = 2**32 - 1
INFINITE = 2**61
"""Key of what cannot be reached; the sum of two of them still fits."""

ON_ROAD_M = 1.0
"""Nearer to the middle of the road than this, a place lies on neither side of it."""

METRES_PER_DEGREE = math.pi * 6_371_008.8 / 180.0


@njit(cache=True, nogil=True)
def search(
    first: Int32,
    neighbour: Int32,
    weight: Int64,
    seeds: tuple[Int32, Int64],
    goals: tuple[Int32, Int64],
) -> tuple[Int64, Int32]:
    """Dijkstra's algorithm with a 4-ary heap from several seeds.

    Parameters
    ----------
    first, neighbour, weight
        int32[n + 1], int32[m], int64[m]: arcs in CSR order with keys as weights.
    seeds
        Nodes (int32) and the keys (int64) at which the search begins there.
    goals
        Nodes and the keys still to add there: the search ends once the best goal is certain. Without goals
        it visits everything.

    Returns
    -------
    int64[n] keys and int32[n] the arc by which each node was reached (-1: seed or not reached). With goals,
    only the nodes on a best path to the best goal are certain to be final.
    """
    n = first.size - 1
    keys = np.full(n, INFINITE, dtype=np.int64)
    parent = np.full(n, -1, dtype=np.int32)
    heap = np.empty(n, dtype=np.int32)
    place = np.full(n, -1, dtype=np.int32)  # in the heap; -1: not yet, -2: no longer
    size = 0
    seed_node, seed_key = seeds
    goal_node, goal_key = goals
    for s in range(seed_node.size):
        node = seed_node[s]
        if seed_key[s] < keys[node]:
            keys[node] = seed_key[s]
            if place[node] < 0:
                place[node] = size
                size += 1
            rise(heap, place, keys, place[node], node)
    best = INFINITE
    while size > 0:
        node = heap[0]
        key = keys[node]
        if key >= best:
            break
        for g in range(goal_node.size):
            if goal_node[g] == node:
                best = min(best, key + goal_key[g])
        place[node] = -2
        size -= 1
        if size > 0:
            sink(heap, place, keys, size, heap[size])
        for arc in range(first[node], first[node + 1]):
            head = neighbour[arc]
            candidate = key + weight[arc]
            if candidate < keys[head]:
                keys[head] = candidate
                parent[head] = arc
                if place[head] < 0:
                    place[head] = size
                    size += 1
                rise(heap, place, keys, place[head], head)
    return keys, parent


@njit(cache=True, nogil=True)
def rise(heap: Int32, place: Int32, keys: Int64, hole: int, node: int) -> None:
    """Move `node` from position `hole` of the heap up to where it belongs."""
    key = keys[node]
    while hole > 0:
        above = (hole - 1) // 4
        if keys[heap[above]] <= key:
            break
        heap[hole] = heap[above]
        place[heap[hole]] = hole
        hole = above
    heap[hole] = node
    place[node] = hole


@njit(cache=True, nogil=True)
def sink(heap: Int32, place: Int32, keys: Int64, size: int, node: int) -> None:
    """Put `node` at the top of a heap of `size` and let it down to where it belongs."""
    key = keys[node]
    hole = 0
    while True:
        child = 4 * hole + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if keys[heap[other]] < keys[heap[least]]:
                least = other
        if key <= keys[heap[least]]:
            break
        heap[hole] = heap[least]
        place[heap[hole]] = hole
        hole = least
    heap[hole] = node
    place[node] = hole


@njit(cache=True, nogil=True)
def fill_grid(
    column: Int32, row: Int32, last_column: Int32, last_row: Int32, columns: int, rows: int
) -> tuple[Int64, Int32]:
    """Sort pieces into the grid cells that their bounding boxes touch.

    Parameters
    ----------
    column, row, last_column, last_row
        int32[s], first and last cell of each piece.
    columns, rows
        Size of the grid.

    Returns
    -------
    int64[cells + 1] and int32[...]: the pieces of cell c are `pieces[first[c]:first[c + 1]]`.
    """
    first = np.zeros(columns * rows + 1, dtype=np.int64)
    for piece in range(column.size):
        for y in range(row[piece], last_row[piece] + 1):
            for x in range(column[piece], last_column[piece] + 1):
                first[y * columns + x + 1] += 1
    for cell in range(columns * rows):
        first[cell + 1] += first[cell]
    cursor = first[:-1].copy()
    pieces = np.empty(first[-1], dtype=np.int32)
    for piece in range(column.size):
        for y in range(row[piece], last_row[piece] + 1):
            for x in range(column[piece], last_column[piece] + 1):
                cell = y * columns + x
                pieces[cursor[cell]] = piece
                cursor[cell] += 1
    return first, pieces


@njit(cache=True, nogil=True)
def nearest(
    lon: float,
    lat: float,
    within_m: float,
    one_way: Bool,
    grid: tuple[float, float, float, float, int, int],
    cells: tuple[Int64, Int32],
    pieces: tuple[Int32, Int64],
    shapes: tuple[Int64, Float64, Float64],
) -> tuple[int, float, float, float, float, bool]:
    """Find the place on a road nearest to a coordinate.

    Parameters
    ----------
    lon, lat, within_m
        Coordinate in degrees and how far away the road may be.
    one_way
        bool[m], edges that count only where the coordinate lies on their right or on them (all False: all
        count everywhere).
    grid
        West, south, width and height of a cell in degrees, columns, rows.
    cells
        What `fill_grid` returned.
    pieces
        int32[s] the edge of each straight piece, int64[s] the point at which it begins; it ends one later.
    shapes
        int64[m + 1] first point of each edge, float64[p] longitudes and latitudes of the points.

    Returns
    -------
    Edge (-1: none within the limit), share of its length before the place, longitude and latitude of the
    place, distance in metres, and whether the coordinate lies to the left of the edge. Of two pieces equally
    near the one with the smaller number is taken.
    """
    west, south, width, height, columns, rows = grid
    first, members = cells
    edge_of, point_of = pieces
    shape_first, shape_lon, shape_lat = shapes
    north_m = METRES_PER_DEGREE
    east_m = METRES_PER_DEGREE * math.cos(math.radians(lat))
    reach_lon, reach_lat = within_m / east_m, within_m / north_m
    left = min(max(int((lon - reach_lon - west) // width), 0), columns - 1)
    right = min(int((lon + reach_lon - west) // width), columns - 1)
    bottom = min(max(int((lat - reach_lat - south) // height), 0), rows - 1)
    top = min(int((lat + reach_lat - south) // height), rows - 1)
    best, best_share, best_square, best_left = -1, 0.0, within_m * within_m, False
    for y in range(bottom, top + 1):
        for x in range(left, right + 1):
            cell = y * columns + x
            for i in range(first[cell], first[cell + 1]):
                piece = members[i]
                p = point_of[piece]
                ax = (shape_lon[p] - lon) * east_m
                ay = (shape_lat[p] - lat) * north_m
                dx = (shape_lon[p + 1] - shape_lon[p]) * east_m
                dy = (shape_lat[p + 1] - shape_lat[p]) * north_m
                square = dx * dx + dy * dy
                share = 0.0
                if square > 0.0:
                    share = min(max(-(ax * dx + ay * dy) / square, 0.0), 1.0)
                away_x, away_y = ax + share * dx, ay + share * dy
                away = away_x * away_x + away_y * away_y
                if away < best_square or (away == best_square and (best < 0 or piece < best)):
                    left = ax * dy - ay * dx > ON_ROAD_M * math.sqrt(square)
                    if left and one_way[edge_of[piece]]:
                        continue
                    best, best_share, best_square, best_left = piece, share, away, left
    if best < 0:
        return -1, 0.0, 0.0, 0.0, 0.0, False
    edge, point = edge_of[best], point_of[best]
    before, total = 0.0, 0.0
    for p in range(shape_first[edge], shape_first[edge + 1] - 1):
        length = math.hypot(
            (shape_lon[p + 1] - shape_lon[p]) * east_m, (shape_lat[p + 1] - shape_lat[p]) * north_m
        )
        if p < point:
            before += length
        elif p == point:
            before += best_share * length
        total += length
    return (
        edge,
        min(before / total, 1.0) if total > 0.0 else 0.0,
        shape_lon[point] + best_share * (shape_lon[point + 1] - shape_lon[point]),
        shape_lat[point] + best_share * (shape_lat[point + 1] - shape_lat[point]),
        math.sqrt(best_square),
        best_left,
    )
