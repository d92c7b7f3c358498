"""Tours that change again and again: the database has what was decided last, nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.schemas.answers import Spot
from api.servicetime import ServiceDay
from api.store.database import Database
from api.store.mapping import Person, booking_row, shift_row, tour_id, tour_of
from api.store.tables import AreaRow
from api.store.tour_changes import tour_change
from dispatch.model import (
    Booking,
    BookingId,
    PlaceIndex,
    Promise,
    Request,
    Shift,
    ShiftId,
    TimeKind,
    Tour,
    VehicleId,
    Visit,
    VisitId,
    VisitStatus,
    load_of,
)

NOW = datetime(2026, 3, 30, 4, tzinfo=UTC)
SERVICE = ServiceDay(date(2026, 3, 30), ZoneInfo("Europe/Berlin"))
ENDS = Spot(label="A", lon=9.0, lat=48.0), Spot(label="B", lon=9.001, lat=48.0)
RIDES = [BookingId(f"ride-{k}") for k in range(4)]
SHIFTS = [ShiftId("early"), ShiftId("late")]


def position(place: int) -> tuple[float, float]:
    """Put place 0 at 9.0 degrees east, each further one 0.001 degrees on."""
    return round(9.0 + place / 1000, 3), 48.0


def place_of(lon: float, _lat: float) -> PlaceIndex:
    """Undo ``position``."""
    return PlaceIndex(round((lon - 9.0) * 1000))


def booking(key: BookingId) -> Booking:
    """Return a ride from place 0 to place 1."""
    request = Request(key, PlaceIndex(0), PlaceIndex(1), TimeKind.DEPART_AT, 0, load_of(seat=1))
    return Booking(key, request, Promise(0, 600, 1200, 900), SHIFTS[0], 0)


BOOKINGS = {key: booking(key) for key in RIDES}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Open a database with an area and four bookings."""
    opened = Database(f"sqlite:///{tmp_path_factory.mktemp('tours') / 'test.sqlite'}")
    opened.migrate()
    area = AreaRow(id="talheim", operator_id=0, name="T", time_zone="Europe/Berlin")
    opened.write(lambda writer: writer.put_area(area, "Verein"))
    for key in RIDES:
        row = booking_row(
            BOOKINGS[key], Person(key, "A", None), ENDS, "talheim", SERVICE, position, NOW
        )
        opened.write(lambda writer, row=row: writer.add(row))  # type: ignore[misc]
    yield opened
    opened.close()


@st.composite
def two_tours(draw: st.DrawFn) -> dict[ShiftId, Tour]:
    """Put each ride on one of two tours or none, at visits whose ids stay the same from day to day."""
    tours = {}
    on = {key: draw(st.sampled_from([None, *SHIFTS])) for key in RIDES}
    for shift in SHIFTS:
        riders = draw(st.permutations([key for key in RIDES if on[key] == shift]))
        board = [_visit(draw, f"{shift}-{k}", board=(key,)) for k, key in enumerate(riders)]
        alight = _visit(draw, f"{shift}-last", alight=tuple(draw(st.permutations(riders))))
        tours[shift] = Tour(shift, (*board, alight))
    return tours


def _visit(draw: st.DrawFn, name: str, **riders: Any) -> Visit:
    place, arrive_s = draw(st.integers(0, 3)), draw(st.integers(0, 80_000))
    return Visit(VisitId(name), PlaceIndex(place), arrive_s, arrive_s + 60, **riders)


@given(plans=st.lists(two_tours(), min_size=1, max_size=4))
def test_the_database_has_the_last_plan(
    database: Database, plans: list[dict[ShiftId, Tour]]
) -> None:
    """Whoever changes buses is never on two."""
    known: dict[ShiftId, Tour] = stored(database)
    for plan in plans:
        put(database, known, plan)
        known = stored(database)
        assert known == plan


def put(database: Database, known: dict[ShiftId, Tour], plan: dict[ShiftId, Tour]) -> None:
    """Write down a plan."""
    changes = []
    for key, tour in plan.items():
        shift = Shift(key, VehicleId("bus"), "", 0, 1, PlaceIndex(0), PlaceIndex(1))
        row = None if key in known else shift_row(shift, ENDS, "talheim", SERVICE, position)
        name = tour_id("talheim", SERVICE.day, key)
        both = known.get(key), tour
        changes.append(tour_change(name, row, both, (BOOKINGS, BOOKINGS), SERVICE, position))
    database.write(lambda writer: writer.put_tours(changes))


def stored(database: Database) -> dict[ShiftId, Tour]:
    """Read the tours back."""
    with database.reading() as reader:
        rows = reader.tours(SERVICE.day)
    tours = (tour_of(each, place_of, SERVICE) for each in rows)
    return {tour.shift: tour for tour in tours}


def test_what_was_planned_stays_once_the_bus_was_there(database: Database) -> None:
    """Lateness is told against the plan, not against what happened."""
    visit = Visit(VisitId("early-last"), PlaceIndex(1), 600, 660)
    plan = {ShiftId("early"): Tour(ShiftId("early"), (visit,))}
    put(database, stored(database), plan)
    there = replace(visit, arrive_s=900, depart_s=990, status=VisitStatus.DEPARTED)
    put(database, plan, {ShiftId("early"): Tour(ShiftId("early"), (there,))})
    with database.reading() as reader:
        ((row,),) = [
            each.visits for each in reader.tours(SERVICE.day) if each.tour.shift_id == "early"
        ]
    assert (row.arrive, row.depart) == (SERVICE.instant(900), SERVICE.instant(990))
    assert (row.planned_arrive, row.planned_depart) == (SERVICE.instant(600), SERVICE.instant(660))


HALTS = [Visit(VisitId(f"halt-{k}"), PlaceIndex(k % 4), 60 * k, 60 * k + 30) for k in range(9)]
"""Halts that look the same wherever they stand."""

some_halts = st.lists(st.sampled_from(HALTS), unique=True, max_size=9)
in_order = some_halts.map(lambda halts: sorted(halts, key=lambda visit: visit.arrive_s))


@given(orders=st.lists(in_order | some_halts, min_size=1, max_size=6))
def test_halts_keep_their_order(database: Database, orders: list[list[Visit]]) -> None:
    """Halts come, go and change places; those that only move are not written anew."""
    for order in orders:
        known = stored(database)
        rest = {key: Tour(key) for key in SHIFTS}
        put(database, known, rest | {SHIFTS[0]: Tour(SHIFTS[0], tuple(order))})
        assert list(stored(database).get(SHIFTS[0], Tour(SHIFTS[0])).visits) == order


def test_a_new_halt_moves_those_behind_it_in_one_go() -> None:
    before, after = (Tour(SHIFTS[0], tuple(halts)) for halts in (HALTS[:2] + HALTS[4:], HALTS))
    change = tour_change("t", None, (before, after), (BOOKINGS, BOOKINGS), SERVICE, position)
    assert change.moved == [(2, 6, 2)]
    assert [visit["id"] for visit in change.visits] == ["halt-2", "halt-3"]
    back = tour_change("t", None, (after, before), (BOOKINGS, BOOKINGS), SERVICE, position)
    assert back.moved == [(4, 8, -2)]
    assert back.visits == []
    assert back.gone == ["halt-2", "halt-3"]
