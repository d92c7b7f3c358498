"""Bus 7 is late today: rides that can follow it do, and the control room sees the others."""

import html
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.json_format import ParseDict
from google.transit.gtfs_realtime_pb2 import FeedMessage

from api.connection_care import follow_lines
from api.jobs import refresh, start_jobs
from regions.feeds import Feeds, RealtimeSource
from regions.region import Region

MONDAY = date(2026, 3, 30)
HOSPITAL = {"lon": 9.5004, "lat": 48.4302, "label": "Kreisklinik, Haupteingang"}
News = Callable[..., None]


@pytest.fixture
def server(start: Any, with_line: Region, tmp_path: Path) -> Any:
    """Serve the village; what is told about bus 7 stands in a file."""
    area = with_line.areas["talheim"]
    area = replace(area, feeds=Feeds(realtime=(RealtimeSource(str(tmp_path / "rt.pb")),)))
    return start(regions={"talheim": replace(with_line, areas={"talheim": area})})


@pytest.fixture
def news(server: Any, tmp_path: Path) -> News:
    """Return how something is told about a trip, and heard a minute later."""

    def told(trip: str, delay_s: int = 0, **update: Any) -> None:
        server.clock.move(minutes=1)
        now_s = int(server.clock.now().timestamp())
        named = {"trip_id": trip, "start_date": "20260330"} | update
        data = {
            "header": {"gtfs_realtime_version": "2.0", "timestamp": now_s},
            "entity": [{"id": "0", "trip_update": {"trip": named, "delay": delay_s}}],
        }
        message = ParseDict(data, FeedMessage())
        (tmp_path / "rt.pb").write_bytes(message.SerializeToString())
        refresh(server.services.context)

    return told


def book(server: Any, origin: Any, destination: Any, kind: str, **wish: Any) -> dict[str, Any]:
    body = {"area_id": "talheim", "origin": origin, "destination": destination} | wish
    journeys = server.client.post("/v1/journeys", json=body).json()["journeys"]
    token = next(each["token"] for each in journeys if each["kind"] == kind)
    answer = server.client.post(
        "/v1/journey-bookings",
        json={"journey": token, "name": "Hedwig Beck", "phone": "07123 999"},
        headers={"Idempotency-Key": str(uuid4())},
    )
    return dict(answer.json()["bookings"][0])


def from_hospital(server: Any) -> dict[str, Any]:
    home = server.place(0, 7, "Ulmenweg 1")
    return book(server, HOSPITAL, home, "line_ride", depart_at=server.at("10:50"))


def shown(server: Any, booking: dict[str, Any]) -> dict[str, Any]:
    return dict(server.client.get(f"/v1/bookings/{booking['id']}").json())


def cases(server: Any, day: date = MONDAY) -> list[dict[str, Any]]:
    asked = {"date": day.isoformat(), "area_id": "talheim"}
    return list(server.client.get("/v1/connections", params=asked).json()["cases"])


def test_ride_follows_its_late_line(server: Any, news: News) -> None:
    booking = from_hospital(server)
    news("back11", 1500)
    after = shown(server, booking)
    assert after["promise"]["pickup_from"] > booking["promise"]["pickup_from"]
    assert after["promise"]["pickup_from"] >= server.at("11:50"), "11:25 and 25 minutes"
    assert cases(server) == []
    again = shown(server, booking)
    with server.services.context.database.reading() as reader:
        version = reader.version("talheim", MONDAY)
    news("back11", 1500)
    assert shown(server, booking) == again, "the same news change nothing more"
    with server.services.context.database.reading() as reader:
        assert reader.version("talheim", MONDAY) == version


def test_who_cannot_follow_is_shown_with_other_rides(server: Any, news: News) -> None:
    """Ninety minutes late is more than a ride may follow."""
    booking = from_hospital(server)
    news("back11", 5400)
    assert shown(server, booking)["promise"] == booking["promise"]
    (case,) = cases(server)
    assert (case["kind"], case["booking_id"]) == ("line_late", booking["id"])
    assert case["phone"] == "+497123999"
    assert case["ready"] >= server.at("12:55")
    page = server.client.get("/leitstelle?datum=2026-03-30").text
    assert "Bitte anrufen: gefährdete Anschlüsse" in page
    assert "Linie kommt später als unser Bus" in page


def test_a_line_that_does_not_run_is_a_case(server: Any, news: News) -> None:
    home = server.place(0, 7, "Ulmenweg 1")
    booking = book(server, home, HOSPITAL, "ride_line", arrive_by=server.at("10:00"))
    assert cases(server) == []
    news("there9", schedule_relationship="CANCELED")
    (case,) = cases(server)
    assert (case["kind"], case["booking_id"]) == ("line_gone", booking["id"])
    assert case["line"] == "7 Kreisklinik"
    assert case["next_departure"] in (server.at("10:00"), server.at("10:05"))
    page = server.client.get("/leitstelle?datum=2026-03-30").text
    assert f'href="#booking-{booking["id"]}"' in page
    assert f'id="booking-{booking["id"]}"' in page


def test_a_bus_that_arrives_too_late_names_the_next_departure(server: Any) -> None:
    """The driver leaves the first door when the line leaves the stop."""
    home = server.place(0, 7, "Ulmenweg 1")
    booking = book(server, home, HOSPITAL, "ride_line", arrive_by=server.at("10:00"))
    (tour,) = [each for each in server.tours()["tours"] if each["visits"]]
    board = tour["visits"][0]
    server.clock.move(hours=3, minutes=3)
    for kind, clock in (("arrived", "09:00"), ("departed", "09:03")):
        answer = server.client.post(
            f"/v1/tours/{tour['id']}/visits/{board['id']}/events",
            json={"event_id": str(uuid4()), "type": kind, "at": server.at(clock)},
        )
        assert answer.status_code == 200, answer.text
    (case,) = cases(server)
    assert (case["kind"], case["booking_id"]) == ("ride_late", booking["id"])
    assert case["next_departure"] in (server.at("10:00"), server.at("10:05"))


def test_a_late_line_says_so_in_journeys(server: Any, news: News) -> None:
    """The bus at eleven is five minutes late today; of tomorrow's nobody knows anything."""
    home = server.place(0, 7, "Ulmenweg 1")
    body = {"area_id": "talheim", "origin": HOSPITAL, "destination": home}

    def line(day: date = MONDAY) -> tuple[Any, Any]:
        wish = body | {"depart_at": server.at("10:50", day)}
        journey = server.client.post("/v1/journeys", json=wish).json()["journeys"][0]
        return journey, next(leg for leg in journey["legs"] if leg["mode"] == "line")

    journey, leg = line()
    assert (leg["planned_departure"], leg["news_de"], leg["news_en"]) == (None, "", "")
    assert "geplant" not in journey["text_de"]
    news("back11", 300)
    journey, leg = line()
    assert (leg["departure"], leg["planned_departure"]) == (server.at("11:05"), server.at("11:00"))
    assert leg["news_de"] == "heute 5 Minuten später, geplant 11:00 Uhr"
    assert leg["news_en"] == "today 5 minutes late, planned 11:00"
    assert "um 11:05 Uhr (heute 5 Minuten später, geplant 11:00 Uhr) ab" in journey["text_de"]
    assert "at 11:05 (today 5 minutes late, planned 11:00) from" in journey["text_en"]
    journey, leg = line(date(2026, 3, 31))
    assert (leg["departure"], leg["planned_departure"]) == (
        server.at("11:00", date(2026, 3, 31)),
        None,
    )
    assert "heute" not in journey["text_de"]


def test_page_names_delays_it_knows_and_says_which_it_does_not(server: Any, news: News) -> None:
    asked = "gebiet=talheim&von_ort=9.5004,48.4302|Kreisklinik&von=Kreisklinik&nach=Ulmenweg 1"
    asked += "&art=ab&tag=2026-03-30&zeit=10:50&personen=1"
    assert "Verspätungen kennen wir nicht." in server.client.get(f"/angebote?{asked}").text
    news("back11", 300)
    page = server.client.get(f"/angebote?{asked}").text
    assert "Heute 5 Minuten später, geplant 11:00 Uhr" in page
    assert "Verspätungen kennen wir nicht." not in page
    link = next(part.split('"')[0] for part in page.split('href="') if part.startswith("/reise?"))
    assert "Hören wir von einer Verspätung" in server.client.get(html.unescape(link)).text


def test_without_lines_there_are_no_cases(start: Any, region: Region) -> None:
    server = start(regions={"talheim": replace(region, timetable=None)})
    server.book(server.place(0, 0), server.place(5, 5), depart_at=server.at("09:00"))
    assert cases(server) == []


# --- another timetable comes into force -----------------------------------------------------------


def renewed(server: Any, **changes: Any) -> None:
    """Put another timetable in force."""
    live = server.services.context.live.regions["talheim"]
    live._take(replace(live.now(0).timetable, **changes))


def test_lines_a_new_timetable_does_not_have_are_cases(server: Any) -> None:
    """Other names of trips and stops; nothing on that day; a clock our rides cannot be compared with."""
    home = server.place(0, 7, "Ulmenweg 1")
    booking = book(server, home, HOSPITAL, "ride_line", arrive_by=server.at("10:00"))
    old = server.services.context.live.regions["talheim"].now(0).timetable
    others = tuple(f"neu:{name}" for name in old.trip_id)
    stops = tuple(f"neu:{name}" for name in old.stop_id)
    for changes in (
        {"trip_id": others, "stop_id": stops},
        {"first_day": old.first_day + 35},
        {"time_zone": "Europe/London"},
    ):
        renewed(server, **changes)
        (case,) = cases(server)
        assert (case["kind"], case["booking_id"]) == ("line_gone", booking["id"])
        assert shown(server, booking)["promise"] == booking["promise"]
        renewed(server, **{name: getattr(old, name) for name in changes})
        assert cases(server) == []


def test_a_ride_follows_a_line_that_a_new_timetable_has_come_later(server: Any) -> None:
    """Nothing is told about today's delays: the job that looks for them all the same runs."""
    booking = from_hospital(server)
    old = server.services.context.live.regions["talheim"].now(0).timetable
    renewed(server, arrival_s=old.arrival_s + 1500, departure_s=old.departure_s + 1500)
    scheduler = start_jobs(server.services.context)
    try:
        scheduler.jobs["connections"].run()
    finally:
        scheduler.stop()
    assert shown(server, booking)["promise"]["pickup_from"] >= server.at("11:50")
    assert cases(server) == []


def test_on_days_to_come_a_person_tells_of_the_later_line(server: Any) -> None:
    """The promise stands until its day; of days gone by nobody is told anything."""
    tuesday = date(2026, 3, 31)
    home = server.place(0, 7, "Ulmenweg 1")
    when = {"depart_at": server.at("10:50", tuesday)}
    booking = book(server, HOSPITAL, home, "line_ride", **when)
    old = server.services.context.live.regions["talheim"].now(0).timetable
    renewed(server, arrival_s=old.arrival_s + 1500, departure_s=old.departure_s + 1500)
    follow_lines(server.services.context)
    assert shown(server, booking)["promise"] == booking["promise"]
    (case,) = cases(server, tuesday)
    assert (case["kind"], case["booking_id"]) == ("line_late", booking["id"])
    assert case["ready"] > booking["promise"]["pickup_from"]
    server.clock.move(days=2)
    assert cases(server, tuesday) == []


# --- what else may go wrong -----------------------------------------------------------------------


def test_one_area_out_of_order_does_not_stop_the_others(
    server: Any, news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a broken area raises is written down; rides of the others follow."""
    booking = from_hospital(server)
    context = server.services.context
    broken = replace(context.areas()[0], id="anderswo")
    both = [broken, *context.areas()]
    monkeypatch.setattr(type(context), "areas", lambda _: both)
    news("back11", 1500)
    assert shown(server, booking)["promise"]["pickup_from"] >= server.at("11:50")


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_days_beyond_all_calendars_are_refused(server: Any, day: str) -> None:
    answer = server.client.get("/v1/connections", params={"date": day, "area_id": "talheim"})
    assert (answer.status_code, answer.json()["code"]) == (422, "date-out-of-range")
