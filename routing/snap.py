"""From a coordinate to the nearest place on a road that the bus may use."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from routing.errors import NoRoad, RoutingError
from routing.geometry import METRES_PER_DEGREE
from routing.graph import FERRY, Float64, Int32, Int64, RoadGraph, frozen
from routing.snap_kernels import fill_grid, nearest

CELL_M = 150.0
"""Usual width of a grid cell; wider where the roads are so sparse that most cells would be empty."""

CELLS_PER_PIECE = 4

SideOfRoad = Literal["either", "kerb"]


@dataclass(frozen=True, slots=True)
class Position:
    """A place on the road network.

    Attributes
    ----------
    edge
        The edge it lies on; on a two-way road the one with the smaller number, and both directions are meant.
    fraction
        Share (0 to 1) of the edge's length before the place.
    lon, lat
        The place on the road, in degrees.
    distance_m
        How far the road is from the coordinate that was asked for.
    kerb
        Whether the bus must halt in the direction of `edge`, because the door is on that side of the road.
    """

    edge: int
    fraction: float
    lon: float
    lat: float
    distance_m: float
    kerb: bool = False


class Snapper:
    """A grid over the roads of a graph that finds the nearest one to a coordinate.

    Building takes some milliseconds for a county; nothing is stored. Instances may be shared by threads.
    """

    def __init__(self, graph: RoadGraph) -> None:
        self._bbox = graph.bbox
        self._twin = graph.twin
        self._one_way = frozen(graph.twin < 0)
        self._nothing = frozen(np.zeros(graph.edges, dtype=np.bool_))
        self._shapes = (graph.shape_first, graph.shape_lon, graph.shape_lat)
        self._pieces = _pieces(graph)
        self._grid = _grid(self._bbox, len(self._pieces[0]))
        self._cells = self._fill()

    def snap(
        self, lon: float, lat: float, within_m: float, side_of_road: SideOfRoad = "either"
    ) -> Position:
        """Return the nearest place on a road within `within_m` metres.

        With ``side_of_road="kerb"`` the bus halts with its door (on the right) towards the coordinate: on a
        two-way road only one direction will do, and a one-way street must have the coordinate on its right.

        Raises
        ------
        NoRoad
            No road lies within the limit (codes ``no-road``, ``outside-roads``, ``coordinates-swapped``).
        RoutingError
            A number is not a coordinate (code ``not-a-coordinate``).
        """
        if not (math.isfinite(lon) and math.isfinite(lat) and abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 - the globe
            raise RoutingError(
                "not-a-coordinate",
                f"Longitude {lon} and latitude {lat} are not a place on earth: give degrees.",
            )
        if not self._near(lon, lat, within_m):
            raise self._outside(lon, lat, within_m)
        kerb = side_of_road == "kerb"
        edge, fraction, road_lon, road_lat, distance, left = nearest(
            lon,
            lat,
            within_m,
            self._one_way if kerb else self._nothing,
            self._grid,
            self._cells,
            self._pieces,
            self._shapes,
        )
        if edge < 0:
            raise NoRoad(
                "no-road",
                f"No road the bus may use lies within {within_m:.0f} m of {_spell(lon, lat)}: "
                "choose a place closer to a road.",
            )
        if kerb and left:
            edge, fraction = int(self._twin[edge]), 1.0 - fraction
        return Position(edge, fraction, road_lon, road_lat, distance, kerb)

    def _near(self, lon: float, lat: float, within_m: float) -> bool:
        """Tell whether a place lies inside the bounding box of all roads or close enough to it."""
        west, south, east, north = self._bbox
        margin_lat = within_m / METRES_PER_DEGREE
        margin_lon = margin_lat / max(math.cos(math.radians(lat)), 1e-6)
        return (
            west - margin_lon <= lon <= east + margin_lon
            and south - margin_lat <= lat <= north + margin_lat
        )

    def _outside(self, lon: float, lat: float, within_m: float) -> NoRoad:
        """Say where the roads are, and whether the two numbers were given in the wrong order."""
        if self._near(lat, lon, within_m):
            return NoRoad(
                "coordinates-swapped",
                f"{_spell(lon, lat)} is far away, but the two numbers exchanged lie among the roads: "
                "give longitude first, then latitude.",
            )
        west, south, east, north = self._bbox
        return NoRoad(
            "outside-roads",
            f"{_spell(lon, lat)} lies outside the roads of this region, which reach from "
            f"latitude {south:.3f} to {north:.3f} and from longitude {west:.3f} to {east:.3f}.",
        )

    def _fill(self) -> tuple[Int64, Int32]:
        """Sort the pieces into grid cells."""
        west, south, width, height, columns, rows = self._grid

        points = self._pieces[1]

        def cells(values: Float64, origin: float, size: float, count: int) -> tuple[Int32, Int32]:
            index = np.clip((values - origin) // size, 0, count - 1).astype(np.int32)
            one, other = index[points], index[points + 1]
            return np.minimum(one, other), np.maximum(one, other)

        _, lon, lat = self._shapes
        column, last_column = cells(lon, west, width, columns)
        row, last_row = cells(lat, south, height, rows)
        first, pieces = fill_grid(column, row, last_column, last_row, columns, rows)
        return frozen(first), frozen(pieces)


def _pieces(graph: RoadGraph) -> tuple[Int32, Int64]:
    """Return edge and first point of every straight piece; one direction of each road.

    Nobody boards on a connector, a copy or a ferry.
    """
    edge = np.arange(graph.edges)
    road = (graph.way_id != 0) & (graph.copy_of < 0) & (graph.flags & FERRY == 0)
    chosen = np.flatnonzero(road & ((graph.twin < 0) | (graph.twin > edge)))
    counts = np.diff(graph.shape_first)[chosen] - 1
    before = np.repeat(np.cumsum(counts) - counts, counts)
    point = np.repeat(graph.shape_first[chosen], counts) + np.arange(int(counts.sum())) - before
    return frozen(np.repeat(chosen, counts).astype(np.int32)), frozen(point.astype(np.int64))


def _grid(
    bbox: tuple[float, float, float, float], pieces: int
) -> tuple[float, float, float, float, int, int]:
    """Choose west, south, cell width and height in degrees, columns and rows."""
    west, south, east, north = bbox
    shrink = math.cos(math.radians((south + north) / 2))
    width_m = max((east - west) * METRES_PER_DEGREE * shrink, 1.0)
    height_m = max((north - south) * METRES_PER_DEGREE, 1.0)
    cell_m = max(CELL_M, math.sqrt(width_m * height_m / (CELLS_PER_PIECE * max(pieces, 1))))
    columns, rows = math.ceil(width_m / cell_m), math.ceil(height_m / cell_m)
    height = cell_m / METRES_PER_DEGREE
    return west, south, height / shrink, height, columns, rows


def _spell(lon: float, lat: float) -> str:
    return f"latitude {lat:.5f}, longitude {lon:.5f}"
