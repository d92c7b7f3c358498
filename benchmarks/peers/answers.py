"""What every peer answers, in the same shapes and units."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A peer's own data of one extract, kept in the peers' folder.

    Attributes
    ----------
    folder
        Where it lies.
    version
        Of the peer.
    steps
        Seconds each step took when it was really run, one thread.
    """

    folder: Path
    version: str
    steps: dict[str, float]


@dataclass(frozen=True, slots=True)
class Table:
    """Travel times between n places.

    Attributes
    ----------
    seconds
        float64[n, n], nan where there is no route.
    ms, cpu_ms
        Median wall time of the fastest way to ask, and the engine's own processor time.
    ways
        Median wall time (ms) of each way to ask.
    """

    seconds: Float64
    ms: float
    cpu_ms: float
    ways: dict[str, float]


@dataclass(frozen=True, slots=True)
class Routes:
    """Routes of k pairs of places.

    Attributes
    ----------
    seconds, metres
        float64[k], nan where there is no route.
    off_road_m
        float64[k], how far the two ends together were moved to reach the peer's roads.
    median_us
        Median wall time of one route with its geometry, asked in the fastest way.
    """

    seconds: Float64
    metres: Float64
    off_road_m: Float64
    median_us: float
