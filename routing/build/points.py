"""What stands on single points of roads: barriers, lights, signs, places to turn round."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from routing.build.delays import PointDelays, delay_at, shared_by_lights
from routing.build.tags import TagReader

_TURNING = frozenset(("turning_circle", "turning_loop", "mini_roundabout"))


class PointCollector:
    """Growing lists of points, by what they mean.

    Attributes
    ----------
    closed, signals, turning
        Ids of points with a barrier that stops the vehicle, with traffic lights, and made for turning round.
    """

    def __init__(self, reader: TagReader) -> None:
        self._reader = reader
        self._delayed: list[tuple[int, float, int, bool, float, float]] = []
        self.closed: list[int] = []
        self.signals: list[int] = []
        self.turning: list[int] = []

    def add(self, node: int, tags: Mapping[str, str], lon: float, lat: float) -> None:
        """Sort in one point."""
        kind = tags.get("highway")
        if kind == "traffic_signals":
            self.signals.append(node)
        elif kind in _TURNING:
            self.turning.append(node)
        if "barrier" in tags and self._reader.access.barrier_closed(tags):
            self.closed.append(node)
            return
        delay = delay_at(tags, self._reader.profile.delays)
        if delay:
            self._delayed.append((node, *delay, lon, lat))

    def delays(self) -> PointDelays:
        """Return what the points cost."""
        rows = np.array(sorted(self._delayed), dtype=np.float64).reshape(-1, 6)
        seconds, light = rows[:, 1].copy(), rows[:, 3] > 0
        within_m = self._reader.profile.delays.together_m
        lon, lat = rows[light, 4:].T
        seconds[light] = shared_by_lights(seconds[light], lon, lat, within_m)
        return PointDelays(
            node=np.array(sorted(row[0] for row in self._delayed), dtype=np.int64),
            seconds=seconds,
            side=rows[:, 2].astype(np.int8),
        )


def ids(nodes: list[int]) -> npt.NDArray[np.int64]:
    """Return int64[] of node ids."""
    return np.array(nodes, dtype=np.int64)
