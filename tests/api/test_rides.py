"""A ride from wish to booking to cancellation, over the JSON API."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.people.this_machine import AT_THIS_MACHINE
from dispatch.model import LOAD_KINDS

pytestmark = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)

BERLIN = ZoneInfo("Europe/Berlin")


def test_offer_answers_the_wish_in_the_clocks_of_the_area(server: Any) -> None:
    answer = server.ask(server.place(0, 0), {"address": "Ulmenweg 8"}, depart_at=server.at("09:00"))
    offer = answer["offers"][0]
    assert answer["refusal"] is None
    assert offer["pickup_from"] == "2026-03-30T09:00:00+02:00"
    assert offer["pickup_until"] == "2026-03-30T09:10:00+02:00"
    assert offer["pickup_from"] <= offer["planned_pickup"] <= offer["pickup_until"]
    assert offer["planned_arrival"] <= offer["arrive_by"]
    assert offer["origin"]["label"] == "Ahornweg 1, Talheim"
    assert offer["destination"]["label"] == "Ulmenweg 8, Talheim"
    assert offer["direct_minutes"] <= offer["ride_minutes"]
    assert (offer["fare_cents"], offer["shared"]) == (200, False)


def test_arrive_by_is_hard(server: Any) -> None:
    answer = server.ask(server.place(0, 0), server.place(5, 5), arrive_by=server.at("10:00"))
    for offer in answer["offers"]:
        assert offer["planned_arrival"] <= server.at("10:00")


def test_booking_has_promise_code_and_tour(server: Any) -> None:
    wish = {"depart_at": server.at("09:00"), "passengers": {"seat": 2, "walker": 1}}
    offer = server.ask(server.place(0, 0, "Bei Oma"), server.place(3, 3), **wish)["offers"][0]
    answer = server.take(offer, name="  Käthe Öztürk ", phone="07123 4567")
    booking = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/bookings/{booking['id']}"
    assert booking["promise"] == {
        key: offer[key] for key in ("pickup_from", "pickup_until", "arrive_by")
    }
    assert booking["passengers"] == {**dict.fromkeys(LOAD_KINDS, 0), "seat": 2, "walker": 1}
    assert booking["name"] == "Käthe Öztürk"
    assert booking["origin"]["label"] == "Bei Oma"
    assert booking["status"] == "booked"
    assert "phone" not in booking
    assert len(booking["code"]) == 7
    assert len(booking["id"]) >= 22  # 128 bits
    assert server.client.get(f"/v1/bookings/{booking['id']}").json() == booking


def test_pooled_tour_keeps_every_promise(server: Any) -> None:
    """Three who ride the same way share the bus, and none is worse off than told."""
    booked = []
    for column in range(3):
        origin, destination = server.place(column, 0), server.place(column, 6)
        booked.append(server.book(origin, destination, depart_at=server.at("09:00")))
        for booking in booked:
            now = server.client.get(f"/v1/bookings/{booking['id']}").json()
            assert now["promise"] == booking["promise"]
            assert now["promise"]["pickup_from"] <= now["planned_pickup"]
            assert now["planned_pickup"] <= now["promise"]["pickup_until"]
            assert now["planned_arrival"] <= now["promise"]["arrive_by"]
    (tour,) = server.tours()["tours"]
    times = [visit["arrive"] for visit in tour["visits"]]
    assert times == sorted(times)
    assert [visit["sequence"] for visit in tour["visits"]] == list(range(len(times)))
    boarded = [rider["booking_id"] for visit in tour["visits"] for rider in visit["board"]]
    left = [rider["booking_id"] for visit in tour["visits"] for rider in visit["alight"]]
    assert sorted(boarded) == sorted(left) == sorted(each["id"] for each in booked)
    assert left != boarded[:1] + left[:1]  # somebody boards before the first one leaves


def test_tour_has_a_line_on_the_map(server: Any) -> None:
    assert server.tours()["tours"][0]["geometry"] is None
    server.book(server.place(0, 0), server.place(3, 3), depart_at=server.at("09:00"))
    (tour,) = server.tours()["tours"]
    points = tour["geometry"]["coordinates"]
    depot = tour["shift"]["start_place"]
    assert tour["geometry"]["type"] == "LineString"
    assert abs(points[0][0] - depot["lon"]) < 1e-3
    assert abs(points[-1][1] - depot["lat"]) < 1e-3
    assert 4_000 < tour["metres"] < 12_000
    assert tour["visits"][0]["place"]["label"] == "Ahornweg 1, Talheim"


def test_refusals_name_their_rule_and_are_written_down(server: Any) -> None:
    inside, other = server.place(0, 0), server.place(4, 4)
    server.clock.move(hours=2)
    wishes = {
        "too_soon": {"depart_at": server.at("07:30"), "destination": other},
        "no_shift": {"depart_at": server.at("17:00"), "destination": other},
        "too_far_ahead": {"depart_at": server.at("09:00", date(2026, 5, 4)), "destination": other},
        "same_place": {"depart_at": server.at("10:00"), "destination": inside},
        "room": {
            "depart_at": server.at("10:00"),
            "destination": other,
            "passengers": {"seat": 9},
        },
    }
    for rule, wish in wishes.items():
        answer = server.ask(inside, wish.pop("destination"), **wish)
        assert answer["offers"] == []
        assert answer["refusal"]["rule"] == rule, rule
        assert answer["refusal"]["reason"] == answer["refusal"]["reason_de"]
    refused = server.client.get("/v1/refusals", params={"date": "2026-03-30"}).json()["refusals"]
    assert {each["rule"] for each in refused} == set(wishes) - {"too_far_ahead"}


def test_same_refused_wish_is_written_down_once(server: Any) -> None:
    wish = {"depart_at": server.at("23:00")}
    ends = server.place(0, 0), server.place(4, 4)

    def written() -> int:
        return len(server.services.refusals(AT_THIS_MACHINE, date(2026, 3, 30)).refusals)

    for _ in range(3):
        server.ask(*ends, **wish)
    assert written() == 1
    server.ask(ends[1], ends[0], **wish)
    assert written() == 2
    server.clock.move(minutes=10)
    server.ask(*ends, **wish)
    assert written() == 3


def test_newest_refusals_are_listed_and_the_others_counted(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.showing._REFUSALS_LISTED", 2)
    for clock in ("23:30", "23:20", "23:10"):
        server.ask(server.place(0, 0), server.place(4, 4), depart_at=server.at(clock))
    answer = server.client.get("/v1/refusals", params={"date": "2026-03-30"}).json()
    wished = [each["wished_at"] for each in answer["refusals"]]
    assert wished == [server.at("23:10"), server.at("23:20")]
    assert answer["older"] == 1


def test_past_days_are_too_soon(server: Any) -> None:
    answer = server.ask(
        server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00", date(2026, 3, 27))
    )
    assert answer["refusal"]["rule"] == "too_soon"
    assert "60 Minuten" in answer["refusal"]["reason_de"]


def test_reason_is_english_for_who_asks_for_it(server: Any) -> None:
    body = {
        "area_id": "talheim",
        "origin": server.place(0, 0),
        "destination": server.place(4, 4),
        "depart_at": server.at("23:00"),
    }
    answer = server.client.post(
        "/v1/offers", json=body, headers={"Accept-Language": "en-GB,de;q=0.5"}
    ).json()
    assert answer["refusal"]["reason"] == answer["refusal"]["reason_en"]


def test_taken_offer_cannot_be_taken_again(server: Any) -> None:
    offers = server.ask(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    assert server.take(offers["offers"][0]).status_code == 201
    for offer in offers["offers"]:
        again = server.take(offer, name="Somebody Else")
        assert (again.status_code, again.json()["code"]) == (409, "offer-taken")


def test_expired_offer_comes_with_fresh_ones(server: Any) -> None:
    wish = {"depart_at": server.at("09:00")}
    offer = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    server.clock.move(minutes=15)
    late = server.take(offer)
    problem = late.json()
    assert (late.status_code, problem["code"]) == (409, "offer-expired")
    fresh = problem["alternatives"][0]
    assert fresh["pickup_from"] == offer["pickup_from"]
    assert server.take(fresh).status_code == 201


def test_cancelling_twice_is_fine_and_frees_the_bus(server: Any) -> None:
    booking = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    first = server.client.delete(f"/v1/bookings/{booking['id']}")
    second = server.client.delete(f"/v1/bookings/{booking['id']}")
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["status"] == "cancelled"
    assert first.json()["planned_pickup"] is None
    (tour,) = server.tours()["tours"]
    assert tour["visits"] == []
    version = server.tours()["version"]
    server.client.delete(f"/v1/bookings/{booking['id']}")
    assert server.tours()["version"] == version


def test_version_grows_with_every_change_and_with_nothing_else(server: Any) -> None:
    before = server.tours()["version"]
    server.ask(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    assert server.tours()["version"] == before
    server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    assert server.tours()["version"] > before


def test_staff_list_has_telephone_numbers(server: Any) -> None:
    offer = server.ask(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    server.take(offer["offers"][0], phone="0711 / 123-456")
    answer = server.client.get("/v1/bookings", params={"date": "2026-03-30"}).json()
    assert [each["phone"] for each in answer["bookings"]] == ["+49711123456"]
    assert answer["bookings"][0]["created_at"] == "2026-03-30T06:00:00+02:00"


def test_days_apart_do_not_mix(server: Any) -> None:
    tuesday = date(2026, 3, 31)
    server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    assert server.tours(tuesday)["tours"][0]["visits"] == []
    booking = server.book(
        server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00", tuesday)
    )
    assert booking["tour_id"] == "talheim.2026-03-31.frueh"


def test_ride_on_the_day_clocks_change(start: Any) -> None:
    """On a day of 23 hours a ride at nine o'clock is at nine on everybody's clock."""
    server = start(now=datetime(2026, 3, 28, 12, tzinfo=BERLIN))
    sunday = date(2026, 3, 29)
    booking = server.book(
        server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00", sunday)
    )
    assert booking["promise"]["pickup_from"] == "2026-03-29T09:00:00+02:00"
    shift = server.tours(sunday)["tours"][0]["shift"]
    assert shift["start"] == "2026-03-29T07:00:00+02:00"
    assert datetime.fromisoformat(shift["end"]) - datetime.fromisoformat(
        shift["start"]
    ) == timedelta(hours=6)


def test_shift_past_midnight_belongs_to_its_evening(start: Any, region: Any) -> None:
    """A ride at half past midnight is on the tour that began the evening before."""
    area = region.areas["talheim"]
    night = replace(area.shifts[0], id="nacht", start_s=20 * 3600, end_s=26 * 3600)
    area = replace(area, shifts=(*area.shifts, night))
    server = start(regions={"talheim": replace(region, areas={"talheim": area})})
    tuesday = date(2026, 3, 31)
    booking = server.book(
        server.place(0, 0), server.place(4, 4), depart_at=server.at("00:30", tuesday)
    )
    assert booking["date"] == "2026-03-30"
    assert booking["tour_id"] == "talheim.2026-03-30.nacht"
    assert booking["promise"]["pickup_from"] == "2026-03-31T00:30:00+02:00"
