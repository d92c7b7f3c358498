"""The roads of an extract as plain arrays, before anything is made of them."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.build.delays import PointDelays
from routing.build.turns.restrictions import Restriction

DEGREE = 1e7
"""OSM coordinates are integers of 1e-7 degrees."""

UNDEFINED = 2**31 - 1
"""Coordinate of a node that the extract does not hold."""


@dataclass(frozen=True, slots=True, eq=False)
class RawRoads:
    """The roads of an extract as they stand in the file; `w` ways with `r` node references together.

    Attributes
    ----------
    way_id
        int64[w] OSM ids.
    name, ref_name
        int32[w], indices into `names`: what a driver calls the road (its number if it has no name), and the
        number of a road that has a name too ("L 1184").
    road_class, flags
        int8[w], uint8[w], as in `routing.graph.RoadGraph`.
    first
        int64[w + 1], references of way i are `first[i]:first[i + 1]`.
    along, against, along_inside, against_inside
        float64[w], km/h of the vehicle in either direction outside and inside settlements, 0 where it must
        not go.
    car_along, car_against
        bool[w], counted as a road for cars, before access rules for this vehicle.
    ref, x, y
        int64[r] node ids, int32[r] longitude and latitude in 1e-7 degrees.
    located
        bool[r], False where the extract does not hold the node.
    inside
        bool[r], whether the piece from this reference to the next lies inside a settlement.
    closed_nodes
        int64[], nodes with a barrier that stops the vehicle.
    signals, turning
        int64[], nodes with traffic lights, and nodes made for turning round.
    delays
        What single points cost.
    restrictions
        Turn restrictions that bind the vehicle.
    ignored
        How often something was left out of account, by a phrase that names it.
    """

    way_id: npt.NDArray[np.int64]
    name: npt.NDArray[np.int32]
    ref_name: npt.NDArray[np.int32]
    road_class: npt.NDArray[np.int8]
    flags: npt.NDArray[np.uint8]
    first: npt.NDArray[np.int64]
    along: npt.NDArray[np.float64]
    against: npt.NDArray[np.float64]
    along_inside: npt.NDArray[np.float64]
    against_inside: npt.NDArray[np.float64]
    car_along: npt.NDArray[np.bool_]
    car_against: npt.NDArray[np.bool_]
    ref: npt.NDArray[np.int64]
    x: npt.NDArray[np.int32]
    y: npt.NDArray[np.int32]
    located: npt.NDArray[np.bool_]
    inside: npt.NDArray[np.bool_]
    names: tuple[str, ...]
    closed_nodes: npt.NDArray[np.int64]
    signals: npt.NDArray[np.int64]
    turning: npt.NDArray[np.int64]
    delays: PointDelays
    restrictions: tuple[Restriction, ...]
    ignored: Counter[str]

    def neighbours(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return where pieces of road begin in `ref`, and the index of the way of each."""
        return neighbours(self.first, self.ref, self.located)


def neighbours(
    first: npt.NDArray[np.int64], ref: npt.NDArray[np.int64], located: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the positions i at which references i and i + 1 make a piece of road, and its way's index."""
    way = np.repeat(np.arange(len(first) - 1, dtype=np.int64), np.diff(first))
    joined = (way[1:] == way[:-1]) & (ref[1:] != ref[:-1]) & located[1:] & located[:-1]
    positions = np.flatnonzero(joined)
    return positions, way[positions]
