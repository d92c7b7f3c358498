"""Compiling what numba has not compiled yet, before anybody waits for an answer."""

from collections.abc import Mapping

from dispatch.warm import warm as warm_dispatch
from gtfs.warm import warm as warm_timetable
from regions.region import Region
from routing.warm import warm as warm_routing


def warm(regions: Mapping[str, Region]) -> None:
    """Run every kernel once on small work; slow (half a minute) only the first time after an update."""
    warm_routing()
    warm_dispatch()
    for region in regions.values():
        if region.timetable is not None:
            warm_timetable(region.timetable)
            return
