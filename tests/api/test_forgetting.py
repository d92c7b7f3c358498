"""Names and places go when they are no longer needed, and everything goes on without them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from api.forgetting import forget_old
from api.health import check_stored_plans
from api.jobs import tidy
from api.store.reader import DrivenRide
from regions.privacy import Privacy
from tests.api.persons import HOME, MONDAY, NAME, PHONE, SHOP, book, drive, past, stored

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)


def driven(server: Any) -> tuple[DrivenRide, ...]:
    """Return what is learnt from."""
    with server.services.context.database.reading() as reader:
        rides: tuple[DrivenRide, ...] = reader.driven("talheim", date(2026, 1, 1), 10)
        return rides


@BOTH
def test_rides_lose_their_persons_after_ninety_days(server: Any) -> None:
    book(server)
    past(server, days=90)
    assert NAME in stored(server)
    assert forget_old(server.services.context) == 0
    server.clock.move(days=1)
    tidy(server.services.context)  # kept answers
    assert forget_old(server.services.context) == 1
    everything = stored(server)
    for secret in (NAME, PHONE, HOME, SHOP, "9.1003", "48.4002"):
        assert secret not in everything
    assert "persons_forgotten" in everything
    assert forget_old(server.services.context) == 0  # running twice changes nothing more
    assert stored(server) == everything


@BOTH
def test_what_is_counted_stays(server: Any) -> None:
    book(server)
    past(server)
    tours, (before,) = server.tours(), driven(server)
    bookings = server.client.get("/v1/bookings", params={"date": MONDAY.isoformat()}).json()
    server.clock.move(days=90)
    forget_old(server.services.context)
    after = server.tours()
    assert after["version"] == tours["version"] + 1
    (tour,), (told,) = after["tours"], tours["tours"]
    for key in ("metres", "seconds", "shift"):
        assert tour[key] == told[key]
    assert tour["metres"] > 0
    assert tour["geometry"] is None
    times = [(v["arrive"], v["depart"], v["status"]) for v in told["visits"]]
    assert [(v["arrive"], v["depart"], v["status"]) for v in tour["visits"]] == times
    (ride,) = driven(server)
    assert ride.seconds == before.seconds
    assert ride.driving_s is not None
    assert ride.driving_s > 0
    answer = server.client.get("/v1/bookings", params={"date": MONDAY.isoformat()}).json()
    (booking,), (known,) = answer["bookings"], bookings["bookings"]
    assert (booking["name"], booking["phone"]) == ("-", None)
    assert booking["origin"] == {"label": "48.4, 9.1", "lon": 9.1, "lat": 48.4}
    for key in ("status", "promise", "passengers", "planned_pickup", "fare_cents", "created_at"):
        assert booking[key] == known[key]


@BOTH
def test_a_closed_day_takes_no_changes_and_breaks_nothing(server: Any, start: Any) -> None:
    booking = book(server)
    tour = server.tours()["tours"][0]
    past(server, days=91)
    forget_old(server.services.context)
    visit = tour["visits"][0]["id"]
    report = {"event_id": "0b3f8f36-6f52-4f5e-9d53-2b0f5d9f6a11", "type": "arrived"}
    answers = (
        server.client.delete(f"/v1/bookings/{booking['id']}"),
        server.client.get(f"/v1/tours/{tour['id']}/directions"),
        server.client.post(
            f"/v1/tours/{tour['id']}/visits/{visit}/events",
            json=report | {"at": server.at("09:00")},
        ),
    )
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(409, "day-closed")}
    assert server.client.get("/leitstelle?datum=2026-03-30").status_code == 200
    assert server.client.get(f"/buchung/{booking['id']}").status_code == 200
    shown = server.tours()
    assert start(now=server.clock.now()).tours() == shown


def test_the_doctor_leaves_closed_days_alone(
    server: Any, region: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.health.open_regions", lambda _: {"talheim": region})
    book(server)
    past(server, days=91)
    assert len(check_stored_plans(server.settings)) == 1
    forget_old(server.services.context)
    assert check_stored_plans(server.settings) == []


def test_the_area_says_how_long(start: Any, region: Any) -> None:
    area = replace(region.areas["talheim"], privacy=Privacy(rides_named_days=5))
    server = start(regions={"talheim": replace(region, areas={"talheim": area})})
    book(server)
    past(server, days=5)
    assert forget_old(server.services.context) == 0
    server.clock.move(days=1)
    assert forget_old(server.services.context) == 1


def test_areas_no_longer_served_forget_as_usual(server: Any) -> None:
    book(server)
    past(server, days=91)
    context = server.services.context
    tidy(context)
    assert forget_old(replace(context, regions={})) == 1
    assert NAME not in stored(server)


@BOTH
def test_refusals_lose_their_addresses(server: Any) -> None:
    server.ask(server.place(0, 0, HOME), server.place(4, 4), depart_at=server.at("23:00"))
    server.clock.move(days=31)
    tidy(server.services.context)
    everything = stored(server)
    assert HOME not in everything
    assert "9.1003" not in everything
    assert "48.4" in everything


def test_the_day_in_memory_goes_with_the_names(server: Any) -> None:
    book(server)
    past(server)
    server.tours()
    forget_old(replace(server.services.context, clock=_later(server)))
    with server.services.context.days.locked("talheim", MONDAY) as slot:
        assert slot._day is None
        assert slot._stored is None


def _later(server: Any) -> Any:
    return type(server.clock)(server.clock.now() + timedelta(days=100))


def test_days_are_forgotten_one_by_one(server: Any) -> None:
    book(server)
    book(server, day=date(2026, 3, 31))
    server.clock.move(days=1, hours=6)
    drive(server)
    drive(server, date(2026, 3, 31))
    server.clock.move(days=90)
    assert forget_old(server.services.context) == 1
    assert NAME in stored(server)
