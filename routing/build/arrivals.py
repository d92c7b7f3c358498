"""What arriving at the end of a segment costs, in either direction."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from routing.build.delays import AGAINST, ALONG, BOTH, NEARER, PointDelays, plane
from routing.graph import ROAD_CLASSES
from routing.profile import Delays

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

_RANKS = {"residential": "unclassified", "road": "unclassified", "busway": "unclassified"}
_RANK = np.array([ROAD_CLASSES.index(_RANKS.get(name, name)) for name in ROAD_CLASSES])
"""Smaller is busier; where two streets of the same rank meet, neither goes first by class."""

_MOTORWAY = ROAD_CLASSES.index("motorway")
_STREET = ROAD_CLASSES.index("unclassified")
_MERGING = [ROAD_CLASSES.index(name) for name in ("motorway_link", "trunk_link")]
_CROSSING = 3
"""From so many ends of road on, a point is a junction."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Segments of road between points, in the order of their ways.

    Attributes
    ----------
    start, end
        int64[s], points.
    joined
        bool[s], whether the segment goes on where the one before it in the same way ended.
    metres
        float64[s].
    road_class
        int[s], index into `ROAD_CLASSES`.
    circle
        bool[s], part of a roundabout.
    node_id, lon, lat
        int64[n], float64[n], float64[n]: OSM ids and degrees of the points.
    """

    start: Int64
    end: Int64
    joined: Bool
    metres: Float64
    road_class: npt.NDArray[np.int8]
    circle: Bool
    node_id: Int64
    lon: Float64
    lat: Float64


def arrival_seconds(
    pieces: Pieces, points: PointDelays, signals: Int64, delays: Delays
) -> tuple[Float64, Float64]:
    """Return the seconds lost on arrival at the end (along) and at the start (against) of each segment.

    Parameters
    ----------
    pieces
        `s` segments.
    points
        Delays of single points.
    signals
        int64[], OSM ids of points with traffic lights; around them nobody gives way by class of road.
    delays
        Those of the profile.
    """
    junctions = _Junctions(pieces, signals, delays)
    seconds, side = _at_points(pieces.node_id, points)
    ahead = _nearer_ahead(pieces, junctions.ends)
    behind = ~np.concatenate([ahead[:1], ahead[:-1]]) | ~pieces.joined
    lost = []
    for arrived, left, own, nearer in (
        (pieces.end, pieces.start, ALONG, ahead),
        (pieces.start, pieces.end, AGAINST, behind),
    ):
        signed = (side[arrived] != NEARER) | np.where(
            junctions.ends[arrived] < _CROSSING, nearer, junctions.gives_way(arrived)
        )
        binds = (
            (side[arrived] == BOTH) | (side[arrived] == own) | (side[arrived] == NEARER)
        ) & signed
        has_sign = (side[left] == own) | (side[left] == NEARER) | (side[arrived] == NEARER)
        yielding = np.where(has_sign, 0.0, junctions.seconds(arrived))
        lost.append(np.where(binds, seconds[arrived], 0.0) + yielding)
    return lost[0], lost[1]


class _Junctions:
    """Which roads meet at each point."""

    def __init__(self, pieces: Pieces, signals: Int64, delays: Delays) -> None:
        count = len(pieces.node_id)
        ends = np.concatenate([pieces.start, pieces.end])
        self._delays = delays
        self._class = pieces.road_class
        self._rank = _RANK[pieces.road_class]
        self._circle = pieces.circle
        self.ends = np.bincount(ends, minlength=count)
        both = np.tile(self._rank, 2)
        self._best = np.full(count, len(ROAD_CLASSES))
        np.minimum.at(self._best, ends, both)
        self._of_best = np.bincount(ends[both == self._best[ends]], minlength=count)
        self._in_circle = np.bincount(ends[np.tile(pieces.circle, 2)], minlength=count) > 0
        self._lit = _near_lights(pieces, signals, delays.together_m)

    def gives_way(self, point: Int64) -> Bool:
        """Tell for each segment arriving at `point` whether another road goes first there, or all stop."""
        all_stop = self._of_best[point] == self.ends[point]
        return np.asarray((self._rank > self._best[point]) | all_stop)

    def seconds(self, point: Int64) -> Float64:
        """Return what each segment arriving at `point` loses to the roads it meets there."""
        delays, best, through = self._delays, self._best[point], self._of_best[point]
        junction = (self.ends[point] >= _CROSSING) & ~self._lit[point] & ~self._circle
        merging = np.isin(self._class, _MERGING) | (best == _MOTORWAY)
        minor = (self._rank > best) & (through > 1) & ~merging
        equal = (self._rank == _STREET) & (best == _STREET) & (through >= _CROSSING)
        cost = np.where(minor, delays.minor_road, np.where(equal, delays.equal_road, 0.0))
        cost = np.where(self._in_circle[point], delays.roundabout, cost)
        return np.asarray(np.where(junction, cost, 0.0))


def _near_lights(pieces: Pieces, signals: Int64, within_m: float) -> Bool:
    lights = np.flatnonzero(np.isin(pieces.node_id, signals))
    if not len(lights):
        return np.zeros(len(pieces.node_id), dtype=np.bool_)
    places = plane(pieces.lon, pieces.lat, float(pieces.lat.mean()))
    distance, _ = cKDTree(places[lights]).query(places, distance_upper_bound=within_m)
    return np.asarray(np.isfinite(distance))


def _at_points(node_id: Int64, points: PointDelays) -> tuple[Float64, npt.NDArray[np.int8]]:
    """Return float64[n] seconds and int8[n] sides of all points."""
    seconds, side = np.zeros(len(node_id)), np.full(len(node_id), BOTH, dtype=np.int8)
    found = np.searchsorted(node_id, points.node)
    hit = (found < len(node_id)) & (node_id[np.minimum(found, len(node_id) - 1)] == points.node)
    seconds[found[hit]], side[found[hit]] = points.seconds[hit], points.side[hit]
    return seconds, side


def _nearer_ahead(pieces: Pieces, ends: Int64) -> Bool:
    """Tell for the end of each segment whether the next junction or end of the way is as near as the last."""
    here = np.cumsum(pieces.metres)
    goes_on = np.append(pieces.joined[1:], False) & (ends[pieces.end] < _CROSSING)
    marks = np.flatnonzero(~goes_on)
    index = np.arange(len(here))
    following = marks[np.minimum(np.searchsorted(marks, index), len(marks) - 1)]
    before = np.searchsorted(marks, index) - 1
    begun = np.where(before >= 0, here[marks[before]], 0.0)
    return np.asarray(here[following] - here <= here - begun)
