"""Trips of the invented timetable: trains every hour, and buses that meet them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from regions.sample.buslines import BusLine, BusNetwork
from regions.sample.names import slug
from regions.sample.plan import Site
from regions.sample.railway import Railway

_BUS_SPEED, _TRAIN_SPEED = 12.0, 19.0
"""Metres a second between stops."""
_BUS_DWELL_S, _TRAIN_DWELL_S = 30, 45
_MEET_S = 30 * 60
_BUS_MARGIN_S = 7 * 60
"""A bus is at the station this long before and after the trains, which meet there each half hour."""
_SPECIAL_LATER_S = 30 * 60
"""School and holiday trips run between the ordinary ones."""
_TRAIN_HOURS: dict[str, Sequence[int]] = {
    "mo-fr": range(5, 23),
    "sa": range(6, 22, 2),
    "so": range(8, 22, 2),
}
_BUS_HOURS: dict[str, Sequence[int]] = {
    "mo-fr": range(6, 20, 2),
    "sa": range(8, 16, 2),
    "schule": (7, 13),
    "ferien": (9, 17),
}
_SPECIAL = {"schule", "ferien"}


@dataclass(frozen=True, slots=True)
class Trip:
    """One run. ``stops`` are stop id, arrival and departure in seconds of the service day."""

    route: str
    service: str
    direction: int
    headsign: str
    stops: tuple[tuple[str, int, int], ...]

    @property
    def id(self) -> str:
        """Return an identifier made of what distinguishes the trip."""
        return f"{self.route}-{self.service}-{self.direction}-{self.stops[0][2] // 60}"


def train_trips(sites: tuple[Site, ...], railway: Railway) -> Iterator[Trip]:
    """Trains in both directions."""
    for service, hours in _TRAIN_HOURS.items():
        for direction in (0, 1):
            halts = railway.halts[:: 1 - 2 * direction]
            hub = next(i for i, halt in enumerate(halts) if halt.site == 0)
            names = [railway_stop(sites[halt.site]) for halt in halts]
            gaps = [abs(b.along - a.along) for a, b in pairwise(halts)]
            steps = [0, *(round(gap / _TRAIN_SPEED) + _TRAIN_DWELL_S for gap in gaps)]
            for hour in hours:
                meet = hour * 3600 + _MEET_S
                stops = _schedule(names, steps, hub, (meet, meet))
                yield Trip("bahn", service, direction, sites[halts[-1].site].name, stops)


def railway_stop(site: Site) -> str:
    """Return the id of the railway stop of a settlement."""
    return f"bahn-{slug(site.name)}"


def bus_trips(line: BusLine, buses: BusNetwork) -> Iterator[Trip]:
    """Buses of a line in both directions."""
    for service, hours in _BUS_HOURS.items():
        later = _SPECIAL_LATER_S if service in _SPECIAL else 0
        for direction in (0, 1):
            places = line.places[:: 1 - 2 * direction]
            metres = (0, *line.metres[:0:-1]) if direction else line.metres
            hub = len(places) - 1 - line.hub if direction else line.hub
            poles = [buses.stops[place][direction] for place in places]
            steps = [round(gap / _BUS_SPEED) + _BUS_DWELL_S for gap in metres]
            for hour in hours:
                meet = hour * 3600 + _MEET_S + later
                at_hub = meet - _BUS_MARGIN_S, meet + _BUS_MARGIN_S
                stops = _schedule([pole.id for pole in poles], steps, hub, at_hub)
                yield Trip(f"bus-{line.name}", service, direction, poles[-1].name, stops)


def _schedule(
    names: Sequence[str], steps: Sequence[int], hub: int, at_hub: tuple[int, int]
) -> tuple[tuple[str, int, int], ...]:
    """Return the times of all stops from those at the hub; ``steps[i]`` seconds lead to stop i.

    Whole minutes, as on a printed timetable, and at least one from stop to stop.
    """
    times = [at_hub] * len(names)
    for i in range(hub - 1, -1, -1):
        times[i] = (times[i + 1][0] - _minutes(steps[i + 1]),) * 2
    for i in range(hub + 1, len(names)):
        times[i] = (times[i - 1][1] + _minutes(steps[i]),) * 2
    return tuple((name, *time) for name, time in zip(names, times, strict=True))


def _minutes(seconds: int) -> int:
    return max(1, round(seconds / 60)) * 60
