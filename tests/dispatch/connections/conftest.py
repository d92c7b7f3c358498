"""A valley with a line: its stops on the plane of the small town, an hourly trip each way, spelled-out journeys.

From west to east: depot, farm, mill (stop), cottage, station (stop), and far away the city (stop) with its
hospital; a hamlet lies north of the city. The bus drives 10 m/s.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import cos, radians
from typing import Any

import numpy as np
import pytest

from dispatch.connections.found import Journey, JourneyWish
from dispatch.connections.journeys import journeys
from dispatch.connections.lines import End, Lines
from dispatch.model import PlaceIndex, Request
from dispatch.offers import offers_for
from dispatch.policy import Policy
from dispatch.schedule.snapshot import Snapshot
from gtfs.days import timetable_day
from gtfs.journey import Ride, Walk
from gtfs.overlay import Overlay, TripUpdate
from gtfs.timetable import Timetable

TUESDAY = date(2026, 3, 3)
DEPOT, FARM, MILL, STATION, CITY, HOSPITAL, HAMLET, COTTAGE = range(8)
NAMES = ("depot", "farm", "mill", "station", "city", "hospital", "hamlet", "cottage")
POINTS = [
    (0, 0),
    (3000, 0),
    (6000, 0),
    (12_000, 0),
    (42_000, 0),
    (42_240, 0),
    (42_000, 6000),
    (8500, 0),
]
STOPS = (MILL, STATION, CITY)
POLICY = Policy(lead_time_s=0, travel_factor=1.0)
EVENING_BEFORE = -6 * 3600
_METRES_PER_DEGREE = 111_195.0
_LAT = 48.0


def position(point: tuple[float, float]) -> tuple[float, float]:
    """Longitude and latitude of a point of the plane."""
    x, y = point
    return 8 + x / (_METRES_PER_DEGREE * cos(radians(_LAT))), _LAT + y / _METRES_PER_DEGREE


def told(time_s: int) -> str:
    """Time of day as people say it: "9:05"; seconds only where there are some."""
    hours, rest = divmod(time_s, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


@dataclass
class Valley:
    """The timetable beside the places of a day; asks and spells."""

    points: Sequence[tuple[float, float]]
    names: Sequence[str]
    timetable: Timetable
    lines: Lines

    def end(self, place: int, *, served: bool = True) -> End:
        """Return the door at a place; not ``served``: our buses do not come there."""
        return End(*position(self.points[place]), PlaceIndex(place) if served else None)

    def wish(self, request: Request, *, served: bool = True, **said: Any) -> JourneyWish:
        """Wish for a journey between the places of a request; ``served``: our buses go to the destination."""
        ends = self.end(request.origin), self.end(request.destination, served=served)
        return JourneyWish(*ends, request, **said)

    def ask(self, day: Any, wish: JourneyWish) -> tuple[Journey, ...]:
        """Answer a wish on a day, direct rides and all."""
        snapshot = Snapshot.at(day.state, day.now_s)
        known = None not in (wish.origin.place, wish.destination.place)
        direct = offers_for(snapshot, wish.party) if known else ()
        return journeys(snapshot, self.lines, wish, direct)

    def told(self, journey: Journey) -> str:
        """Spell a journey: rides with our bus in brackets, trips by name, walks in minutes."""
        parts = [self._offer(journey.first)] if journey.first else []
        parts += [self._leg(leg) for leg in journey.legs]
        parts += [self._offer(journey.last)] if journey.last else []
        return ", ".join(parts)

    def _offer(self, offer: Any) -> str:
        request = offer.request
        ends = f"{self.names[request.origin]}-{self.names[request.destination]}"
        return f"[{told(offer.planned_pickup_s)} {ends} {told(offer.planned_arrival_s)}]"

    def _leg(self, leg: Ride | Walk) -> str:
        if isinstance(leg, Walk):
            return f"walk {leg.seconds // 60}"
        ends = f"{leg.from_name}-{leg.to_name}"
        return f"{leg.trip_id} {told(leg.departure_s)} {ends} {told(leg.arrival_s)}"

    def late(self, trip: str, *delays: int, cancelled: bool = False) -> Lines:
        """Return the lines with a trip late by so many minutes on its calls, or cancelled."""
        number = self.timetable.trip_id.index(trip)
        update = TripUpdate(0, cancelled, tuple((60 * late, 60 * late) for late in delays))
        overlay = Overlay({(number, self.lines.day.day): update})
        return replace(
            self.lines, day=timetable_day(self.timetable, self.lines.day.day, overlay=overlay)
        )


def place_finder(points: Sequence[tuple[float, float]]) -> Callable[..., PlaceIndex | None]:
    """Find the place at a position."""
    known = {tuple(round(v, 6) for v in position(point)): k for k, point in enumerate(points)}

    def place_of(lon: float, lat: float) -> PlaceIndex | None:
        place = known.get((round(lon, 6), round(lat, 6)))
        return None if place is None else PlaceIndex(place)

    return place_of


@pytest.fixture(scope="session")
def valley_of(timetable_of: Callable[..., Timetable], trip: Any) -> Callable[..., Valley]:
    """Return a function that lays trips, written as (name, [(place, minute of the day)], ...), over points."""

    def built(
        points: Sequence[tuple[float, float]],
        names: Sequence[str],
        stops: Sequence[int],
        trips: Sequence[tuple[str, Sequence[tuple[int, int]]]],
        transfers: Sequence[tuple[int, int, int]] = (),
    ) -> Valley:
        days = {TUESDAY + timedelta(days=k) for k in (-1, 0, 1)}
        of_stop = {place: stop for stop, place in enumerate(stops)}
        rows = [
            trip([(of_stop[place], 60 * at, 60 * at) for place, at in calls], days)
            for _, calls in trips
        ]
        made = timetable_of(len(stops), rows, transfers)
        lon, lat = np.array([position(points[place]) for place in stops]).T
        titles = tuple(names[place] for place in stops)
        heads = tuple(names[calls[-1][0]] for _, calls in trips)
        timetable = replace(
            made,
            stop_id=titles,
            stop_name=titles,
            stop_lon=np.ascontiguousarray(lon),
            stop_lat=np.ascontiguousarray(lat),
            trip_id=tuple(name for name, _ in trips),
            trip_headsign=heads,
        )
        lines = Lines.of(timetable_day(timetable, TUESDAY), place_finder(points))
        return Valley(points, names, timetable, lines)

    return built


@pytest.fixture(scope="session")
def valley(valley_of: Callable[..., Valley]) -> Valley:
    """Return the valley: eastwards from the mill on the hour, westwards from the city at ten to."""
    trips = []
    for hour in range(8, 13):
        at = 60 * hour
        trips.append((f"east{hour}", [(MILL, at), (STATION, at + 10), (CITY, at + 40)]))
        trips.append((f"west{hour}", [(CITY, at + 50), (STATION, at + 80), (MILL, at + 90)]))
    return valley_of(POINTS, NAMES, STOPS, trips)


@pytest.fixture
def day(open_day: Callable[..., Any]) -> Any:
    """Return a day with a bus in the west and one in the city, from eight to three."""
    day = open_day(POINTS, POLICY)
    day.open("west", "08:00", "15:00", depot=DEPOT)
    day.open("east", "08:00", "15:00", depot=CITY)
    return day
