"""A country with roads, houses and lines, and a day of volunteer buses in it."""

import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.sources import sample_files
from dispatch.connections.found import JourneyWish
from dispatch.connections.lines import End, Lines
from dispatch.engine import decide
from dispatch.events import OffersMade, OfferTaken, RideRequested, ShiftOpened, State
from dispatch.model import (
    BookingId,
    Limit,
    PlaceIndex,
    Request,
    Shift,
    ShiftId,
    TimeKind,
    Travel,
    Vehicle,
    VehicleId,
    load_of,
)
from dispatch.policy import Policy
from gtfs.days import timetable_day
from regions.build import Sources, build_region
from regions.region import Region
from routing.errors import NoRoad
from routing.travel_times import TravelTimes

OPEN_S, CLOSE_S = 7 * 3600, 19 * 3600
EVENING_BEFORE_S = -6 * 3600
_SNAP_M = 250
_TUESDAY = 1


@contextmanager
def country(options: Namespace) -> Iterator[Region]:
    """Build the region of ``--osm`` and ``--gtfs``, or an invented one."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "region"
        if options.osm is not None and options.gtfs is not None:
            yield build_region(Sources(osm=options.osm, gtfs=(options.gtfs,)), target)
            return
        with sample_files() as files:
            sources = Sources(files.osm, (files.gtfs,), files.areas, invented=True)
            yield build_region(sources, target)


@dataclass(slots=True)
class Country:
    """A day of buses in a region.

    Parameters
    ----------
    region
        Roads, houses and timetable.
    state
        The day's tours.
    lines
        The day's timetable.
    """

    region: Region
    state: State
    lines: Lines
    times: TravelTimes
    houses: list[tuple[float, float]]
    random: np.random.Generator
    asked: int = field(default=0)

    def wish(self, time_s: int, kind: TimeKind = TimeKind.DEPART_AT) -> JourneyWish:
        """Draw two houses and ask for a journey between them."""
        self.asked += 1
        ends = [End(*self._house()) for _ in range(2)]
        ends = [replace(end, place=self.place(end.lon, end.lat)) for end in ends]
        at = ends[0].place, ends[1].place
        assert at[0] is not None and at[1] is not None  # noqa: S101, PT018  # drawn that way
        request = Request(BookingId(f"q{self.asked}"), at[0], at[1], kind, time_s, load_of(seat=1))
        return JourneyWish(ends[0], ends[1], request)

    def place(self, lon: float, lat: float) -> PlaceIndex | None:
        """Return the place of a position, None far from all roads."""
        try:
            place = self.times.add(self.region.snapper.snap(lon, lat, _SNAP_M))
        except NoRoad:
            return None
        self.state = replace(self.state, travel=Travel(self.times.seconds, self.times.metres))
        return PlaceIndex(place)

    def _house(self) -> tuple[float, float, PlaceIndex]:
        while True:
            lon, lat = self.houses[int(self.random.integers(len(self.houses)))]
            place = self.place(lon, lat)
            if place is not None:
                return lon, lat, place


def day_in(region: Region, shifts: int, rides: int, seed: int, policy: Policy) -> Country:
    """Open shifts at lines' stops all over the country, and book rides between houses.

    The day is the first Tuesday of the timetable.
    """
    assert region.timetable is not None  # noqa: S101  # built with one
    random = np.random.default_rng(seed)
    day = date.fromordinal(region.timetable.first_day)
    day += timedelta(days=(_TUESDAY - day.weekday()) % 7)
    times = TravelTimes(region.search)
    houses = [(house.lon, house.lat) for house in region.addresses.houses()]
    state = State(policy, Travel(times.seconds, times.metres))
    lines = Lines(timetable_day(region.timetable, day), np.zeros(0, np.int64))
    made = Country(region, state, lines, times, houses, random)
    made.lines = Lines.of(lines.day, made.place)
    for number in range(shifts):
        limits = (Limit(load_of(seat=1, wheelchair=2), 8), Limit(load_of(wheelchair=1), 1))
        vehicle = Vehicle(VehicleId(f"bus-{number}"), "", limits)
        depot = PlaceIndex(int(made.lines.place[made.lines.served[_spread(number, shifts, made)]]))
        shift = Shift(ShiftId(f"s{number}"), vehicle.id, "", OPEN_S, CLOSE_S, depot, depot)
        made.state, _ = decide(made.state, ShiftOpened(shift, vehicle), EVENING_BEFORE_S)
    _book(made, rides)
    return made


def _spread(number: int, shifts: int, made: Country) -> int:
    """Spread depots over the stops in the order of the timetable."""
    return (2 * number + 1) * len(made.lines.served) // (2 * shifts)


def _book(made: Country, rides: int) -> None:
    booked = 0
    while booked < rides:
        time_s = int(made.random.integers(OPEN_S // 300, (CLOSE_S - 3600) // 300)) * 300
        party = made.wish(time_s).party
        _, (answer,) = decide(made.state, RideRequested(party), EVENING_BEFORE_S)
        if isinstance(answer, OffersMade):
            made.state, _ = decide(made.state, OfferTaken(answer.offers[0]), EVENING_BEFORE_S)
            booked += 1
