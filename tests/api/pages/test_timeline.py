"""The bars of the day: where they begin, how long and how high they are, what they say."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.i18n import language
from api.pages.control.timeline import Axis, rows
from api.schemas.answers import Spot
from api.schemas.fields import Passengers
from api.schemas.tours import AlightingAnswer, BoardingAnswer, ShiftAnswer, TourAnswer, VisitAnswer

SEVEN = datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
PLACE = Spot(label="Rathaus", lon=9.1, lat=48.4)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def rider(booking_id: str, **more: Any) -> dict[str, Any]:
    known = {"name": "x", "phone": None, "passengers": Passengers(), "status": "booked"}
    return {"booking_id": booking_id, **known, **more}


def visit(at: datetime, board: tuple[str, ...] = (), alight: tuple[str, ...] = ()) -> VisitAnswer:
    boarding = {"pickup_from": at, "pickup_until": at, "destination": "y"}
    return VisitAnswer(
        id=f"v{at:%H%M}",
        sequence=0,
        place=PLACE,
        arrive=at,
        depart=at + minutes(1),
        status="planned",
        board=tuple(BoardingAnswer(**rider(one), **boarding) for one in board),
        alight=tuple(AlightingAnswer(**rider(one), arrive_by=at) for one in alight),
    )


def tour(*visits: VisitAnswer, start: datetime = SEVEN, hours: float = 4) -> TourAnswer:
    shift = ShiftAnswer(
        id="frueh",
        vehicle="Bus 1",
        driver="A. Beck",
        start=start,
        end=start + minutes(60 * hours),
        start_place=PLACE,
        end_place=PLACE,
    )
    return TourAnswer(
        id="t", area_id="a", shift=shift, visits=visits, geometry=None, metres=0, seconds=0
    )


def test_axis_runs_over_full_hours() -> None:
    axis = Axis.over([tour(start=SEVEN + minutes(20), hours=3.5)])
    assert (axis.start, axis.end) == (SEVEN, SEVEN + minutes(4 * 60))
    assert [hour.label for hour in axis.hours(language("de"))] == [
        "7:00",
        "8:00",
        "9:00",
        "10:00",
        "11:00",
    ]
    assert Axis.over([tour(hours=4)]).end == SEVEN + minutes(4 * 60)


def test_bars_are_higher_the_more_are_aboard() -> None:
    busy = tour(
        visit(SEVEN + minutes(60), board=("a",)),
        visit(SEVEN + minutes(80), board=("b",)),
        visit(SEVEN + minutes(90), alight=("a", "b")),
        visit(SEVEN + minutes(120), board=("c",)),
        visit(SEVEN + minutes(130), alight=("c",)),
    )
    (row,) = rows([busy], Axis.over([busy]), language("de"))
    assert [bar.x for bar in row.bars] == [25.0, 33.33, 50.0]
    assert row.bars[0].height == row.bars[2].height < row.bars[1].height
    assert row.words == (
        "Bus 1, im Dienst von 7:00 bis 11:00 Uhr: 5 Halte zwischen 8:00 und 9:10 Uhr"
    )


def test_shift_nobody_booked_is_a_row_without_bars() -> None:
    (row,) = rows([tour()], Axis.over([tour()]), language("en"))
    assert row.bars == ()
    assert row.words == "Bus 1, on duty from 7:00 to 11:00: no rides"


def test_late_bus_stays_on_the_axis() -> None:
    late = tour(visit(SEVEN + minutes(4.5 * 60), board=("a",)))
    assert Axis.over([late]).end == SEVEN + minutes(5 * 60)


@given(st.integers(-500, 2_000), st.integers(0, 1_000))
def test_spans_stay_within_the_axis(start: int, length: int) -> None:
    """Law: whatever the times, a span begins on the axis and has some width."""
    axis = Axis.over([tour()])
    span = axis.span(SEVEN + minutes(start), SEVEN + minutes(start + length))
    assert 0 <= span.x <= 100
    assert span.width > 0
