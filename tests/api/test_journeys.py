"""Journeys with bus 7, which runs from the village to the hospital in the next town and back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import shapely

from api.tickets import JourneyTicket
from regions.area import Service
from regions.region import Region

HOSPITAL = {"lon": 9.5004, "lat": 48.4302, "label": "Kreisklinik, Haupteingang"}
SUNDAY = date(2026, 4, 5)


@pytest.fixture
def server(start: Any, with_line: Region) -> Any:
    """Start a server on Monday at six in the morning."""
    return start(regions={"talheim": with_line})


def with_rules(region: Region, **rules: Any) -> Region:
    area = region.areas["talheim"]
    return replace(region, areas={"talheim": replace(area, policy=replace(area.policy, **rules))})


def ask(server: Any, origin: Any, destination: Any, **wish: Any) -> dict[str, Any]:
    body = {"area_id": "talheim", "origin": origin, "destination": destination} | wish
    answer = server.client.post("/v1/journeys", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def take(server: Any, token: str, key: str | None = None, name: str = "Hedwig Beck") -> Any:
    return server.client.post(
        "/v1/journey-bookings",
        json={"journey": token, "name": name},
        headers={"Idempotency-Key": key or str(uuid4())},
    )


def to_hospital(server: Any, **wish: Any) -> Mapping[str, Any]:
    asked = wish or {"arrive_by": server.at("10:00")}
    journeys = ask(server, server.place(0, 7, "Ulmenweg 1"), HOSPITAL, **asked)["journeys"]
    return next(each for each in journeys if each["kind"] == "ride_line")


def test_our_bus_brings_riders_to_the_line(server: Any) -> None:
    """No bus of ours goes to the hospital: it meets bus 7, three minutes and the getting out before."""
    found = ask(server, server.place(0, 7, "Ulmenweg 1"), HOSPITAL, arrive_by=server.at("10:00"))
    assert found["refusal"] is None
    assert {each["kind"] for each in found["journeys"]} == {"ride_line"}
    ride, line, walk = found["journeys"][0]["legs"]
    assert (ride["mode"], line["mode"], walk["mode"]) == ("ride", "line", "walk")
    assert ride["destination"]["label"] == line["origin"]["label"]
    assert line["line"] == "7"
    assert line["arrival"] == server.at("09:30")
    assert ride["promise"]["arrive_by"] <= line["departure"]
    assert walk["destination"]["label"] == HOSPITAL["label"]
    text = found["journeys"][0]["text_de"]
    assert "mit Bus 7 Richtung Kreisklinik bis Kreisklinik (an 09:30 Uhr)" in text
    assert text.startswith("Der Bürgerbus holt Sie zwischen ")


def test_booked_ride_knows_its_line(server: Any) -> None:
    journey = to_hospital(server)
    answer = take(server, journey["token"])
    assert answer.status_code == 201, answer.text
    (booking,) = answer.json()["bookings"]
    line = journey["legs"][1]
    assert booking["connection"] == {
        "to_line": True,
        "line": "7 Kreisklinik",
        "time": line["departure"],
    }
    assert booking["promise"] == journey["legs"][0]["promise"]
    shown = server.client.get(f"/v1/bookings/{booking['id']}").json()
    assert shown["connection"] == booking["connection"]
    (tour,) = [each for each in server.tours()["tours"] if each["id"] == shown["tour_id"]]
    board, alight = tour["visits"]
    assert board["board"][0]["connection"] is None
    assert alight["alight"][0]["connection"] == booking["connection"], "the driver knows why"


def test_our_bus_picks_up_who_comes_by_line(server: Any) -> None:
    found = ask(server, HOSPITAL, server.place(0, 7, "Ulmenweg 1"), depart_at=server.at("10:50"))[
        "journeys"
    ]
    journey = next(each for each in found if each["kind"] == "line_ride")
    line, ride = journey["legs"][-2:]
    booking = take(server, journey["token"]).json()["bookings"][0]
    assert booking["connection"]["to_line"] is False
    assert booking["connection"]["time"] == line["arrival"]
    assert booking["promise"]["pickup_from"] > line["arrival"]
    assert ride["destination"]["label"] == "Ulmenweg 1"


def test_sent_twice_it_books_once(server: Any) -> None:
    token, key = to_hospital(server)["token"], str(uuid4())
    first, second = take(server, token, key), take(server, token, key)
    assert second.json() == first.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert take(server, token, key, name="Karl Maier").status_code == 422
    again = take(server, token)
    assert (again.status_code, again.json()["code"]) == (409, "offer-taken")
    missing = server.client.post("/v1/journey-bookings", json={"journey": token, "name": "A"})
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency-key-missing")


def test_tokens_of_rides_and_journeys_are_not_the_same(server: Any) -> None:
    ride = server.ask(server.place(0, 0), server.place(5, 5), depart_at=server.at("09:00"))
    token = ride["offers"][0]["token"]
    assert take(server, token).json()["code"] == "offer-invalid"
    assert server.take(to_hospital(server)).json()["code"] == "offer-invalid"


def test_old_journey_is_gone(server: Any) -> None:
    token = to_hospital(server)["token"]
    server.clock.move(minutes=16)
    answer = take(server, token)
    assert (answer.status_code, answer.json()["code"]) == (409, "journey-gone")


def two_rides(server: Any) -> tuple[str, list[Any]]:
    """Sign a journey of two rides, as one with a line between them is."""
    office = server.services.context.office
    wishes = (
        (server.place(0, 0), server.place(2, 2), "09:00"),
        (server.place(5, 5), server.place(7, 7), "10:30"),
    )
    tickets = [
        office.ticket(server.ask(a, b, depart_at=server.at(at))["offers"][0]["token"])
        for a, b, at in wishes
    ]
    return office.journey_token(JourneyTicket(rides=tuple(tickets))), tickets


def test_both_rides_are_booked_and_cancelled_together(server: Any) -> None:
    token, _ = two_rides(server)
    first, second = take(server, token).json()["bookings"]
    assert (first["status"], second["status"]) == ("booked", "booked")
    assert first["code"] != second["code"]
    server.client.delete(f"/v1/bookings/{first['id']}")
    shown = server.client.get(f"/v1/bookings/{second['id']}").json()
    assert shown["status"] == "cancelled"


def test_all_rides_or_none(server: Any) -> None:
    """The bus of the second ride is full by now: the first is not booked either."""
    token, tickets = two_rides(server)
    seats = {"seat": 8}
    while True:
        answer = server.ask(
            server.place(5, 5), server.place(7, 7), depart_at=server.at("10:25"), passengers=seats
        )
        if not answer["offers"]:
            break
        assert server.take(answer["offers"][0]).status_code == 201
    before = server.tours()
    gone = take(server, token)
    assert (gone.status_code, gone.json()["code"]) == (409, "journey-gone")
    assert server.tours() == before
    first = server.services.context.office.booking_id(tickets[0])
    assert server.client.get(f"/v1/bookings/{first}").status_code == 404


def test_without_a_timetable_there_are_our_rides(start: Any, region: Region) -> None:
    server = start(regions={"talheim": replace(region, timetable=None)})
    found = ask(server, server.place(0, 0), server.place(5, 5), depart_at=server.at("09:00"))
    assert {each["kind"] for each in found["journeys"]} == {"ride"}


def test_no_line_and_no_bus_is_a_refusal(server: Any) -> None:
    sunday = {"depart_at": server.at("09:00", SUNDAY)}
    found = ask(server, server.place(0, 7), HOSPITAL, **sunday)
    assert found["journeys"] == []
    assert found["refusal"]["rule"] == "outside_area"
    inside = ask(server, server.place(0, 7), server.place(5, 5), depart_at=server.at("20:00"))
    assert inside["refusal"]["rule"] == "no_shift" or inside["refusal"]["also"]


def test_one_end_must_lie_in_the_area(start: Any, with_line: Region) -> None:
    area = with_line.areas["talheim"].with_boundary(shapely.box(9.0, 48.3, 9.2, 48.5))
    server = start(regions={"talheim": replace(with_line, areas={"talheim": area})})
    assert to_hospital(server)["token"]
    other = HOSPITAL | {"lat": 48.4310}
    found = ask(server, HOSPITAL, other, depart_at=server.at("09:00"))
    assert found["refusal"]["rule"] == "outside_area"


def test_public_transport_first(start: Any, with_line: Region) -> None:
    """Bus 7 goes from door to door at the time wished: it is named, and who may not take it gets a ride."""
    server = start(regions={"talheim": with_rules(with_line, line_first_s=1800)})
    wish = {"depart_at": server.at("08:50")}
    ends = server.place(2, 2), server.place(5, 5)
    refusal = server.ask(*ends, **wish)["refusal"]
    assert refusal["rule"] == "line_first"
    assert "Um 09:00 Uhr ab Rathaus mit Bus 7" in refusal["reason_de"]
    assert "At 09:00 from Rathaus by bus 7" in refusal["reason_en"]
    journeys = ask(server, *ends, **wish)
    assert journeys["refusal"]["rule"] == "line_first"
    assert "ride" not in {each["kind"] for each in journeys["journeys"]}
    for who in (
        {"disabled": True},
        {"age_years": 80},
        {"passengers": {"wheelchair": 1, "seat": 0}},
    ):
        assert server.ask(*ends, **wish, **who)["offers"], who
    assert server.ask(*ends, **wish, age_years=79)["refusal"]
    assert server.ask(*ends, depart_at=server.at("07:00"))["offers"], "no line goes at that time"


# --- what may not be answered ---------------------------------------------------------------------


def test_no_line_is_told_that_has_left(start: Any, with_line: Region) -> None:
    """Ten past nine: the bus of nine o'clock neither brings anybody anywhere nor stands in for a ride."""
    server = start(regions={"talheim": with_rules(with_line, line_first_s=1800)})
    server.clock.move(hours=3, minutes=10)
    ends = server.place(2, 2), server.place(5, 5)
    for wish in ({"depart_at": server.at("08:50")}, {"arrive_by": server.at("09:20")}):
        found = ask(server, *ends, **wish)["journeys"]
        assert all(each["departure"] >= server.at("09:10") for each in found)
        refusal = server.ask(*ends, **wish)["refusal"]
        assert refusal["rule"] != "line_first" or "09:00" not in refusal["reason_de"]


def test_on_other_days_nobody_is_offered_a_ride_out_of_the_area(
    start: Any, with_line: Region
) -> None:
    """Sunday is gone, the hospital is on no road of ours, and a house of the village is in another area."""
    area = with_line.areas["talheim"].with_boundary(shapely.box(9.0, 48.3, 9.12, 48.5))
    server = start(regions={"talheim": replace(with_line, areas={"talheim": area})})
    past = {"depart_at": server.at("09:00", date(2026, 3, 29))}
    for goal in (HOSPITAL, server.place(7, 7)):
        refusal = ask(server, server.place(0, 7), goal, **past)["refusal"]
        assert (refusal["rule"], refusal["alternatives"]) == ("too_soon", [])
    inside = ask(server, server.place(0, 7), server.place(1, 1), **past)["refusal"]
    assert inside["alternatives"]


def test_where_only_stops_are_served_no_bus_meets_a_line_at_a_door(
    start: Any, with_line: Region
) -> None:
    """The one stop is three kilometres away: offers refuse the ride, so journeys have none either."""
    area = replace(with_line.areas["talheim"], service=Service.STOPS)
    server = start(regions={"talheim": replace(with_line, areas={"talheim": area})})
    door = server.place(7, 0)
    assert server.ask(door, server.place(2, 2), arrive_by=server.at("10:00"))["refusal"]
    found = ask(server, door, HOSPITAL, arrive_by=server.at("10:00"))["journeys"]
    assert {each["kind"] for each in found} <= {"line"}


@pytest.mark.parametrize("signed", [[], 5, None, "journey", {}, {"rides": []}, {"rides": [{}]}])
def test_signed_by_us_but_no_journey(server: Any, signed: Any) -> None:
    """As a token of an older version would be."""
    office = server.services.context.office
    for payload in (signed, {"journey": signed}):
        answer = take(server, office._serializer.dumps(payload))
        assert (answer.status_code, answer.json()["code"]) == (422, "offer-invalid")
