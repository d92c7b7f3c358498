"""Identifiers and the table of driving between places."""

from dataclasses import dataclass
from typing import NewType

import numpy as np
import numpy.typing as npt

PlaceIndex = NewType("PlaceIndex", int)
BookingId = NewType("BookingId", str)
ShiftId = NewType("ShiftId", str)
VehicleId = NewType("VehicleId", str)
VisitId = NewType("VisitId", str)

Int32Array = npt.NDArray[np.int32]

UNREACHABLE: int = 2**30
"""Seconds or metres between two places no drivable road connects (fits int32, sums do not overflow)."""


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    """Driving between places, both tables of shape (places, places), read-only.

    ``seconds[i, j]`` is the unscaled driving time from i to j, ``metres`` the length of that path;
    :data:`UNREACHABLE` where there is none. The diagonal is 0.
    """

    seconds: Int32Array
    metres: Int32Array

    @property
    def size(self) -> int:
        """Number of places."""
        return int(self.seconds.shape[0])
