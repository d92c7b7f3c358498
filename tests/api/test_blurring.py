"""Taking the person off a ride never changes what statistics count."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.store.blurring import blur_booking, blurred, blurred_payload, direct_m
from api.store.tables import BookingRow
from dispatch.model import LOAD_KINDS

COUNTED = (
    *LOAD_KINDS,
    *("id", "area_id", "service_date", "time_kind", "time_at", "pickup_from", "pickup_until"),
    *(
        "arrive_by",
        "ride_at_most_s",
        "shift_id",
        "status",
        "fare_cents",
        "created_at",
        "changed_at",
    ),
)
NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)
lons, lats = st.floats(-180, 180), st.floats(-85, 85)
words = st.text(st.characters(categories=["L"]), min_size=12, max_size=30)
details = st.fixed_dictionaries(
    {},
    optional={
        "walk_to_s": st.integers(1, 999),
        "needs": st.lists(st.sampled_from(["lift", "low_floor"])),
        "purpose": st.just("medical"),
        "return_of": st.just("another"),
        "stranded_at": st.tuples(lons, lats).map(list),
        "driving_s": st.integers(1, 9999),
        "connection": st.builds(
            lambda word: {
                "to_line": True, "trip": word, "service_day": "2026-03-30", "stop": word,
                "line": word, "time_s": 43_200, "transfer_s": 180,
            },
            words,
        ),
    },
)  # fmt: skip


@st.composite
def rides(draw: st.DrawFn) -> BookingRow:
    """Draw a booking with anything in it."""
    moments = [NOON + timedelta(minutes=draw(st.integers(-900, 900))) for _ in range(3)]
    return BookingRow(
        id=draw(words),
        code="K7M-3QP",
        area_id="talheim",
        service_date=date(2026, 3, 30),
        name=draw(words),
        phone=draw(st.none() | st.just("+4971234567")),
        origin_lon=draw(lons),
        origin_lat=draw(lats),
        origin_label=draw(words),
        destination_lon=draw(lons),
        destination_lat=draw(lats),
        destination_label=draw(words),
        time_kind=draw(st.sampled_from(["depart_at", "arrive_by"])),
        time_at=moments[0],
        **{kind: draw(st.integers(0, 9)) for kind in LOAD_KINDS},
        pickup_from=moments[1],
        pickup_until=moments[1],
        arrive_by=moments[2],
        ride_at_most_s=draw(st.integers(0, 9999)),
        shift_id="frueh",
        status=draw(st.sampled_from(["booked", "done", "no_show", "cancelled"])),
        fare_cents=draw(st.integers(0, 9999)),
        details=draw(details),
        created_at=NOON,
        changed_at=NOON,
    )


def counted(row: BookingRow) -> dict[str, Any]:
    """Everything statistics count of a ride."""
    kept = ("walk_to_s", "needs", "purpose", "return_of", "driving_s")
    meets = row.details.get("connection", {})
    return (
        {name: getattr(row, name) for name in COUNTED}
        | {name: row.details.get(name) for name in kept}
        | {"metres": direct_m(row), "meets": [meets.get(k) for k in ("to_line", "time_s")]}
    )


@given(rides())
def test_what_is_counted_is_the_same_before_and_after(row: BookingRow) -> None:
    """Law: times, loads, status, fares, flags and distances survive, however often a ride is blurred."""
    before = counted(row)
    for _ in range(2):
        blur_booking(row)
        assert counted(row) == before


@given(rides())
def test_nothing_of_the_person_stays(row: BookingRow) -> None:
    """Law: no text somebody wrote and no exact place is left."""
    secrets = {row.name, row.origin_label, row.destination_label, "+4971234567", "K7M-3QP"}
    secrets |= {row.details.get("connection", {}).get("line", row.name)}
    key = row.id
    blur_booking(row)
    left = json.dumps(row.model_dump(mode="json", exclude={"id", "code"}), ensure_ascii=False)
    assert not [secret for secret in secrets - {key} if secret in left]
    assert (row.code, row.phone) == (key, None)
    places = row.origin_lon, row.origin_lat, row.destination_lon, row.destination_lat
    assert all(place == blurred(place) for place in places)
    assert all(place == blurred(place) for place in row.details.get("stranded_at", ()))


def test_a_ticket_in_the_log_loses_its_places_and_keeps_its_figures() -> None:
    spot = {"label": "Haus am Hang 7b", "lon": 9.1003, "lat": 48.4002}
    meets = {"line": "Bus 7 nach Markt", "trip": "t", "stop": "rh", "time_s": 1, "to_line": True}
    ticket = {"booking": "b", "origin": spot, "fare_cents": 200, "details": {"connection": meets}}
    said = json.loads(blurred_payload(json.dumps(ticket)))
    assert said["origin"] == {"label": "48.4, 9.1", "lon": 9.1, "lat": 48.4}
    assert (said["booking"], said["fare_cents"]) == ("b", 200)
    empty = {"line": "", "trip": "", "stop": ""}
    assert said["details"]["connection"] == meets | empty


def test_metres_are_metres() -> None:
    """A hundredth of a degree of latitude is 1,112 m."""
    ends = {"origin_lon": 9.1, "origin_lat": 48.4, "destination_lon": 9.1, "destination_lat": 48.41}
    assert direct_m(BookingRow(**ends, details={})) == 1112
