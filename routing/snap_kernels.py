"""Compiled inner loops that find the nearest place on a road."""

import math

import numpy as np
from numba import njit

from routing.corner_kernels import side_of_corner
from routing.geometry import METRES_PER_DEGREE
from routing.kernels import Bool, Float64, Int32, Int64

ON_ROAD_M = 1.0
"""Nearer to the middle of the road than this, a place lies on neither side of it."""

FIRST_REACH_M = 60.0
"""Most places have a road that near: it is looked for first within this distance, then in wider rings."""

Grid = tuple[float, float, float, float, int, int]
"""West, south, width and height of a cell in degrees, columns, rows."""


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
    grid: Grid,
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
        The cells.
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
    reach = min(within_m, FIRST_REACH_M)
    while True:
        piece, share, away, to_left = _closest(
            lon, lat, reach, one_way, grid, cells, pieces, shapes
        )
        if piece >= 0 or reach >= within_m:
            break
        reach = min(4.0 * reach, within_m)
    if piece < 0:
        return -1, 0.0, 0.0, 0.0, 0.0, False
    edge_of, point_of = pieces
    shape_first, shape_lon, shape_lat = shapes
    shrink = math.cos(math.radians(lat))
    edge, point = edge_of[piece], point_of[piece]
    before, total = 0.0, 0.0
    for p in range(shape_first[edge], shape_first[edge + 1] - 1):
        length = math.hypot(
            (shape_lon[p + 1] - shape_lon[p]) * shrink, shape_lat[p + 1] - shape_lat[p]
        )
        if p < point:
            before += length
        elif p == point:
            before += share * length
        total += length
    return (
        edge,
        min(before / total, 1.0) if total > 0.0 else 0.0,
        shape_lon[point] + share * (shape_lon[point + 1] - shape_lon[point]),
        shape_lat[point] + share * (shape_lat[point + 1] - shape_lat[point]),
        away,
        to_left,
    )


@njit(cache=True, nogil=True)
def _closest(
    lon: float,
    lat: float,
    reach_m: float,
    one_way: Bool,
    grid: Grid,
    cells: tuple[Int64, Int32],
    pieces: tuple[Int32, Int64],
    shapes: tuple[Int64, Float64, Float64],
) -> tuple[int, float, float, bool]:
    """Return the closest piece (-1: none in reach), share before the place, metres, whether on its left."""
    west, south, width, height, columns, rows = grid
    first, members = cells
    edge_of, point_of = pieces
    shape_first, shape_lon, shape_lat = shapes
    north_m = METRES_PER_DEGREE
    east_m = METRES_PER_DEGREE * math.cos(math.radians(lat))
    reach_lon, reach_lat = reach_m / east_m, reach_m / north_m
    leftmost = min(max(int((lon - reach_lon - west) // width), 0), columns - 1)
    rightmost = min(int((lon + reach_lon - west) // width), columns - 1)
    bottom = min(max(int((lat - reach_lat - south) // height), 0), rows - 1)
    top = min(int((lat + reach_lat - south) // height), rows - 1)
    best, best_share, best_square, best_left = -1, 0.0, reach_m * reach_m, False
    for y in range(bottom, top + 1):
        for x in range(leftmost, rightmost + 1):
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
                    to_left = ax * dy - ay * dx > ON_ROAD_M * math.sqrt(square)
                    corner = p + 1 if share == 1.0 else p
                    begin, end = shape_first[edge_of[piece]], shape_first[edge_of[piece] + 1]
                    if share in (0.0, 1.0) and begin < corner < end - 1:
                        side = side_of_corner(
                            shape_lon[corner - 1 : corner + 2] * east_m,
                            shape_lat[corner - 1 : corner + 2] * north_m,
                            (-away_x, -away_y),
                        )
                        if side == 0:
                            continue
                        to_left = side > 0 and away > ON_ROAD_M * ON_ROAD_M
                    if to_left and one_way[edge_of[piece]]:
                        continue
                    best, best_share, best_square, best_left = piece, share, away, to_left
    return best, best_share, math.sqrt(best_square), best_left
