"""One area's service day in memory: dispatch state and the places it speaks of."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from operator import is_

import numpy as np

from api.places import Places
from api.roster.duties import Duty, area_of_day, duties_of, is_bookable
from api.schemas.answers import Spot
from api.servicetime import ServiceDay
from api.store.blurring import FORGOTTEN
from api.store.mapping import booking_of, shift_of, tour_of
from api.store.reader import DayRows
from dispatch.connections.lines import Lines
from dispatch.engine import decide
from dispatch.events import ShiftOpened, State, TravelChanged
from dispatch.model import BookingId, PlaceIndex, Shift, ShiftId, Tour
from dispatch.verify import Severity, Violation, verify
from gtfs.days import TimetableDay
from regions.area import Area
from regions.errors import AreaError
from regions.patterns import ShiftPattern
from regions.region import Region
from routing.errors import NoRoad
from routing.path import Path

LEGS_KEPT = 4_000
"""Drives between two places a day keeps at most, with their geometry."""


@dataclass(slots=True)
class Day:
    """One area's service day. Used under its lock only; ``state`` is replaced, never changed.

    Pictures of it (see ``DaySlot.as_stored``) may be looked at and drawn by several threads at a time.

    Parameters
    ----------
    area, service
        Which area and day; the area's shifts are those of this day, whoever planned them.
    places
        What the indices in ``state`` mean.
    state
        The engine's state.
    stored_version
        Version of the last state that was stored; 0 before anything happened.
    """

    area: Area
    service: ServiceDay
    places: Places
    state: State
    stored_version: int
    lines: dict[ShiftId, "Line"] = field(default_factory=dict)
    """Geometry of tours as last drawn."""
    legs: dict[tuple[PlaceIndex, PlaceIndex], Path] = field(default_factory=dict)
    """Drives between two places as last found."""
    looks: dict[ShiftId, "Look"] = field(default_factory=dict)
    """Tours as last looked at."""
    timetable: Lines | None = None
    """The lines of the day beside the places of the area, when first asked for."""

    def seconds(self, now: datetime) -> int:
        """Seconds of this service day at an instant."""
        return self.service.seconds(now)

    def locate(self, now: datetime, *spots: Spot) -> tuple[PlaceIndex, ...]:
        """Return the indices of places; new ones become part of the state's travel table.

        Raises
        ------
        routing.errors.NoRoad
            No road the bus may use is near enough.
        """
        indices = tuple(self.places.index(spot.lon, spot.lat) for spot in spots)
        if len(self.places) > self.state.travel.size:
            event = TravelChanged(self.places.travel())
            self.state, _ = decide(self.state, event, self.seconds(now))
        return indices

    def lines_of(self, timetable: TimetableDay, now: datetime) -> Lines:
        """Return the lines of the day; the stops in the area become places of the travel table."""
        stops = timetable.timetable.stop_id  # the same ones whatever trips are added today
        if self.timetable is None or self.timetable.day.timetable.stop_id is not stops:
            self.timetable = Lines.of(timetable, self._place_of)
            event = TravelChanged(self.places.travel())
            self.state, _ = decide(self.state, event, self.seconds(now))
        if self.timetable.day is not timetable:
            return Lines(timetable, self.timetable.place)
        return self.timetable

    def _place_of(self, lon: float, lat: float) -> PlaceIndex | None:
        """Return the place of a stop in the area, None where the bus does not come."""
        if not self.area.contains(lon, lat):
            return None
        try:
            return self.places.index(lon, lat)
        except NoRoad:
            return None

    def line(self, shift: Shift, tour: Tour) -> "Line":
        """Return the drive of a tour from the shift's start over all visits to its end."""
        stops = (shift.start_place, *(visit.place for visit in tour.visits), shift.end_place)
        known = self.lines.get(shift.id)
        if known is None or known.stops != stops:
            if len(self.legs) > LEGS_KEPT:
                self.legs.clear()
            known = self.lines[shift.id] = _draw(self.places, stops, self.legs)
        return known

    def changed(self, key: ShiftId) -> int:
        """Return a version at which a tour and its rides were already as they are now."""
        tour, known = self.state.tours.get(key), self.looks.get(key)
        visits = tour.visits if tour else ()
        rides = tuple(self.state.bookings[ride] for v in visits for ride in (*v.board, *v.alight))
        now = self.state.shifts[key], tour, *rides
        if known is None or len(known.seen) != len(now) or not all(map(is_, known.seen, now)):
            known = self.looks[key] = Look(now, self.stored_version)
        return known.version


@dataclass(frozen=True, slots=True)
class Look:
    """A shift, its tour and who rides on it, as they were at a version."""

    seen: tuple[object, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Line:
    """A drive over several places: points as lon, lat; what it takes; the paths it is made of."""

    stops: tuple[PlaceIndex, ...]
    legs: tuple[Path, ...]
    points: list[list[float]]
    metres: int
    seconds: int


def _draw(
    places: Places, stops: tuple[PlaceIndex, ...], found: dict[tuple[PlaceIndex, PlaceIndex], Path]
) -> Line:
    """Draw a drive; what was ``found`` before is not searched again."""
    legs = tuple(found.get(ends) or places.path(*ends) for ends in pairwise(stops))
    found.update(zip(pairwise(stops), legs, strict=True))
    points = np.concatenate([leg.points for leg in legs])
    moves = np.append(True, (points[1:] != points[:-1]).any(axis=1))
    return Line(
        stops=stops,
        legs=legs,
        points=points[moves].tolist(),
        metres=sum(leg.metres for leg in legs),
        seconds=sum(leg.seconds for leg in legs),
    )


def build_day(region: Region, area: Area, service: ServiceDay, rows: DayRows, now: datetime) -> Day:
    """Build a day from the week's plan, the roster and what is stored.

    A shift with a stored tour is as it was when it was booked, whatever the area file says by now.

    Raises
    ------
    AreaError
        ``vehicle-gone``: a stored tour needs a vehicle the area file no longer lists. ``place-gone``: a
        booked place lies on no road.
    routing.errors.NoRoad
        A depot lies on no road any more.
    """
    places = Places(region, area.policy.snap_m)
    try:
        places.add(_places_in(rows))
    except NoRoad as error:
        raise AreaError(
            "place-gone",
            f"Area {area.id} has rides on {service.day} to a place no road leads to ({error}); serve the "
            "region they were booked in, or restore a backup with `buergerbus restore FILE --force`.",
        ) from error
    duties = duties_of(area, service, rows.roster)
    shifts = {shift.id: shift for shift in _bookable_shifts(area, duties, places)}
    shifts |= {s.id: s for s in (shift_of(t.tour, places.index, service) for t in rows.tours)}
    tours = {ShiftId(t.tour.shift_id): tour_of(t, places.index, service) for t in rows.tours}
    bookings = {
        BookingId(row.id): booking_of(
            row, _nowhere if row.name == FORGOTTEN else places.index, service
        )
        for row in rows.bookings
    }
    state = State(policy=area.policy, travel=places.travel())
    vehicles = {vehicle.id: vehicle for vehicle in area.vehicles}
    for shift in shifts.values():
        if shift.vehicle not in vehicles:
            raise AreaError(
                "vehicle-gone",
                f"Area {area.id} has tours on {service.day} with vehicle {shift.vehicle!r}, which its "
                "file no longer lists; put it back, or if it was never there, restore a backup with "
                "`buergerbus restore FILE --force`.",
            )
        event = ShiftOpened(shift=shift, vehicle=vehicles[shift.vehicle])
        state, _ = decide(state, event, service.seconds(now))
    return Day(
        area=area_of_day(area, duties),
        service=service,
        places=places,
        state=replace(
            state,
            tours={**state.tours, **tours},
            bookings=bookings,
            version=max(state.version, rows.version),
        ),
        stored_version=rows.version,
    )


def _nowhere(_lon: float, _lat: float) -> PlaceIndex:
    """Stand for the blurred places of a cancelled ride whose rider is forgotten: no bus goes there."""
    return PlaceIndex(0)


def _places_in(rows: DayRows) -> Iterator[tuple[float, float]]:
    """Yield where riders board and leave and where tours halt, as lon and lat."""
    for booking in rows.bookings:
        yield booking.origin_lon, booking.origin_lat
        yield booking.destination_lon, booking.destination_lat
    for tour in rows.tours:
        yield from ((visit.lon, visit.lat) for visit in tour.visits)


def broken_in(day: Day) -> list[Violation]:
    """Return what the independent checker finds broken; being late is not."""
    return [violation for violation in verify(day.state) if violation.severity is Severity.BROKEN]


def loggable(violations: Iterable[Violation]) -> list[str]:
    """Count violations by code and shift; their messages name bookings, whose ids open them."""
    found = Counter(f"{each.code} {each.shift or '-'}" for each in violations)
    return [f"{where}: {count}" for where, count in sorted(found.items())]


def _bookable_shifts(area: Area, duties: Iterable[Duty], places: Places) -> Iterator[Shift]:
    """Shifts of the roster that riders may be put on."""
    for duty in duties:
        if is_bookable(area, duty):
            yield duty.shift.shift(lambda stop: places.index(stop.lon, stop.lat))


def depots(area: Area, shift: ShiftId) -> tuple[Spot, Spot] | None:
    """Return where a shift of a day's area starts and ends; None if it has it no longer."""
    for pattern in area.shifts:
        if pattern.id == shift:
            return _spot(pattern, "start"), _spot(pattern, "end")
    return None


def _spot(pattern: ShiftPattern, end: str) -> Spot:
    stop = pattern.start if end == "start" else pattern.end
    return Spot(label=stop.name, lon=stop.lon, lat=stop.lat)
