"""Seconds lost on arrival at a point: lights, signs, crossings, and roads that go first."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from routing.geometry import METRES_PER_DEGREE
from routing.profile import Delays

Bool = npt.NDArray[np.bool_]
Int8 = npt.NDArray[np.int8]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

BOTH, ALONG, AGAINST, NEARER = 0, 1, 2, 3
"""Who loses time at a point: all, those who drive along or against the way, or to the nearer junction."""

_SIDES = {"forward": ALONG, "backward": AGAINST, "both": BOTH}
_SIGNS = ("stop", "give_way")


@dataclass(frozen=True, slots=True, eq=False)
class PointDelays:
    """What single points cost; `d` points, strictly increasing by id.

    Attributes
    ----------
    node
        int64[d], OSM ids.
    seconds
        float64[d].
    side
        int8[d], `BOTH`, `ALONG`, `AGAINST` or `NEARER`.
    """

    node: Int64
    seconds: Float64
    side: Int8


def delay_at(tags: Mapping[str, str], delays: Delays) -> tuple[float, int, bool] | None:
    """Return seconds, side and whether it is one of several lights, for a point with these tags."""
    costs = [
        (delays.at[tag], tag)
        for tag in (f"{key}={value}" for key, value in tags.items())
        if tag in delays.at
    ]
    if not costs:
        return None
    seconds, tag = max(costs)
    direction = tags.get("traffic_signals:direction") or tags.get("direction", "")
    usual = NEARER if tags.get("highway") in _SIGNS else BOTH
    return seconds, _SIDES.get(direction, usual), tag in delays.lights


def shared_by_lights(seconds: Float64, lon: Float64, lat: Float64, within_m: float) -> Float64:
    """Divide the seconds of each light by the square root of the number of lights around it, itself included.

    Lights of one large junction work together: a passage meets about as many of them.
    """
    if not len(seconds):
        return seconds
    tree = cKDTree(plane(lon, lat, float(lat.mean())))
    count = tree.query_ball_point(tree.data, within_m, return_length=True)
    return np.asarray(seconds / np.sqrt(count))


def plane(lon: Float64, lat: Float64, middle: float) -> Float64:
    """Return float64[n, 2] metres on a plane that is true near latitude `middle`."""
    scale = METRES_PER_DEGREE
    return np.column_stack([lon * np.cos(np.radians(middle)) * scale, lat * scale])
