"""An area as the world may know it: what GTFS-Flex says of it, without buses, drivers and depots."""

from collections.abc import Iterable, Iterator
from math import ceil

import shapely
from shapely.geometry.polygon import orient

from dispatch.model import UNREACHABLE, load_of
from dispatch.policy import Policy
from gtfs.export.plain import Driving
from gtfs.export.service import OnDemandService, PublicStop, SafeDuration, Window
from gtfs.other_services import Notice, Polygon, Ring
from regions.area import Area, Service
from regions.region import Region
from routing.errors import NoRoad
from routing.travel_times import TravelTimes

_MINUTE, _DAY = 60, 86_400
Place = tuple[float, float]
"""Lon, lat."""
_WEEK = 7
_GRID = 1e-6
"""Degrees: boundaries to the decimetre are exact enough, and half as long."""
DAYS_VALID = 183
"""Half a year: the weekly pattern has no end of its own, and validators want 30 days at least."""


def service_of(region: Region, area: Area, duration: SafeDuration | None = None) -> OnDemandService:
    """Describe an area.

    Parameters
    ----------
    duration
        Learnt from driven rides; what the rules promise at worst when not given.
    """
    windows = tuple(_windows(area))
    return OnDemandService(
        id=area.id,
        name=area.name,
        operator=area.operator,
        phone=area.phone,
        time_zone=area.time_zone.key,
        windows=windows,
        notice=_notice(area.policy, min((window.from_s for window in windows), default=0)),
        duration=duration or promised_duration(area.policy),
        closed=area.policy.closed_days,
        zone=_zone(region, area) if area.service is not Service.STOPS else (),
        stops=tuple(PublicStop(each.id, each.name, each.lon, each.lat) for each in area.stops),
        wheelchairs=_wheelchairs(area),
        invented=area.invented,
    )


def promised_duration(policy: Policy) -> SafeDuration:
    """Return the line above every ride the rules allow: factor x direct + extra.

    Direct driving of the plan is ``travel_factor`` x the road's; a reader's own router knows only that.
    """
    factor = ceil(policy.ride_factor * policy.travel_factor * 100 - _GRID) / 100
    halts_s = policy.stop_s + policy.boarding_s + policy.travel_buffer_s
    return SafeDuration(max(1.0, factor), policy.ride_extra_s + halts_s)


def driving_between_stops(region: Region, area: Area) -> Driving:
    """Return seconds of driving between the stops of an area, by pairs of their ids.

    Raises
    ------
    routing.errors.NoRoad
        A stop lies too far from any road the bus may use.
    """
    times = TravelTimes(region.search)
    places = times.add_many(
        region.snapper.snap(stop.lon, stop.lat, area.policy.snap_m) for stop in area.stops
    )
    table = times.seconds
    return {
        (one.id, other.id): seconds
        for one, i in zip(area.stops, places, strict=True)
        for other, j in zip(area.stops, places, strict=True)
        if 0 < (seconds := int(table[i, j])) < UNREACHABLE
    }


def driving_of(region: Region, area: Area, rides: Iterable[tuple[Place, Place]]) -> list[int]:
    """Return seconds of driving from place to place of each ride; 0 where no road leads any more."""
    times, pairs = TravelTimes(region.search), []
    for ride in rides:
        try:
            origin, destination = (
                times.add(region.snapper.snap(*place, area.policy.snap_m)) for place in ride
            )
        except NoRoad:  # a road of last year is gone
            pairs.append((0, 0))
        else:
            pairs.append((origin, destination))
    table = times.seconds
    return [int(table[i, j]) % UNREACHABLE if i != j else 0 for i, j in pairs]


def _windows(area: Area) -> Iterator[Window]:
    """Join the shifts of each weekday within the opening hours; equal hours of several days are one."""
    days: dict[tuple[int, int, int], list[bool]] = {}
    for weekday in range(_WEEK):
        for hours in _hours_on(area, weekday):
            days.setdefault(hours, [False] * _WEEK)[weekday] = True
    for (from_s, board_until_s, until_s), weekdays in sorted(days.items()):
        yield Window(tuple(weekdays), from_s, board_until_s, until_s)


def _hours_on(area: Area, weekday: int) -> list[tuple[int, int, int]]:
    """From, boarding until, until: in order, one after the other."""
    policy = area.policy
    joined: list[tuple[int, int, int]] = []
    for shift in sorted(area.shifts, key=lambda each: (each.start_s, each.end_s)):
        begin, board_until = max(shift.start_s, policy.opens_s), min(shift.end_s, policy.closes_s)
        if weekday not in shift.weekdays or begin >= board_until:
            continue
        if joined and begin <= joined[-1][1]:
            before = joined.pop()
            joined.append((before[0], max(before[1], board_until), max(before[2], shift.end_s)))
        else:
            joined.append((begin, board_until, shift.end_s))
    return joined


def _notice(policy: Policy, first_s: int) -> Notice:
    """Return how early one must book for every ride of a day, and how early one can.

    With a deadline the lead time holds as well: for the first rides of the day (from ``first_s``) it may be
    over before the deadline is. The earlier of the two is told.
    """
    horizon = policy.booking_horizon_s // _DAY
    if policy.deadline_s is None:
        return Notice(
            minutes=-(-policy.lead_time_s // _MINUTE), days_at_most=_later(policy, horizon)
        )
    until_s = min(policy.deadline_s - _DAY, first_s - policy.lead_time_s)
    days = -(until_s // _DAY)
    return Notice(days=days, until_s=until_s % _DAY, days_at_most=horizon)


def _later(policy: Policy, horizon: int) -> int | None:
    """Nothing where one may book at once: GTFS has no beginning for that kind of rule."""
    return horizon if policy.lead_time_s else None


def _wheelchairs(area: Area) -> bool | None:
    carried = {vehicle.has_room(load_of(wheelchair=1)) for vehicle in area.vehicles}
    return carried.pop() if len(carried) == 1 else None


def _zone(region: Region, area: Area) -> tuple[Polygon, ...]:
    """Return the boundary as polygons as RFC 7946 wants them; without one the area is the region."""
    boundary = area.boundary
    if boundary is None:
        boundary = shapely.box(*(area.bbox or region.manifest.bbox))
    rounded = shapely.set_precision(boundary, _GRID)
    return tuple(
        tuple(_ring(ring) for ring in (part.exterior, *part.interiors))
        for part in map(orient, shapely.get_parts(rounded))
    )


def _ring(ring: shapely.LinearRing) -> Ring:
    return tuple((round(x, 6), round(y, 6)) for x, y in ring.coords)
