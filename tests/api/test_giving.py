"""Feeds for others: complete, cached, and silent about riders, doors, depots and drivers."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from google.transit import gtfs_realtime_pb2 as realtime

from api import giving, history
from gtfs.export.durations import FEWEST_RIDES
from gtfs.feed import read_other_services
from gtfs.other_services import Notice
from regions.area import Service
from regions.giving import promised_duration
from regions.patterns import AreaStop
from regions.region import Region


def table(answer: Any, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


def told(server: Any, **query: str) -> realtime.FeedMessage:
    answer = server.client.get("/gtfs/rt", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-protobuf"
    message = realtime.FeedMessage()
    message.ParseFromString(answer.content)
    return message


def report(server: Any, tour: dict[str, Any], number: int, kind: str) -> None:
    """Let the driver report a visit, at its planned time."""
    visit = tour["visits"][number]
    server.clock.instant = datetime.fromisoformat(
        visit["arrive" if kind == "arrived" else "depart"]
    )
    answer = server.client.post(
        f"/v1/tours/{tour['id']}/visits/{visit['id']}/events",
        json={"event_id": str(uuid4()), "type": kind, "at": server.clock.instant.isoformat()},
    )
    assert answer.status_code == 200, answer.text


def test_the_flex_feed_is_read_by_our_reader(server: Any, tmp_path: Any) -> None:
    answer = server.client.get("/gtfs/flex.zip", params={"area_id": "talheim"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    path = tmp_path / "flex.zip"
    path.write_bytes(answer.content)
    (service,), findings = read_other_services(path)
    assert findings == ()
    assert (service.phone, service.booking_url) == ("+49 7123 4567", "http://localhost/")
    assert service.notice == Notice(minutes=60, days_at_most=14)
    assert service.open_on(server.clock.now().date()) == ((7 * 3600, 13 * 3600),)


def test_all_areas_are_in_one_feed(server: Any) -> None:
    one = server.client.get("/gtfs/flex.zip", params={"area_id": "talheim"})
    assert server.client.get("/gtfs/flex.zip").content == one.content


def test_a_feed_already_known_is_not_sent_again(server: Any) -> None:
    first = server.client.get("/gtfs/flex.zip")
    assert "max-age" in first.headers["cache-control"]
    again = server.client.get(
        "/gtfs/flex.zip", headers={"If-None-Match": f"W/{first.headers['etag']}"}
    )
    assert (again.status_code, again.content) == (304, b"")
    server.clock.move(days=1)
    tomorrow = server.client.get("/gtfs/flex.zip", headers={"If-None-Match": first.headers["etag"]})
    assert tomorrow.status_code == 200  # it begins a day later


def test_areas_that_are_not_there_have_no_feed(server: Any) -> None:
    for path in ("flex.zip", "plain.zip", "rt"):
        answer = server.client.get(f"/gtfs/{path}", params={"area_id": "nirgends"})
        assert (answer.status_code, answer.json()["code"]) == (404, "area-unknown")


def test_one_stop_is_too_few_for_a_plain_feed(server: Any) -> None:
    answer = server.client.get("/gtfs/plain.zip")
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["cause"]) == ("feed-impossible", "too-few-stops")
    assert "Bürgerbus Talheim" in answer.json()["reason"]


MARKET = AreaStop("markt", "Markt", 9.1003, 48.4092)


@pytest.fixture
def stops_only(start: Any, region: Any) -> Any:
    """Start a server whose area serves its two stops only."""
    area = region.areas["talheim"]
    area = replace(area, service=Service.STOPS, stops=(*area.stops, MARKET))
    return start(regions={"talheim": replace(region, areas={"talheim": area})})


def test_the_plain_feed_has_rides_between_stops(stops_only: Any) -> None:
    answer = stops_only.client.get("/gtfs/plain.zip")
    assert answer.status_code == 200, answer.text
    assert {row["stop_id"] for row in table(answer, "stop_times.txt")} == {
        "talheim:rathaus",
        "talheim:markt",
    }


def test_realtime_tells_halts_at_stops(stops_only: Any) -> None:
    """From the town hall to the market: told while it happens, with nothing about who rides."""
    server = stops_only
    hall = {"lon": 9.1136, "lat": 48.4090, "label": "Rathaus Talheim"}
    market = {"lon": MARKET.lon, "lat": MARKET.lat, "label": "Markt"}
    server.book(hall, market, depart_at=server.at("09:00"), passengers={"seat": 2})
    assert list(told(server).entity) == []  # at six no shift runs
    server.clock.move(hours=2, minutes=50)
    (tour,) = server.tours()["tours"]
    (update,) = told(server, area_id="talheim").entity
    assert [each.stop_id for each in update.trip_update.stop_time_update] == [
        "talheim:rathaus",
        "talheim:markt",
    ]
    arrivals = [each.arrival.time for each in update.trip_update.stop_time_update]
    assert arrivals == [
        int(datetime.fromisoformat(v["arrive"]).timestamp()) for v in tour["visits"]
    ]
    report(server, tour, 0, "arrived")
    update, vehicle = told(server).entity
    assert vehicle.vehicle.stop_id == "talheim:rathaus"
    report(server, tour, 0, "departed")
    update, vehicle = told(server).entity
    assert [each.stop_sequence for each in update.trip_update.stop_time_update] == [2]
    assert vehicle.vehicle.position.longitude == pytest.approx(9.1136)
    text = server.client.get("/gtfs/rt", params={"format": "json"}).text
    for secret in ("Beck", "seat", "occupancy", "passenger"):
        assert secret not in text
    server.clock.move(hours=6)  # the shift is over
    assert list(told(server).entity) == []


def test_halts_far_ahead_are_not_told(stops_only: Any) -> None:
    server = stops_only
    hall, market = (
        {"lon": s[0], "lat": s[1]} for s in ((9.1136, 48.4090), (MARKET.lon, MARKET.lat))
    )
    server.book(hall, market, depart_at=server.at("11:00"))
    server.clock.move(hours=2)  # eight o'clock: the shift runs
    assert list(told(server).entity) == []


def test_what_nobody_reported_is_forgotten(stops_only: Any) -> None:
    """The tablet has no network: after half an hour neither the old tap nor the missed halts are told."""
    server = stops_only
    hall, market = (
        {"lon": s[0], "lat": s[1]} for s in ((9.1136, 48.4090), (MARKET.lon, MARKET.lat))
    )
    server.book(hall, market, depart_at=server.at("09:00"))
    server.clock.move(hours=2, minutes=50)
    (tour,) = server.tours()["tours"]
    report(server, tour, 0, "arrived")
    assert len(told(server).entity) == 2
    server.clock.move(minutes=45)
    assert list(told(server).entity) == []


def test_doors_are_never_told(server: Any) -> None:
    """From door to door, at every moment of the tour: no entity, no coordinate, no time."""
    server.book(server.place(0, 0), server.place(0, 6), depart_at=server.at("09:00"))
    server.clock.move(hours=2, minutes=50)
    (tour,) = server.tours()["tours"]
    assert list(told(server).entity) == []
    for number in range(len(tour["visits"])):
        for kind in ("arrived", "departed"):
            report(server, tour, number, kind)
            assert list(told(server).entity) == []


def test_at_a_door_after_a_stop_the_bus_is_nowhere(server: Any) -> None:
    hall = {"lon": 9.1136, "lat": 48.4090, "label": "Rathaus Talheim"}
    server.book(hall, server.place(0, 6), depart_at=server.at("09:00"))
    server.clock.move(hours=2, minutes=50)
    (tour,) = server.tours()["tours"]
    report(server, tour, 0, "arrived")
    report(server, tour, 0, "departed")
    (vehicle,) = told(server).entity
    assert vehicle.vehicle.position.latitude == pytest.approx(48.4090)
    report(server, tour, 1, "arrived")
    assert list(told(server).entity) == []


def test_driven_rides_teach_how_long_rides_take(
    server: Any, region: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = region.areas["talheim"]
    server.book(server.place(0, 0), server.place(0, 6), depart_at=server.at("09:00"))
    server.clock.move(hours=2, minutes=50)
    (tour,) = server.tours()["tours"]
    today = server.clock.now().date()
    with server.services.context.database.reading() as reader:
        assert reader.driven(area.id, today, 10) == ()
        assert history.duration_of(reader, region, area, today) == promised_duration(area.policy)
    for number in (0, 1):
        for kind in ("arrived", "departed"):
            report(server, tour, number, kind)
    with server.services.context.database.reading() as reader:
        (ride,) = reader.driven(area.id, today, 10)
        monkeypatch.setattr(reader, "driven", lambda *_: (ride,) * FEWEST_RIDES)
        learnt = history.duration_of(reader, region, area, today)
        assert reader.driven(area.id, today + timedelta(days=1), 10)
    first, last = (datetime.fromisoformat(visit["arrive"]) for visit in tour["visits"])
    assert ride.seconds == (last - first).total_seconds()
    assert learnt != promised_duration(area.policy)


def test_a_feed_is_made_once_a_day(
    start: Any, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody may ask, again and again: another area, address or day is another feed, nothing else."""
    area = region.areas["talheim"]
    mill = AreaStop(id="muehle", name="Mühle", lon=9.1003, lat=48.4002)
    area = replace(area, stops=(*area.stops, mill))
    server = start(regions={"talheim": replace(region, areas={"talheim": area})})
    made: list[str] = []
    for name in ("flex", "plain"):
        export = getattr(giving, f"export_{name}")

        def counted(*args: Any, name: str = name, export: Any = export) -> bytes:
            made.append(name)
            return bytes(export(*args))

        monkeypatch.setattr(giving, f"export_{name}", counted)
    for name in ("flex", "plain"):
        answers = [server.client.get(f"/gtfs/{name}.zip").content for _ in range(3)]
        assert answers[0] == answers[1] == answers[2]
    assert made == ["flex", "plain"]
    server.client.get("/gtfs/flex.zip", params={"area_id": "talheim"})
    server.client.get("/gtfs/flex.zip", headers={"Host": "127.0.0.1"})
    server.clock.move(days=1)
    server.client.get("/gtfs/flex.zip")
    assert made == ["flex", "plain", "flex", "flex", "flex"]
