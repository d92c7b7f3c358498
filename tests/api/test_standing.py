"""Standing orders: every due date becomes one booking or one task, whatever happens to the job."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api import standing_booking
from api.people.this_machine import AT_THIS_MACHINE
from api.standing_booking import book_due
from dispatch.model import RideStatus
from dispatch.verify import verify
from regions.region import Region
from tests.api.persons import HOME, SHOP
from tests.api.test_riders import add, order

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
HORIZON = timedelta(days=14)


def due(server: Any) -> tuple[int, int]:
    return book_due(server.services.context)


def show(server: Any, made: dict[str, Any]) -> dict[str, Any]:
    return dict(server.client.get(f"/v1/standing-orders/{made['id']}").json())


def patch(server: Any, made: dict[str, Any], **change: Any) -> Any:
    return server.client.patch(f"/v1/standing-orders/{made['id']}", json=change)


def keys(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(ride["date"], ride["direction"]) for ride in told["rides"]]


def with_rules(region: Region, **rules: Any) -> dict[str, Region]:
    area = region.areas["talheim"]
    changed = replace(area, policy=replace(area.policy, **rules))
    return {"talheim": replace(region, areas={"talheim": changed})}


def plans(server: Any) -> list[Any]:
    """Every stored day's state; each passes the checker."""
    context = server.services.context
    with context.database.reading() as reader:
        days = reader.days_from(date(2026, 1, 1))
    states = []
    for area_id, day in days:
        with context.days.locked(area_id, day) as slot, context.database.reading() as reader:
            state = slot.present(reader).state
        assert verify(state) == ()
        states.append(state)
    return states


@BOTH
def test_each_date_within_the_horizon_is_booked_there_and_back(server: Any) -> None:
    made = order(server, add(server).json()["id"])
    assert due(server) == (8, 0)
    told = show(server, made)
    dates = ["2026-03-31", "2026-04-02", "2026-04-07", "2026-04-09"]
    assert keys(told) == [(day, way) for day in dates for way in ("there", "back")]
    assert {ride["state"] for ride in told["rides"]} == {"booked"}
    there, back = told["rides"][:2]
    booking = server.client.get(f"/v1/bookings/{there['booking_id']}").json()
    assert booking["promise"]["pickup_from"] == server.at("09:30", date(2026, 3, 31))
    assert (booking["origin"]["label"], booking["destination"]["label"]) == (HOME, SHOP)
    home = server.client.get(f"/v1/bookings/{back['booking_id']}").json()
    assert home["destination"]["label"] == HOME
    assert home["promise"]["pickup_from"] >= server.at("12:00", date(2026, 3, 31))
    assert due(server) == (0, 0)
    server.clock.move(days=2)
    assert due(server) == (2, 0)  # the 14th of April has come within 14 days
    assert all(b.request.standing for s in plans(server) for b in s.bookings.values())


@BOTH
def test_a_way_there_that_is_cancelled_takes_its_way_back_along_and_is_not_booked_again(
    server: Any,
) -> None:
    made = order(server, add(server).json()["id"])
    due(server)
    there, back = show(server, made)["rides"][:2]
    server.client.delete(f"/v1/bookings/{there['booking_id']}")
    gone = server.client.get(f"/v1/bookings/{back['booking_id']}").json()
    assert gone["status"] == "cancelled"
    assert due(server) == (0, 0)


def random_orders(server: Any, rng: random.Random) -> dict[str, dict[str, Any]]:
    """Make five orders of five riders; their series by id."""
    wished: dict[str, dict[str, Any]] = {}
    for number in range(5):
        rider = add(server, phone=f"07123 45{number:02}0", name=f"Gast {number}").json()
        days = rng.sample(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], rng.randint(1, 4))
        series = {
            "weekdays": days,
            "depart_at": f"{rng.randint(6, 12):02}:{rng.choice([0, 20, 40]):02}",
            "return_at": rng.choice([None, "12:45", "14:00"]),
            "passengers": {"seat": rng.choice([1, 2, 5])},
            "origin": server.place(rng.randrange(8), rng.randrange(8)),
            "destination": server.place(rng.randrange(8), rng.randrange(8), "Ziel"),
            "tolerance_min": rng.choice([0, 20, 90]),
        }
        made = order(server, rider["id"], series=series)
        wished[made["id"]] = made["series"] | {"id": made["id"]}
    return wished


def expected_dates(
    server: Any, wished: dict[str, dict[str, Any]], begun: datetime
) -> Counter[tuple[str, date, str]]:
    """Recount which dates have come within the horizon."""
    now, expected = server.clock.now(), Counter[tuple[str, date, str]]()
    for made in wished.values():
        for ahead in range(40):
            day = begun.date() + timedelta(days=ahead)
            if ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()] not in made["weekdays"]:
                continue
            ways = {"there": made["depart_at"], "back": made["return_at"]}
            for way, clock in ways.items():
                if clock and begun < datetime.fromisoformat(server.at(clock, day)) <= now + HORIZON:
                    expected[made["id"], day, way] += 1
    return expected


@pytest.mark.parametrize("seed", range(6))
def test_every_due_date_becomes_one_booking_or_one_task(
    start: Any, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random orders on a small bus; the job dies in the middle, runs twice, days pass, the server restarts."""
    rng = random.Random(seed)
    server = start()
    begun = server.clock.now()
    wished = random_orders(server, rng)
    real = standing_booking._settle
    for _ in range(4):
        fuse = rng.randrange(6)

        def dies(context: Any, area: Any, one: Any) -> Any:
            nonlocal fuse
            fuse -= 1
            if fuse == 0:
                raise RuntimeError("killed")
            return real(context, area, one)

        monkeypatch.setattr(standing_booking, "_settle", dies)
        try:
            due(server)
        except RuntimeError:
            server = start(now=server.clock.now())
        monkeypatch.setattr(standing_booking, "_settle", real)
        due(server)
        assert due(server) == (0, 0)
        server.clock.move(days=rng.randint(0, 2), hours=rng.randint(0, 9))
    due(server)
    expected = expected_dates(server, wished, begun)
    with server.services.context.database.reading() as reader:
        rows = reader.standing_rides(list(wished), date.min)
        bookings = {
            row.booking_id: reader.booking(row.booking_id) for row in rows if row.booking_id
        }
    assert Counter((row.order_id, row.service_date, row.direction) for row in rows) == expected
    standing = [b for state in plans(server) for b in state.bookings.values() if b.request.standing]
    assert {str(b.id) for b in standing} == set(bookings)
    for row in rows:
        assert (row.rule is None) == (row.booking_id is not None)
        if row.booking_id:
            made, booked = wished[row.order_id], bookings[row.booking_id]
            clock = made["depart_at"] if row.direction == "there" else made["return_at"]
            off = booked.pickup_from - datetime.fromisoformat(server.at(clock, row.service_date))
            assert abs(off) <= timedelta(minutes=made["tolerance_min"])


@pytest.mark.parametrize("share", [0.03, 0.08, 0.15])
def test_standing_orders_never_fill_more_than_their_share(
    start: Any, region: Region, share: float
) -> None:
    server = start(regions=with_rules(region, standing_share=share))
    for number in range(12):
        rider = add(server, phone=f"07123 45{number:02}0", name=f"Gast {number}").json()
        series = {
            "weekdays": ["TU"],
            "depart_at": f"{7 + number // 3:02}:00",
            "return_at": None,
            "origin": server.place(0, number % 8),
            "destination": server.place(7, (number * 3) % 8),
            "tolerance_min": 60,
        }
        order(server, rider["id"], series=series)
    booked, refused = due(server)
    assert booked + refused == 24
    assert refused
    with server.services.context.database.reading() as reader:
        orders = [row.id for row in reader.orders_in(["talheim"], ended=False)]
        rules = {row.rule for row in reader.standing_rides(orders, date.min) if row.rule}
    assert "standing_quota" in rules
    for state in plans(server):
        for shift in state.shifts.values():
            carried = [
                b.request
                for b in state.bookings.values()
                if b.request.standing and b.shift == shift.id and b.status is RideStatus.BOOKED
            ]
            filled = sum(
                state.policy.driving_s(int(state.travel.seconds[r.origin, r.destination]))
                for r in carried
            )
            assert filled <= share * (shift.end_s - shift.start_s)
    casual = server.ask(
        server.place(0, 0), server.place(4, 4), depart_at=server.at("08:00", date(2026, 3, 31))
    )
    assert casual["offers"]  # who calls once still finds room


def test_a_refused_date_is_a_task_until_it_is_settled(server: Any) -> None:
    made = order(
        server, add(server).json()["id"], series={"weekdays": ["SA"]}
    )  # no bus on Saturdays
    assert due(server) == (0, 4)
    told = show(server, made)
    task = told["rides"][0]
    assert (task["state"], task["rule"], task["settled_at"]) == ("refused", "no_shift", None)
    assert task["reason"].endswith(".")
    url = f"/v1/standing-orders/{made['id']}/settle"
    body = {"date": task["date"], "direction": "there"}
    settled = server.client.post(url, json=body).json()["rides"][0]
    assert settled["settled_at"] == server.at("06:00")
    assert server.client.post(url, json=body).status_code == 200
    body["date"] = "2026-04-05"
    assert server.client.post(url, json=body).json()["code"] == "task-unknown"
    assert len(server.services.refusals(AT_THIS_MACHINE, date(2026, 4, 4)).refusals) == 2


def test_pauses_skips_and_ends_leave_dates_out(server: Any) -> None:
    rider = add(server).json()
    paused = order(server, rider["id"], series={"return_at": None})
    assert patch(server, paused, pause=["2026-04-01", "2026-04-06"]).status_code == 200
    skipped = order(server, rider["id"], series={"depart_at": "08:00", "return_at": None})
    patch(server, skipped, skipped=["2026-04-07"])
    ended = order(server, rider["id"], series={"depart_at": "07:30", "return_at": None})
    patch(server, ended, state="ended")
    assert patch(server, ended, state="active").json()["code"] == "standing-order-ended"
    due(server)
    assert [day for day, _ in keys(show(server, paused))] == [
        "2026-03-31",
        "2026-04-07",
        "2026-04-09",
    ]
    assert [day for day, _ in keys(show(server, skipped))] == [
        "2026-03-31",
        "2026-04-02",
        "2026-04-09",
    ]
    assert keys(show(server, ended)) == []
    patch(server, paused, pause=None)
    assert due(server) == (1, 0)
    listed = server.client.get("/v1/standing-orders?area_id=talheim").json()["standing_orders"]
    assert {each["id"] for each in listed} == {paused["id"], skipped["id"]}
    assert patch(server, {"id": "nobody"}, state="ended").json()["code"] == "standing-order-unknown"


def test_another_time_holds_for_dates_not_yet_booked(server: Any) -> None:
    made = order(server, add(server).json()["id"], series={"return_at": None})
    due(server)
    ends = {"origin": server.place(0, 0, HOME), "destination": server.place(4, 4, SHOP)}
    series = {"weekdays": ["TU"], "depart_at": "11:00"} | ends
    told = patch(server, made, series=series).json()
    assert len(told["rides"]) == 4  # these stay and are listed
    server.clock.move(days=7)
    due(server)
    (new,) = [r for r in show(server, made)["rides"] if r["date"] > "2026-04-09"]
    booking = server.client.get(f"/v1/bookings/{new['booking_id']}").json()
    assert booking["promise"]["pickup_from"] == server.at("11:00", date(2026, 4, 14))


def test_closed_days_are_left_out_or_become_tasks(start: Any, region: Region) -> None:
    server = start(regions=with_rules(region, closed_days=frozenset({date(2026, 4, 2)})))
    rider = add(server).json()["id"]
    left_out = order(server, rider, series={"return_at": None})
    told = order(
        server, rider, series={"return_at": None, "depart_at": "08:00", "skip_closed": False}
    )
    due(server)
    assert "2026-04-02" not in [day for day, _ in keys(show(server, left_out))]
    (closed,) = [ride for ride in show(server, told)["rides"] if ride["date"] == "2026-04-02"]
    assert (closed["state"], closed["rule"]) == ("refused", "closed_day")


@pytest.mark.parametrize(
    ("now", "sunday"),
    [
        (datetime(2026, 3, 23, 5, tzinfo=UTC), "2026-03-29"),
        (datetime(2026, 10, 19, 5, tzinfo=UTC), "2026-10-25"),
    ],
)
def test_clocks_that_change_move_no_ride_and_lose_none(
    start: Any, now: datetime, sunday: str
) -> None:
    server = start(now=now)
    rider = add(server).json()["id"]
    day = date.fromisoformat(sunday)
    usual = order(
        server,
        rider,
        valid_from=sunday,
        valid_until=sunday,
        series={"weekdays": ["SU"], "return_at": None},
    )
    night = {"weekdays": ["SU"], "return_at": None, "depart_at": "02:30"}
    odd = order(server, rider, valid_from=sunday, valid_until=sunday, series=night)
    due(server)
    due(server)
    (ride,) = show(server, usual)["rides"]
    booking = server.client.get(f"/v1/bookings/{ride['booking_id']}").json()
    assert booking["promise"]["pickup_from"] == server.at("09:30", day)
    (task,) = show(server, odd)["rides"]
    assert (task["date"], task["rule"]) == (sunday, "clock-change")


def miss(server: Any, day: date) -> None:
    """Let the bus wait for nobody at every halt of a day."""
    for tour in server.tours(day)["tours"]:
        for visit in tour["visits"]:
            for kind, at in (("arrived", visit["arrive"]), ("departed", visit["depart"])):
                gone = (
                    [rider["booking_id"] for rider in visit["board"]] if kind == "departed" else []
                )
                body = {"event_id": str(uuid4()), "type": kind, "at": at, "no_shows": gone}
                url = f"/v1/tours/{tour['id']}/visits/{visit['id']}/events"
                answer = server.client.post(url, json=body)
                assert answer.status_code in (200, 404), answer.text  # halts nobody leaves at go


def test_missed_rides_pause_the_series_until_somebody_says_go_on(server: Any) -> None:
    made = order(server, add(server).json()["id"], series={"return_at": None})
    due(server)
    for day in (date(2026, 3, 31), date(2026, 4, 2), date(2026, 4, 7)):
        server.clock.instant = datetime.fromisoformat(server.at("14:00", day)).astimezone(UTC)
        miss(server, day)
        if day != date(2026, 4, 7):
            due(server)
            assert show(server, made)["state"] == "active"
    before = len(show(server, made)["rides"])
    server.clock.move(days=2)
    assert due(server) == (0, 0)
    told = show(server, made)
    assert (told["state"], told["paused_by_rule"]) == ("paused", True)
    assert len(told["rides"]) <= before
    patch(server, made, state="active")
    assert due(server)[0] > 0
    assert show(server, made)["state"] == "active"
