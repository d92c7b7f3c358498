"""Compiled geometry of a bend in a road."""

import math

from numba import njit

from routing.kernels import Float64

CLEARLY_M = 1e-3
"""What lies that far along another piece of the same road is nearer to it; less may be rounding."""


@njit(cache=True, nogil=True)
def side_of_corner(east: Float64, north: Float64, place: tuple[float, float]) -> int:
    """Return on which side of a bend a place lies: 1 left, -1 right, 0: the bend is not its nearest point.

    Where the bend is so sharp that the place lies to the left of one piece and to the right of the other, it
    is on the outer side.

    Parameters
    ----------
    east, north
        float64[3], metres: the point before the bend, the bend, the point behind it.
    place
        Metres east and north of the bend.
    """
    before = east[1] - east[0], north[1] - north[0]
    after = east[2] - east[1], north[2] - north[1]
    behind = before[0] * place[0] + before[1] * place[1]
    ahead = after[0] * place[0] + after[1] * place[1]
    if -behind > CLEARLY_M * math.hypot(*before) or ahead > CLEARLY_M * math.hypot(*after):
        return 0
    left_of_one = before[0] * place[1] - before[1] * place[0]
    left_of_other = after[0] * place[1] - after[1] * place[0]
    if left_of_one * left_of_other >= 0.0:
        return 1 if left_of_one + left_of_other > 0.0 else -1
    bends_right = before[0] * after[1] - before[1] * after[0] < 0.0
    return 1 if bends_right else -1
