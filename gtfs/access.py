"""Offers of one who walks: from a stop or station to the stops around it, and the other way round."""

import numpy as np
import numpy.typing as npt

from gtfs.journey import Offer
from gtfs.timetable import Timetable


def access_to(timetable: Timetable, stop: int) -> list[Offer]:
    """Return the offers of one who starts at a stop or station: it, its platforms, where one walks to."""
    return _around(timetable, stop, timetable.transfer_stop, _origins(timetable), away=True)


def egress_from(timetable: Timetable, stop: int) -> list[Offer]:
    """Return the offers of one whose goal is a stop or station, see :func:`access_to`."""
    return _around(timetable, stop, timetable.transfer_stop, _origins(timetable), away=False)


def _origins(timetable: Timetable) -> npt.NDArray[np.intp]:
    return np.repeat(np.arange(len(timetable.stop_id)), np.diff(timetable.first_transfer))


def _around(
    timetable: Timetable,
    stop: int,
    goals: npt.NDArray[np.integer],
    origins: npt.NDArray[np.integer],
    *,
    away: bool,
) -> list[Offer]:
    """Offers at a stop, at its platforms and where transfers lead from there, or come from."""
    at = [stop, *np.flatnonzero(timetable.stop_station == stop).tolist()]
    here, there = (origins, goals) if away else (goals, origins)
    seconds = dict.fromkeys(at, 0)
    for row in np.flatnonzero(np.isin(here, at) & (timetable.transfer_s >= 0)).tolist():
        other, walk_s = int(there[row]), int(timetable.transfer_s[row])
        seconds[other] = min(seconds.get(other, walk_s), walk_s)
    return [Offer(other, walk_s) for other, walk_s in seconds.items()]
